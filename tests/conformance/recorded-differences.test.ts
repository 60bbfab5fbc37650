import { expect, test } from 'vitest'
import { listRecorded, versions } from './read-recorded'
import { answeredHere, differences } from './recorded-differences'

const names = new Set(versions.flatMap((version) => listRecorded(version).map(({ name }) => name)))

test('each row of the table of differences is about a recorded exchange, and none is in two', () => {
  for (const { names: pattern } of [...differences, ...answeredHere]) {
    expect(
      [...names].some((name) => pattern.test(name)),
      String(pattern),
    ).toBe(true)
  }
  for (const name of names) {
    expect(differences.filter((row) => row.names.test(name)).length, name).toBeLessThanOrEqual(1)
  }
})

test('every recorded exchange of both versions is there to be replayed', () => {
  expect(versions.map((version) => listRecorded(version).length)).toEqual([99, 114])
})

import { expect, test } from 'vitest'
import { newId, newRequestId } from './ids'

test('an id begins with its time, as ULIDs do', () => {
  // The example of the ULID specification's own implementation, and both ends of its range.
  expect(newId(1469918176385)).toMatch(/^01ARYZ6S41[0-9A-HJKMNP-TV-Z]{16}$/)
  expect(newId(0)).toMatch(/^0000000000/)
  expect(newId(2 ** 48 - 1)).toMatch(/^7ZZZZZZZZZ/)
})

test('ids of later milliseconds sort later, across seconds too', () => {
  const beganMs = 1796074016217
  const ids = Array.from({ length: 3000 }, (_, i) => newId(beganMs + i))
  expect(ids.toSorted()).toEqual(ids)
})

test('no two are the same in one millisecond', () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => newRequestId(1796074016217)))
  expect(ids.size).toBe(10_000)
})

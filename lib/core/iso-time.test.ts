import { expect, test } from 'vitest'
import { renderIsoTime } from './iso-time'

test('every moment has the text that toISOString gives it, whichever came before', () => {
  const second = Date.UTC(2026, 10, 21, 23, 59, 59)
  for (const offsetMs of [0, 1, 999, 1000, 1042, -1, -1000, 500, 86_400_000, 7, 7]) {
    expect(renderIsoTime(second + offsetMs)).toBe(new Date(second + offsetMs).toISOString())
  }
})

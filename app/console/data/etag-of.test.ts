import { expect, test } from 'vitest'
import { etagOf } from './etag-of'

test('the time of an answer is no change, everything else is', () => {
  const page = { nowMs: 1, user: { id: 'a', lastVisitAtMs: 5 }, keys: [{ nowMs: 1, used: 2 }] }
  const later = { nowMs: 2, user: { id: 'a', lastVisitAtMs: 5 }, keys: [{ nowMs: 3, used: 2 }] }
  expect(etagOf(page)).toMatch(/^"[\w-]{24}"$/)
  expect(etagOf(later)).toBe(etagOf(page))
  expect(etagOf({ ...page, user: { id: 'a', lastVisitAtMs: 6 } })).not.toBe(etagOf(page))
  expect(etagOf(null)).not.toBe(etagOf(undefined))
})

import { expect, test } from 'vitest'
import { etagOf } from './etag-of'

test('the time of an answer is no change, everything else is', () => {
  const page = { nowMs: 1, user: { id: 'a', lastVisitAtMs: 5 }, keys: [{ nowMs: 1.5, used: 2 }] }
  const later = { nowMs: 2, user: { id: 'a', lastVisitAtMs: 5 }, keys: [{ nowMs: 3, used: 2 }] }
  expect(tagOf(page)).toMatch(/^"[\w-]{24}"$/)
  expect(tagOf(later)).toBe(tagOf(page))
  expect(tagOf({ ...page, user: { id: 'a', lastVisitAtMs: 6 } })).not.toBe(tagOf(page))
  expect(tagOf(null)).not.toBe(tagOf({}))
})

test('a text that looks like the time is told apart', () => {
  expect(tagOf({ name: '"nowMs":1' })).not.toBe(tagOf({ name: '"nowMs":2' }))
  expect(tagOf({ 'model"nowMs': 1 })).not.toBe(tagOf({ 'model"nowMs': 2 }))
  expect(tagOf({ 'model,"nowMs': 1 })).not.toBe(tagOf({ 'model,"nowMs': 2 }))
})

function tagOf(data: unknown): string {
  return etagOf(JSON.stringify(data))
}

import { describe, expect, it } from 'vitest'
import type { ListedPage, ListedRequest } from '@/lib/admin/request-log'
import { appendOlder, countNew, enterNew, rowsMax, startTail } from './tail'

function row(atMs: number, id = `req_${String(atMs).padStart(6, '0')}`): ListedRequest {
  return { id, startedAtMs: atMs } as ListedRequest
}

function page(times: readonly number[], cursor: string | null = 'more'): ListedPage {
  return { rows: times.map((at) => row(at)), cursor, searchedBackToMs: null, estimate: null }
}

const timesOf = ({ rows }: { rows: readonly ListedRequest[] }) =>
  rows.map(({ startedAtMs }) => startedAtMs)

describe('the tail of the log', () => {
  const tail = startTail(page([50, 40, 30]))

  it('counts what is new and lets it in on top', () => {
    const head = page([60, 55, 50])
    expect(countNew(tail, head)).toEqual({ count: 2, isMore: false })
    expect(timesOf(enterNew(tail, head))).toEqual([60, 55, 50, 40, 30])
    expect(countNew(enterNew(tail, head), head)).toEqual({ count: 0, isMore: false })
  })

  it('puts a request that began earlier and ended now where it belongs', () => {
    expect(timesOf(enterNew(tail, page([50, 45, 40])))).toEqual([50, 45, 40, 30])
  })

  it('leaves what lies below its last row to the older pages', () => {
    expect(countNew(tail, page([50, 40, 30, 20])).count).toBe(0)
    expect(countNew(startTail(page([50], null)), page([50, 20], null)).count).toBe(1)
  })

  it('begins again where it missed more than a page', () => {
    const head = page([90, 80, 70])
    expect(countNew(tail, head)).toEqual({ count: 3, isMore: true })
    expect(enterNew(tail, head)).toEqual(startTail(head))
  })

  it('goes on with older rows, each once', () => {
    const longer = appendOlder(tail, page([30, 20, 10], null))
    expect(timesOf(longer)).toEqual([50, 40, 30, 20, 10])
    expect(longer.cursor).toBeNull()
  })

  it('holds at most a thousand rows, and goes on behind the last one', () => {
    const times = Array.from({ length: rowsMax }, (_, index) => 5000 - index)
    const full = enterNew(startTail(page(times, null)), page([6000, 5000, 4999]))
    expect(full.rows).toHaveLength(rowsMax)
    expect(full.cursor).toBe(`4002.${full.rows.at(-1)?.id}`)
    const older = appendOlder(startTail(page(times)), page([3000, 2000]))
    expect(older.rows).toHaveLength(rowsMax)
    expect(older.cursor).toBe(`4001.${older.rows.at(-1)?.id}`)
  })
})

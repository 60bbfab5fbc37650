import { describe, expect, it } from 'vitest'
import { layWaterfall } from '@/lib/ui/waterfall'
import { errorInWords, requestParts } from './request-parts'

const answered = {
  status: 200,
  errorCode: null,
  backendName: 'gpu-1',
  attempts: 1,
  totalMs: 1000,
  timeToFirstTokenMs: 400,
  overheadMs: 10,
  queueMs: 90,
  loadMs: 200,
  prefillMs: 100,
  decodeMs: 600,
}
const unknownPhases = { queueMs: null, loadMs: null, prefillMs: null, decodeMs: null }

const drawn = (request: Parameters<typeof requestParts>[0]) =>
  layWaterfall(requestParts(request), request.totalMs).map(({ label, lengthMs }) => [
    label,
    lengthMs,
  ])

describe('the life of a request', () => {
  it('is what the server told, and the rest is the gateway', () => {
    expect(drawn(answered)).toEqual([
      ['Queue', 90],
      ['Load', 200],
      ['Prefill', 100],
      ['Decode', 600],
      ['Gateway', 10],
    ])
  })

  it('is the wait and the answer where no server told its phases', () => {
    expect(drawn({ ...answered, ...unknownPhases })).toEqual([
      ['Gateway', 10],
      ['First token', 390],
      ['Answer', 600],
    ])
  })

  it('shows failed tries as such', () => {
    expect(drawn({ ...answered, attempts: 3 })[0]).toEqual(['2 failed tries, queue', 90])
    const failed = { ...answered, ...unknownPhases, timeToFirstTokenMs: null, status: 502 }
    expect(drawn(failed)).toEqual([
      ['Gateway', 10],
      ['Failed try', 990],
    ])
  })

  it('names each server that was tried first, whose time nobody counted', () => {
    const parts = requestParts({ ...answered, attempts: 3 }, ['gpu-2', 'gpu-3'])
    const rows = layWaterfall(parts, answered.totalMs)
    expect(rows.slice(0, 3).map(({ kind, label, lengthMs }) => [kind, label, lengthMs])).toEqual([
      ['failed', 'gpu-2 failed', null],
      ['failed', 'gpu-3 failed', null],
      ['failed', '2 failed tries, queue', 90],
    ])
    const sum = rows.reduce((sum, { lengthMs }) => sum + (lengthMs ?? 0), 0)
    expect(sum).toBe(answered.totalMs)
  })

  it('is the gateway alone where no server was asked', () => {
    const refused = { ...answered, ...unknownPhases, timeToFirstTokenMs: null, backendName: null }
    expect(drawn({ ...refused, status: 429, overheadMs: null, totalMs: 3 })).toEqual([
      ['Gateway', 3],
    ])
  })

  it('names an error in a word or two', () => {
    expect(errorInWords('limits.rate_exceeded')).toBe('rate')
    expect(errorInWords('http.body_too_large')).toBe('body too large')
    expect(errorInWords(null)).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { explainSlowness, type UsualFigures } from './explain-slowness'

const usual: UsualFigures = {
  totalMsP50: 2100,
  timeToFirstTokenMsP50: 380,
  tokensPerSecondP50: 42,
  promptTokensMean: 500,
  completionTokensMean: 80,
  queueMsMean: 20,
}
const unknown: UsualFigures = {
  totalMsP50: null,
  timeToFirstTokenMsP50: null,
  tokensPerSecondP50: null,
  promptTokensMean: null,
  completionTokensMean: null,
  queueMsMean: null,
}

/** A usual answer, with what made it slow: each phase counts in the times that it is part of. */
function record(different: Partial<UsageRecord> = {}): UsageRecord {
  const base = { queueMs: 0, loadMs: 10, prefillMs: 200, decodeMs: 1800, overheadMs: 1 }
  const parts = { ...base, ...different }
  const first =
    (parts.queueMs ?? 0) + (parts.loadMs ?? 0) + (parts.prefillMs ?? 0) + (parts.overheadMs ?? 0)
  return makeUsageRecord({
    promptTokens: 450,
    completionTokens: 76,
    tokensPerSecond: 42,
    timeToFirstTokenMs: first,
    totalMs: first + (parts.decodeMs ?? 0),
    ...parts,
  })
}

describe('why a request was slow', () => {
  const cases: [string, Partial<UsageRecord>, string, string][] = [
    [
      'the model was not loaded',
      { modelWasLoaded: false, loadMs: 8500 },
      'not_loaded',
      'The model was not loaded: loading took 8.50 s; the first token usually comes after 380 ms.',
    ],
    [
      'the model was loaded again for another context',
      { modelWasLoaded: true, loadMs: 8500, numCtx: 16_384 },
      'not_loaded',
      'The model was loaded again, for a context of 16.4 K: that took 8.50 s; the first token usually comes after 380 ms.',
    ],
    [
      'a server failed before',
      { attempts: 2, queueMs: 5000 },
      'retried',
      'One server did not answer before gpu-1 did: about 5.00 s were lost; the first token usually comes after 380 ms.',
    ],
    [
      'it waited for a slot',
      { queueMs: 3100 },
      'queued',
      'It waited 3.10 s for a free slot on gpu-1; usually 20 ms.',
    ],
    [
      'the client read slowly',
      { queueMs: 9000, timeToFirstTokenMs: 400, totalMs: 11_400 },
      'slow_reader',
      'The client read slowly: the answer was ready about 9.20 s before it was taken.',
    ],
    [
      'a large context was asked for',
      { numCtx: 131_072, decodeMs: 9000, tokensPerSecond: 30 },
      'large_context',
      'A context of 131 K was asked for, of which 450 were used: a large context takes memory and slows the model down; usually 2.10 s.',
    ],
    [
      'the prompt was long',
      { promptTokens: 12_400, prefillMs: 6000 },
      'long_prompt',
      'The prompt was long: 12.4 K tokens took 6.00 s to read; usually 500 tokens.',
    ],
    [
      'the prompt was read slowly',
      { prefillMs: 6000 },
      'slow_prefill',
      'gpu-1 took 6.00 s to read a prompt of 450 tokens; the first token usually comes after 380 ms.',
    ],
    [
      'a part of the model was on the processor',
      { tokensPerSecond: 3.1, decodeMs: 24_500 },
      'on_cpu',
      'gpu-1 made 3.1 tok/s, as slow as a model that is partly in the memory of the processor; usually 42 tok/s.',
    ],
    [
      'the server was slow',
      { tokensPerSecond: 14, decodeMs: 5400 },
      'slow_server',
      'gpu-1 was slow: 14 tok/s; usually 42 tok/s.',
    ],
    [
      'the answer was long',
      { completionTokens: 2400, decodeMs: 57_000 },
      'long_answer',
      'The answer was long: 2,400 tokens took 57.0 s; usually 80 tokens.',
    ],
    [
      'the gateway was busy',
      { overheadMs: 4000 },
      'gateway',
      'The gateway itself took 4.00 s: it was busy, or the request was slow to arrive.',
    ],
    [
      'nothing explains it',
      {
        totalMs: 9000,
        decodeMs: null,
        prefillMs: null,
        loadMs: null,
        queueMs: null,
        timeToFirstTokenMs: null,
      },
      'other',
      'It took 9.00 s; usually 2.10 s.',
    ],
  ]
  it.each(cases)('says that %s', (_what, different, cause, text) => {
    expect(explainSlowness(record(different), usual)).toEqual({ cause, slow: true, text })
  })

  it('names of several causes the one that took the most time', () => {
    const both = { modelWasLoaded: false, loadMs: 3000, completionTokens: 2400, decodeMs: 57_000 }
    expect(explainSlowness(record(both), usual).cause).toBe('long_answer')
    expect(explainSlowness(record({ ...both, loadMs: 90_000 }), usual).cause).toBe('not_loaded')
  })

  it('calls nothing slow that took about as long as usual, or ended early', () => {
    expect(explainSlowness(record(), usual)).toEqual({
      cause: 'usual',
      slow: false,
      text: 'As fast as usual; usually 2.10 s.',
    })
    const quick = { ...usual, totalMsP50: 87 }
    expect(explainSlowness(record({ totalMs: 206 }), quick)).toMatchObject({
      slow: false,
      text: 'Not slow; usually 87 ms.',
    })
    const of = (status: number, more: Partial<UsageRecord> = {}) =>
      explainSlowness(record({ status, totalMs: 12_000, ...more }), usual)
    expect(of(499)).toMatchObject({ slow: false, text: 'The client left after 12.0 s.' })
    expect(of(499, { timeToFirstTokenMs: null }).text).toMatch(/before any answer/)
    expect(of(503, { errorCode: 'gateway.stopped' })).toMatchObject({
      cause: 'stopped',
      text: 'Somebody stopped it after 12.0 s.',
    })
    expect(of(429)).toMatchObject({ cause: 'refused', slow: false })
    expect(of(504)).toMatchObject({ cause: 'failed', slow: false, text: 'It failed after 12.0 s.' })
  })

  it('gives the cause without a figure where nothing is known to be usual', () => {
    expect(explainSlowness(record({ modelWasLoaded: false, loadMs: 14_000 }), unknown)).toEqual({
      cause: 'not_loaded',
      slow: true,
      text: 'The model was not loaded: loading took 14.0 s.',
    })
    expect(explainSlowness(record(), unknown).slow).toBe(false)
  })
})

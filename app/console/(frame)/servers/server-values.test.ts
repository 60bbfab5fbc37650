import { describe, expect, it } from 'vitest'
import type { Backend } from '@/lib/db/contract'
import {
  baseOf,
  changesOf,
  emptyServerValues,
  parseLabels,
  serverValuesSchema,
  valuesOf,
} from './server-values'

const backend: Backend = {
  id: 'b1',
  name: 'gpu-1',
  kind: 'ollama',
  url: 'http://10.0.0.7:11434',
  priority: 100,
  weight: 1,
  maxMemoryGb: 80,
  maxParallel: 4,
  labels: { gpu: 'a100', fast: '' },
  operations: ['inference'],
  models: { allow: ['*'], deny: ['*:70b'] },
  requestsPerMinute: null,
  healthMethod: 'GET',
  healthPath: '/',
  enabled: true,
  draining: true,
  hasCredential: true,
}

describe('the form of a server', () => {
  it('changes nothing when nothing was typed', () => {
    expect(changesOf(valuesOf(backend), baseOf(backend))).toEqual({})
  })

  it('compares what is stored, and nothing of how the server fares', () => {
    const live = { ...backend, uptime: { parts: [] }, latencyMs: 12 }
    expect(baseOf(live)).toEqual(baseOf(backend))
    expect(Object.keys(baseOf(live))).not.toContain('draining')
  })

  it('sends only what differs, and the credential only when it was typed or forgotten', () => {
    const values = { ...valuesOf(backend), memory: '', labels: 'gpu=h100', credential: 's3cret' }
    expect(changesOf(values, baseOf(backend))).toEqual({
      credential: 's3cret',
      maxMemoryGb: null,
      labels: { gpu: 'h100' },
    })
    const forgotten = { ...valuesOf(backend), forgetCredential: true }
    expect(changesOf(forgotten, baseOf(backend))).toEqual({ credential: null })
  })

  it('says what is wrong with an address, a number and a label', () => {
    const wrong = { ...emptyServerValues, name: 'x', url: '10.0.0.7', slots: '1.5', labels: '=a' }
    const { error } = serverValuesSchema.safeParse(wrong)
    expect(error?.issues.map((issue) => issue.path[0])).toEqual(['url', 'slots', 'labels'])
    expect(parseLabels('gpu=a100, zone=a=b, fast')).toEqual({ gpu: 'a100', zone: 'a=b', fast: '' })
  })
})

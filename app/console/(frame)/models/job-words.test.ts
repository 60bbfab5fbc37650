import { describe, expect, it } from 'vitest'
import type { ModelJob, ModelJobBackend } from '@/lib/db/contract-duties'
import { describePart, sumOf } from './job-words'

const part = (more: Partial<ModelJobBackend>): ModelJobBackend => ({
  backendId: '1',
  backendName: 'gpu-1',
  state: 'running',
  cancelRequested: false,
  attempts: 1,
  progress: null,
  error: null,
  startedAtMs: null,
  updatedAtMs: 0,
  endedAtMs: null,
  ...more,
})
const pulled = (completedBytes: number, status = 'pulling 0123456789ab') => ({
  status,
  layers: [],
  totalBytes: 20e9,
  completedBytes,
  bytesPerSecond: 71e6,
})
const job = (backends: ModelJobBackend[]): ModelJob => ({
  id: 'job',
  kind: 'pull',
  model: 'qwen3:32b',
  destination: null,
  keepAlive: null,
  state: 'running',
  requestedBy: 'ana',
  requestedByUserId: null,
  createdAtMs: 0,
  updatedAtMs: 0,
  endedAtMs: null,
  backends,
})

describe('a job in words', () => {
  it('says what a server does, and how long it will take at its speed', () => {
    const one = part({ progress: pulled(8.2e9) })
    const words = describePart(job([one]), one)
    expect(words).toMatchObject({ state: 'Pulling', tone: 'running', doneBytes: 8.2e9 })
    expect(Math.round((words.leftMs ?? 0) / 1000)).toBe(166)
    const checks = part({ progress: pulled(20e9, 'verifying sha256 digest') })
    expect(describePart(job([checks]), checks).state).toBe('Checks what came')
    const ending = part({ progress: pulled(1), cancelRequested: true })
    expect(describePart(job([ending]), ending).state).toBe('Being cancelled')
  })

  it('promises no time and no size that is not known', () => {
    const begun = part({ progress: null })
    expect(describePart(job([begun]), begun)).toMatchObject({ totalBytes: null, leftMs: null })
    const stopped = part({ state: 'cancelled', progress: pulled(5e9) })
    expect(describePart(job([stopped]), stopped)).toMatchObject({ tone: 'idle', leftMs: null })
  })

  it('adds servers up, those that are done with all of theirs', () => {
    expect(sumOf(job([part({})]))).toBeNull()
    const both = [
      part({ progress: pulled(5e9) }),
      part({ backendId: '2', state: 'done', progress: pulled(19e9) }),
    ]
    expect(sumOf(job(both))).toEqual({ doneBytes: 25e9, totalBytes: 40e9, bytesPerSecond: 71e6 })
  })
})

import type { ModelJob, ModelJobBackend, ModelJobState } from '@/lib/db/contract-duties'

export type PartWords = {
  state: string
  tone: 'running' | 'done' | 'failed' | 'idle'
  doneBytes: number | null
  totalBytes: number | null
  bytesPerSecond: number | null
  leftMs: number | null
}

export function isOpen({ state }: { state: ModelJobState }): boolean {
  return state === 'queued' || state === 'running'
}

export function isResumable({ state }: { state: ModelJobState }): boolean {
  return state === 'failed' || state === 'cancelled'
}

/** One server's share of a job, as its row of progress says it. */
export function describePart(job: ModelJob, backend: ModelJobBackend): PartWords {
  const { state, progress, cancelRequested } = backend
  const sizes = {
    doneBytes: progress && progress.totalBytes > 0 ? progress.completedBytes : null,
    totalBytes: progress && progress.totalBytes > 0 ? progress.totalBytes : null,
    bytesPerSecond: progress?.bytesPerSecond ?? null,
  }
  const left = (sizes.totalBytes ?? 0) - (sizes.doneBytes ?? 0)
  const leftMs = sizes.bytesPerSecond ? (left / sizes.bytesPerSecond) * 1000 : null
  switch (state) {
    case 'queued':
      return { ...sizes, state: 'Waits for its turn', tone: 'idle', leftMs: null }
    case 'running':
      return {
        ...sizes,
        state: cancelRequested ? 'Being cancelled' : (phaseOf(progress?.status) ?? doing[job.kind]),
        tone: 'running',
        leftMs,
      }
    case 'done':
      return { ...sizes, doneBytes: sizes.totalBytes, state: 'Done', tone: 'done', leftMs: null }
    case 'failed':
      return { ...sizes, state: 'Failed', tone: 'failed', leftMs: null }
    case 'cancelled':
      return { ...sizes, state: 'Cancelled', tone: 'idle', leftMs: null }
  }
}

/** Of all servers together; null where none told a size yet. */
export function sumOf({
  backends,
}: ModelJob): { doneBytes: number; totalBytes: number; bytesPerSecond: number } | null {
  const told = backends.flatMap(({ progress, state }) =>
    progress === null || progress.totalBytes === 0 ? [] : [{ ...progress, state }],
  )
  if (told.length === 0) return null
  const add = (figures: readonly number[]) => figures.reduce((sum, one) => sum + one, 0)
  return {
    doneBytes: add(told.map((one) => (one.state === 'done' ? one.totalBytes : one.completedBytes))),
    totalBytes: add(told.map((one) => one.totalBytes)),
    bytesPerSecond: add(
      told.map((one) => (one.state === 'running' ? (one.bytesPerSecond ?? 0) : 0)),
    ),
  }
}

/** Ollama's own words of a pull, shorter. */
function phaseOf(status: string | undefined): string | null {
  if (!status) return null
  if (/^pulling manifest/.test(status)) return 'Asks what there is to fetch'
  if (/^(pulling|downloading) /.test(status)) return 'Pulling'
  if (/^verifying/.test(status)) return 'Checks what came'
  if (/^writing|^removing/.test(status)) return 'Writes it down'
  return status
}

const doing = {
  pull: 'Pulling',
  delete: 'Deleting',
  copy: 'Copying',
  load: 'Loading',
  unload: 'Unloading',
}

import type { Operation } from '@/lib/dialects/operations'
import type { AttemptResult } from './attempt'

const retriedStatuses: ReadonlySet<number> = new Set([409, 429, 502, 503, 504])

/**
 * D9, whole: whether the next candidate may be dialled after this result. Nothing was sent to the
 * client yet; what may have been done at the backend decides.
 */
export function isSafeToRetry(operation: Operation, result: AttemptResult): boolean {
  switch (result.kind) {
    case 'answered':
      return operation.repeatable && (result.ghost || retriedStatuses.has(result.answer.status))
    case 'unreachable':
      return operation.body !== 'upload'
    case 'timed_out':
      return !result.connected && operation.body !== 'upload'
    case 'closed':
    case 'aborted':
      return operation.repeatable
  }
}

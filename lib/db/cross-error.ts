import { CorralError, isCorralError } from '@/lib/core/errors'
import { describeDatabaseProblem } from './describe-database-problem'
import type { CrossingError } from './messages'

/** An error as it crosses to the main thread: its code and params, or name and message. */
export function crossError(error: unknown): CrossingError {
  const known = asCorralError(error)
  if (known !== null) {
    return {
      kind: 'corral',
      code: known.code,
      params: known.params,
      cause: known.cause instanceof Error ? known.cause.message : null,
    }
  }
  if (error instanceof Error) return { kind: 'other', name: error.name, message: error.message }
  return { kind: 'other', name: 'Error', message: String(error) }
}

function asCorralError(error: unknown): CorralError | null {
  if (isCorralError(error)) return error
  const problem = describeDatabaseProblem(error)
  if (problem === null) return null
  return new CorralError('db.unreachable', { params: { problem }, cause: error })
}

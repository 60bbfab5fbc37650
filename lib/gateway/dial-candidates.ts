import { CorralError, type ErrorCode } from '@/lib/core/errors'
import type { Selection } from '@/lib/routing/contract'
import { type Answered, attempt } from './attempt'
import type { Exchange } from './contract'
import { isSafeToRetry } from './is-safe-to-retry'
import { requireOperation } from './require-operation'

/**
 * D9: dials one candidate after the other while nothing was sent to the client. What a backend
 * said last is passed on in its own words; when none said anything: 502, or 504 after a time-out.
 */
export async function dialCandidates(exchange: Exchange, selection: Selection): Promise<Answered> {
  const { settings } = exchange.snapshot
  const operation = requireOperation(exchange)
  // Only dials that find no connection use it up: a slow upload or a cold load is none of them.
  let connectWithinMs = settings.attemptBudgetMs
  const tried: string[] = []
  let lastWords: Answered | null = null
  let lastFailure: ErrorCode | null = null

  for (const [index, candidate] of selection.candidates.entries()) {
    const target = exchange.snapshot.targets.get(candidate.backend.id)
    if (!target) continue
    if (exchange.attempts >= settings.attemptsMax || connectWithinMs <= 0) break
    const upstreamMsBefore = exchange.upstreamMs
    const result = await attempt(exchange, { candidate, target, index, connectWithinMs })
    if (exchange.gone) throw new CorralError('gateway.client_left')
    if (exchange.stopped) throw stopped()
    if (result.kind === 'answered') lastWords = result.answer
    else {
      if (!result.connected) connectWithinMs -= exchange.upstreamMs - upstreamMsBefore
      tried.push(target.name)
      lastFailure = result.kind === 'timed_out' ? 'backends.timed_out' : 'backends.unreachable'
    }
    if (!isSafeToRetry(operation, result)) break
  }
  if (lastWords) return lastWords
  if (!lastFailure) throw new CorralError('routing.no_backend', { retryAfterS: 5 })
  throw new CorralError(lastFailure, {
    params: settings.routeHeaders ? { backends: tried.join(', ') } : {},
  })
}

/** OpenAI's and Anthropic's packages would send a 503 again by themselves, but for this header. */
function stopped(): CorralError {
  return new CorralError('gateway.stopped', { headers: { 'X-Should-Retry': 'false' } })
}

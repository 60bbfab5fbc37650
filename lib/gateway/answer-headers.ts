import { forwardResponseHeaders } from '@/lib/http/forward-headers'
import type { Answered } from './attempt'
import type { Exchange } from './contract'
import { checkOrigin, corsHeaders } from './cors'
import { overheadMs } from './make-usage-record'

/** The backend's headers less the connection's, and ours: D12 where the setting has them on. */
export function answerHeaders(exchange: Exchange, answered: Answered): string[] {
  exchange.answeredMs ??= exchange.clock.monotonicMs()
  const headers = forwardResponseHeaders({
    rawHeaders: answered.headers,
    lengthMayChange: answered.usageInjected,
  })
  headers.push(...ownHeaders(exchange))
  if (exchange.snapshot.settings.routeHeaders) {
    headers.push('X-Corral-Backend', headerText(answered.backendName))
    const model = exchange.route?.modelServed
    if (model) headers.push('X-Corral-Model', headerText(model))
    headers.push('X-Corral-Attempts', String(exchange.attempts))
    headers.push('X-Corral-Overhead-Ms', overheadMs(exchange).toFixed(1))
  }
  return headers
}

/** What every answer of the gateway carries. */
export function ownHeaders(exchange: Exchange): string[] {
  const origin = checkOrigin(exchange.request, exchange.snapshot.origins)
  const headers = ['X-Request-Id', exchange.id]
  if (origin.kind === 'allowed') headers.push(...corsHeaders(origin.origin))
  return headers
}

/** A header holds visible ASCII (RFC 9110): anything else is percent-encoded. */
function headerText(text: string): string {
  if (visible.test(text)) return text
  return text.replace(/[^\x20-\x7e]/gu, (character) =>
    // Half of a surrogate pair, which encodeURIComponent refuses, is no character.
    /\p{Cs}/u.test(character) ? '%EF%BF%BD' : encodeURIComponent(character),
  )
}

const visible = /^[\x20-\x7e]*$/

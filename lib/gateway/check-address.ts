import { CorralError } from '@/lib/core/errors'
import { clientAddress } from '@/lib/http/client-address'
import { checkAddressRules } from '@/lib/limits/address-rules'
import type { Exchange } from './contract'
import { checkOrigin } from './cors'

/** C1, C2 and CORS: where the request comes from, before who sends it. Loops end here. */
export function checkAddress(exchange: Exchange): void {
  const { request, gateway, snapshot } = exchange
  exchange.address = clientAddress({
    peer: request.peer,
    forwardedFor: request.header('x-forwarded-for'),
    trusted: gateway.trustedProxies,
  })
  checkAddressRules(snapshot.addressRules, exchange.address)
  if (checkOrigin(request, snapshot.origins).kind === 'foreign') {
    throw new CorralError('limits.origin_denied')
  }
  if (hasPassed(request.header(viaHeader), gateway.nodeId)) {
    throw new CorralError('http.loop_detected')
  }
}

/** Names every Corral node that a request has passed: D15's loop detection. */
export const viaHeader = 'x-corral-via'

export function hasPassed(via: string | null, nodeId: string): boolean {
  return via?.split(',').some((each) => each.trim() === nodeId) ?? false
}

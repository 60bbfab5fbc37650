import { takeRateLimit } from '@/lib/limits/rate-limit'
import type { Exchange } from './contract'

/** B1, B5: the caller's window, then a place among the requests in flight, where it is seen. */
export function takeLimits(exchange: Exchange): void {
  const { gateway, snapshot, principal } = exchange
  takeRateLimit(gateway.windows, {
    principal,
    address: exchange.address,
    frontend: snapshot.frontend,
    settings: snapshot.settings,
  })
  exchange.releases.push(gateway.inFlight.take(snapshot.settings.inFlightMax))
  exchange.seen = gateway.exchanges.add(exchange)
}

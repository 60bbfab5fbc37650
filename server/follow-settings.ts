import type { Server } from 'node:http'
import type { Gateway } from '@/lib/gateway/gateway'

/**
 * Node looks at these values each time it checks its connections. It leaves a `requestTimeout`
 * below `headersTimeout` out of account, so the head gets no more than the whole.
 */
export function followSettings(server: Server, gateway: Gateway): void {
  const settings = gateway.snapshot?.settings
  if (!settings) return
  const { requestTimeoutMs, requestHeadTimeoutMs } = settings
  server.requestTimeout = requestTimeoutMs
  server.headersTimeout =
    requestTimeoutMs > 0 ? Math.min(requestHeadTimeoutMs, requestTimeoutMs) : requestHeadTimeoutMs
}

import type { Credential, Principal } from '@/lib/auth/contract'
import { isOwnKeyForm } from '@/lib/auth/key-token'
import { requireFrontend, requirePermission } from '@/lib/auth/permissions'
import { readCredential } from '@/lib/auth/read-credential'
import { refusedKeyOf } from '@/lib/auth/refused-key'
import { CorralError } from '@/lib/core/errors'
import { contains } from '@/lib/http/networks'
import { checkKeyNetworks } from '@/lib/limits/address-rules'
import { defaultPermissions } from '@/lib/schemas/permissions'
import type { Exchange } from './contract'
import { requireOperation } from './require-operation'

/**
 * A2, A8: who is calling; at once for a key that is known. Throws 401 with a challenge, or 403 once
 * the secret was right.
 */
export function identify(exchange: Exchange): Promise<void> | undefined {
  const { gateway, request } = exchange
  const credential = readCredential({
    pathKey: exchange.pathKey,
    authorization: request.header('authorization'),
    xApiKey: request.header('x-api-key'),
  })
  if (isOpenTo(exchange, credential)) {
    exchange.principal = {
      kind: 'anonymous',
      permissions: new Set(defaultPermissions),
      rateLimit: exchange.snapshot.frontend.anonymousRateLimit,
    }
    return undefined
  }
  if (!credential) {
    throw new CorralError('auth.key_missing', { headers: { 'WWW-Authenticate': 'Bearer' } })
  }
  try {
    const answer = gateway.authenticator.authenticate(credential)
    if (!(answer instanceof Promise)) return admit(exchange, answer)
    return answer.then(
      (principal) => admit(exchange, principal),
      (error: unknown) => turnAway(exchange, error),
    )
  } catch (error) {
    return turnAway(exchange, error)
  }
}

function admit(exchange: Exchange, principal: Principal): undefined {
  exchange.principal = principal
  if (principal.kind === 'key') exchange.gateway.keyUses.set(principal.keyId, exchange.startedAtMs)
}

function turnAway(exchange: Exchange, error: unknown): never {
  exchange.refusedKey = refusedKeyOf(error)
  throw error
}

/** A8. SDKs insist on some key, so a word that is none of ours counts as none where it is open. */
function isOpenTo(exchange: Exchange, credential: Credential | null): boolean {
  const { frontend, openNetworks } = exchange.snapshot
  if (frontend.access !== 'open') return false
  if (credential && isOwnKeyForm(credential.token)) return false
  return exchange.address !== null && contains(openNetworks, exchange.address)
}

/** A6: what this key may do, and from where. */
export function requireScope(exchange: Exchange): void {
  const operation = requireOperation(exchange)
  const { principal, snapshot } = exchange
  if (!principal) return
  if (principal.kind === 'key') {
    checkKeyNetworks(principal.networks, exchange.address)
    requireFrontend(principal, snapshot.frontend.name)
  }
  if (operation.adminOnly && !principal.permissions.has('admin')) {
    throw new CorralError('auth.admin_only')
  }
  requirePermission(principal, operation.permission)
  if (operation.spendsAccount) requireAccountSpending(exchange, `The path ${exchange.path}`)
  if (pinOf(exchange) !== null) requirePermission(principal, 'backend:pin')
}

/** One setting allows what spends the account of the servers' owner. */
export function requireAccountSpending(exchange: Exchange, what: string): void {
  if (exchange.snapshot.settings.accountSpending) return
  throw new CorralError('auth.account_spending_off', {
    params: { what, setting: 'accountSpending' },
  })
}

/** D6: the backend that the request asks for by name or label. */
export function pinOf(exchange: Exchange): string | null {
  return exchange.request.header('x-corral-backend') ?? exchange.request.header('x-provider')
}

import { CorralError } from '@/lib/core/errors'
import type { AddressRule } from '@/lib/db/contract'
import { compileNetworks, contains, type NetworkSet } from '@/lib/http/networks'
import type { NetworkRules } from '@/lib/schemas/entities'

export type AddressRules = { allow: NetworkSet; deny: NetworkSet }

/** The global rules (C1): without an allow rule every address is allowed that none denies. */
export function compileAddressRules(
  rules: readonly Pick<AddressRule, 'effect' | 'network'>[],
): AddressRules {
  const of = (effect: AddressRule['effect']) =>
    rules.filter((rule) => rule.effect === effect).map(({ network }) => network)
  const allow = of('allow')
  return compileRules({ allow: allow.length === 0 ? ['*'] : allow, deny: of('deny') })
}

/** Deny wins. Throws `limits.address_denied`, or `limits.address_unknown` where a rule needs it. */
export function checkAddressRules(rules: AddressRules, address: string | null): void {
  const verdict = judge(rules, address)
  if (verdict === 'denied') throw new CorralError('limits.address_denied')
  if (verdict === 'unknown') throw new CorralError('limits.address_unknown')
}

/** A key's own networks. Throws `limits.key_address_denied` or `limits.address_unknown`. */
export function checkKeyNetworks(rules: NetworkRules, address: string | null): void {
  let compiled = compiledRules.get(rules)
  if (compiled === undefined) {
    compiled = compileRules(rules)
    compiledRules.set(rules, compiled)
  }
  const verdict = judge(compiled, address)
  if (verdict === 'denied') throw new CorralError('limits.key_address_denied')
  if (verdict === 'unknown') throw new CorralError('limits.address_unknown')
}

const compiledRules = new WeakMap<NetworkRules, AddressRules>()

function compileRules({ allow, deny }: NetworkRules): AddressRules {
  return { allow: compileNetworks(allow), deny: compileNetworks(deny) }
}

function judge(
  { allow, deny }: AddressRules,
  address: string | null,
): 'allowed' | 'denied' | 'unknown' {
  if (deny.any) return 'denied'
  if (address === null) return allow.any && deny.ranges.length === 0 ? 'allowed' : 'unknown'
  if (contains(deny, address)) return 'denied'
  return contains(allow, address) ? 'allowed' : 'denied'
}

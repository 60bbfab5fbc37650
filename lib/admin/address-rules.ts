import { CorralError } from '@/lib/core/errors'
import type { AddressRule } from '@/lib/db/contract'
import { type AddressRuleInput, addressRuleInputSchema } from '@/lib/schemas/entities'
import { type AdminContext, auditEntry } from './actor'
import { invalidInput, parseInput } from './parse-input'
import { assertNetwork } from './patterns'
import { assertAllowed, canManageAddressRules, canReadEverything } from './permissions'

export async function listAddressRules(context: AdminContext): Promise<AddressRule[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  return context.database.listAddressRules()
}

/** C1: who may call at all, from where; deny wins. */
export async function createAddressRule(
  context: AdminContext,
  input: Partial<Record<keyof AddressRuleInput, unknown>>,
): Promise<AddressRule> {
  assertAllowed(canManageAddressRules(context.actor), 'admin')
  const parsed = parseInput(addressRuleInputSchema, input)
  assertNetwork(parsed.network, 'network')
  const entry = {
    action: 'address.create',
    kind: 'address rule',
    name: `${parsed.effect} ${parsed.network}`,
  }
  return context.database.createAddressRule(parsed, auditEntry(context.actor, entry))
}

/** By its network or its id. Throws `admin.not_found`. */
export async function removeAddressRule(
  context: AdminContext,
  reference: string,
): Promise<AddressRule> {
  assertAllowed(canManageAddressRules(context.actor), 'admin')
  const all = await context.database.listAddressRules()
  const found = all.filter((one) => one.id === reference || one.network === reference)
  const [rule] = found
  if (rule === undefined) {
    throw new CorralError('admin.not_found', { params: { kind: 'address rule', name: reference } })
  }
  if (found.length > 1) {
    const ids = found.map((one) => `${one.id} (${one.effect})`).join(', ')
    throw invalidInput(`"${reference}" is allowed and denied. Name one rule by its id: ${ids}.`)
  }
  const name = `${rule.effect} ${rule.network}`
  const entry = { action: 'address.remove', kind: 'address rule', id: rule.id, name }
  await context.database.removeAddressRule(rule.id, auditEntry(context.actor, entry))
  return rule
}

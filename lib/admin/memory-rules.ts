import * as z from 'zod'
import { CorralError } from '@/lib/core/errors'
import type { MemoryRule } from '@/lib/db/contract'
import { defaultMemoryPatterns } from '@/lib/routing/memory-need'
import { type MemoryRuleInput, memoryRuleInputSchema } from '@/lib/schemas/entities'
import { type AdminContext, auditEntry } from './actor'
import { invalidInput, parseChange, parseInput, parseValue } from './parse-input'
import { assertGlob, assertSafeRegex } from './patterns'
import { assertAllowed, canManageModels, canReadEverything } from './permissions'

/** What a first start makes: spread out, so that others fit between. */
export const defaultMemoryRules: readonly MemoryRuleInput[] = defaultMemoryPatterns.map(
  (pattern, index) => ({ kind: 'pattern', ...pattern, position: (index + 1) * 10 }),
)

/** Overrides and patterns, in the order in which they are tried. */
export async function listMemoryRules(context: AdminContext): Promise<MemoryRule[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  return context.database.listMemoryRules()
}

export async function createMemoryRule(
  context: AdminContext,
  input: Partial<Record<keyof MemoryRuleInput, unknown>>,
): Promise<MemoryRule> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const parsed = parseInput(memoryRuleInputSchema, input)
  if (parsed.kind === 'pattern') assertSafeRegex(parsed.match, 'match')
  else assertModelName(parsed.match)
  const entry = { action: 'memory.create', kind: 'memory rule', name: parsed.match }
  return context.database.createMemoryRule(parsed, auditEntry(context.actor, entry))
}

/** How much memory, and when it is tried; by what it matches or its id. */
export async function updateMemoryRule(
  context: AdminContext,
  reference: string,
  change: { gb?: unknown; position?: unknown },
): Promise<MemoryRule> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const rule = await getMemoryRule(context, reference)
  const parsed = parseChange(memoryRuleInputSchema.pick({ gb: true, position: true }), change)
  const entry = { action: 'memory.update', kind: 'memory rule', id: rule.id, name: rule.match }
  return context.database.updateMemoryRule(rule.id, parsed, auditEntry(context.actor, entry))
}

/** Patterns are tried in the order of these ids, all or none of them. Throws `admin.not_found`. */
export async function orderMemoryRules(
  context: AdminContext,
  ids: readonly string[],
): Promise<void> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const parsed = parseValue(orderSchema, ids, 'ids')
  const entry = { action: 'memory.order', kind: 'memory rule', name: null }
  await context.database.orderMemoryRules(parsed, auditEntry(context.actor, entry))
}

const orderSchema = z.array(z.string().max(64)).min(1).max(500)

/** By what it matches or its id. Throws `admin.not_found`. */
export async function removeMemoryRule(
  context: AdminContext,
  reference: string,
): Promise<MemoryRule> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const rule = await getMemoryRule(context, reference)
  const entry = { action: 'memory.remove', kind: 'memory rule', id: rule.id, name: rule.match }
  await context.database.removeMemoryRule(rule.id, auditEntry(context.actor, entry))
  return rule
}

async function getMemoryRule(context: AdminContext, reference: string): Promise<MemoryRule> {
  const all = await context.database.listMemoryRules()
  const found = all.filter((one) => one.id === reference || one.match === reference)
  const [rule] = found
  if (rule === undefined) {
    throw new CorralError('admin.not_found', { params: { kind: 'memory rule', name: reference } })
  }
  if (found.length > 1) {
    const ids = found.map((one) => `${one.id} (${one.kind})`).join(', ')
    throw invalidInput(`"${reference}" is an override and a pattern. Name one by its id: ${ids}.`)
  }
  return rule
}

function assertModelName(name: string): void {
  assertGlob(name, 'match')
  if (/[*?]/.test(name)) {
    throw invalidInput(`match: an override is for one model; use a pattern instead of "${name}".`)
  }
}

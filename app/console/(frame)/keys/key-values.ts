import * as z from 'zod'
import {
  checkLimit,
  limitShape,
  toLimit,
  valuesOfLimit,
} from '@/components/limit-fields/limit-values'
import type { Key } from '@/lib/db/contract'
import type { ModelRules, RateLimit } from '@/lib/schemas/entities'
import { defaultPermissions, type Permission, permissionSchema } from '@/lib/schemas/permissions'
import { instantOf } from '@/lib/ui/zone'

const dayMs = 86_400_000

export const expiryChoices = [
  { value: 'never', label: 'Never' },
  { value: '7', label: 'In 7 days' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'date', label: 'At the end of a day' },
] as const

export const captureChoices = ['inherit', 'on', 'off'] as const
const captures = { inherit: null, on: true, off: false }

/** What stands in the form, as it is typed. */
export const keyValuesSchema = z
  .object({
    name: z
      .string()
      .trim()
      .min(1, 'Name the program that uses it: web-ui, nightly-report.')
      .max(120, 'At most 120 characters.')
      .regex(/^[^\p{Cc}/]*$/u, 'No slash and no line break.'),
    ownerId: z.string(),
    permissions: z.array(permissionSchema).min(1, 'A key without a permission can do nothing.'),
    allowModels: z.string(),
    denyModels: z.string(),
    allowNetworks: z.string(),
    denyNetworks: z.string(),
    ...limitShape,
    capture: z.enum(captureChoices),
    expires: z.enum(['never', '7', '30', '90', '365', 'date', 'keep']),
    day: z.string(),
  })
  .superRefine((values, context) => {
    checkLimit(values, context)
    if (values.expires === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(values.day)) {
      context.addIssue({ code: 'custom', path: ['day'], message: 'Choose the last day.' })
    }
  })
export type KeyValues = z.infer<typeof keyValuesSchema>

export function newKeyValues(ownerId: string, allowed: readonly Permission[]): KeyValues {
  return {
    name: '',
    ownerId,
    permissions: defaultPermissions.filter((permission) => allowed.includes(permission)),
    allowModels: '',
    denyModels: '',
    allowNetworks: '',
    denyNetworks: '',
    ...valuesOfLimit(null),
    capture: 'inherit',
    expires: 'never',
    day: '',
  }
}

export type KeyFacts = Pick<
  Key,
  'name' | 'ownerId' | 'permissions' | 'models' | 'networks' | 'expiresAtMs'
>

/** `own` is what the key says itself, null where it leaves that to what stands above it. */
export function valuesOfKey(
  key: KeyFacts,
  own: { limit: RateLimit | null; capture: boolean | null },
): KeyValues {
  return {
    name: key.name,
    ownerId: key.ownerId,
    permissions: key.permissions,
    allowModels: renderList(key.models.allow),
    denyModels: renderList(key.models.deny),
    allowNetworks: renderList(key.networks.allow),
    denyNetworks: renderList(key.networks.deny),
    ...valuesOfLimit(own.limit),
    capture: captureChoices.find((choice) => captures[choice] === own.capture) ?? 'inherit',
    expires: key.expiresAtMs === null ? 'never' : 'keep',
    day: '',
  }
}

type Changed = Partial<Record<keyof KeyValues, unknown>>

/** What the form asks for. With `changed`, only that: what another person changed stays. */
export function toKeyChange(
  values: KeyValues,
  setting: { nowMs: number; zone: string },
  changed?: Changed,
): Typed {
  const has = (...names: (keyof KeyValues)[]) =>
    changed === undefined || names.some((name) => changed[name])
  return {
    ...(has('name') && { name: values.name.trim() }),
    ...(has('permissions') && { permissions: values.permissions }),
    ...(has('allowModels', 'denyModels') && {
      models: toRules(values.allowModels, values.denyModels),
    }),
    ...(has('allowNetworks', 'denyNetworks') && {
      networks: toRules(values.allowNetworks, values.denyNetworks),
    }),
    ...(has('limit', 'requests', 'windowSeconds') && { rateLimit: toLimit(values) }),
    ...(has('capture') && { capture: captures[values.capture] }),
    ...(has('expires', 'day') &&
      values.expires !== 'keep' && { expiresAtMs: toExpiry(values, setting) }),
  }
}

type Typed = {
  name?: string
  permissions?: Permission[]
  models?: ModelRules
  networks?: ModelRules
  rateLimit?: RateLimit | null
  expiresAtMs?: number | null
  capture?: boolean | null
}

/** As the command line's defaults are: what says nothing is left out of the line. */
export function withoutDefaults({ ...change }: Typed): Typed {
  const isEverything = (rules: ModelRules | undefined) =>
    rules?.deny.length === 0 && rules.allow.join() === '*'
  if (isEverything(change.models)) delete change.models
  if (isEverything(change.networks)) delete change.networks
  if (change.rateLimit === null) delete change.rateLimit
  if (change.expiresAtMs === null) delete change.expiresAtMs
  if (change.capture === null) delete change.capture
  return change
}

function toRules(allow: string, deny: string): ModelRules {
  const allowed = parseList(allow)
  return { allow: allowed.length === 0 ? ['*'] : allowed, deny: parseList(deny) }
}

/** The end of the chosen day in the zone of the console. */
function toExpiry(
  { expires, day }: KeyValues,
  { nowMs, zone }: { nowMs: number; zone: string },
): number | null {
  if (expires === 'never' || expires === 'keep') return null
  if (expires !== 'date') return nowMs + Number(expires) * dayMs
  const [year = 0, month = 1, last = 1] = day.split('-').map(Number)
  return instantOf({ year, month, day: last + 1 }, zone)
}

function parseList(text: string): string[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  return [...new Set(words)]
}

function renderList(list: readonly string[]): string {
  return list.length === 1 && list[0] === '*' ? '' : list.join(', ')
}

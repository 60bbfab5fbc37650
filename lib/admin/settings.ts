import * as z from 'zod'
import { CorralError } from '@/lib/core/errors'
import { type SealKey, sealSecret } from '@/lib/core/seal'
import {
  type SettingDefinition,
  type SettingName,
  settingDefinitions,
  settingNames,
} from '@/lib/schemas/settings'
import { isSettingName, parseSettings } from '@/lib/settings/parse-settings'
import { type AdminContext, auditEntry } from './actor'
import { invalidInput, parseValue } from './parse-input'
import { assertNetwork } from './patterns'
import { assertAllowed, canManageSettings, canReadEverything } from './permissions'

export type SettingRow = {
  name: SettingName
  value: unknown
  default: unknown
  changed: boolean
  group: string
  unit: string | null
  description: string
  /** Its value is masked: `set` or empty. */
  secret: boolean
  /** Who set it last; null where it stands at its default. */
  changedBy: string | null
  changedAtMs: number | null
}

export async function listSettings(context: AdminContext): Promise<SettingRow[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const [stored, changes] = await Promise.all([
    context.database.readSettings(),
    context.database.listSettingChanges(),
  ])
  const values = parseSettings(stored)
  return settingNames.map((name) => {
    const definition: SettingDefinition = settingDefinitions[name]
    const change = changes.find((one) => one.name === name)
    return {
      name,
      value: definition.secret ? mask(values[name]) : values[name],
      default: definition.default,
      changed: JSON.stringify(values[name]) !== JSON.stringify(definition.default),
      group: definition.group,
      unit: definition.unit ?? null,
      description: definition.description,
      secret: definition.secret === true,
      changedBy: change?.updatedBy ?? null,
      changedAtMs: change?.updatedAtMs ?? null,
    }
  })
}

/** Throws `admin.not_found`. */
export async function getSetting(context: AdminContext, name: string): Promise<SettingRow> {
  const rows = await listSettings(context)
  const known = parseSettingName(name)
  const row = rows.find((one) => one.name === known)
  if (row === undefined)
    throw new CorralError('admin.not_found', { params: { kind: 'setting', name } })
  return row
}

/**
 * Several at once, all or none. `null` goes back to the default. With `expected`, when each was
 * last set as its editor saw it, throws `admin.changed_meanwhile` where somebody was faster. A
 * node acts on it once it reports this revision, or a higher one.
 */
export async function updateSettings(
  context: AdminContext,
  change: Record<string, unknown>,
  expected?: Record<string, number | null>,
): Promise<{ configRevision: number }> {
  assertAllowed(canManageSettings(context.actor), 'admin')
  const parsed = Object.fromEntries(
    Object.entries(change).map(([name, value]) => [
      name,
      parseSetting(name, value, context.sealKey),
    ]),
  )
  const names = Object.keys(parsed)
  const entry = { action: 'settings.update', kind: 'setting', name: names.join(', ') }
  return context.database.writeSettings(parsed, auditEntry(context.actor, entry), expected)
}

/** What a person typed: JSON where it is JSON that fits, a list with commas, else the plain text. */
export function readSettingText(name: string, text: string): unknown {
  const definition: SettingDefinition = settingDefinitions[parseSettingName(name)]
  const { schema, secret } = definition
  if (secret) return text
  const json = parseJson(text)
  if (Array.isArray(definition.default)) return Array.isArray(json) ? json : splitList(text)
  if (json === undefined || (!schema.safeParse(json).success && schema.safeParse(text).success)) {
    return text
  }
  return json
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function parseSetting(name: string, value: unknown, sealKey: SealKey): unknown {
  const known = parseSettingName(name)
  if (value === null) return null
  const { secret }: SettingDefinition = settingDefinitions[known]
  if (secret) return sealTyped(parseValue(z.string().max(2000), value, known), sealKey)
  const parsed = parseValue(settingDefinitions[known].schema, value, known)
  if (known === 'trustedNetworks' && Array.isArray(parsed)) {
    for (const network of parsed) assertNetwork(String(network), known)
  }
  return parsed
}

/** An empty secret is none. */
function sealTyped(plain: string, sealKey: SealKey): unknown {
  return plain === '' ? null : { sealed: sealSecret(plain, sealKey) }
}

function mask(value: unknown): string {
  return value === '' ? '' : 'set'
}

function parseSettingName(name: string): SettingName {
  if (isSettingName(name)) return name
  const near = settingNames.filter((one) => one.toLowerCase().includes(name.toLowerCase()))
  const hint =
    near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ' "settings list" names all.'
  throw invalidInput(`There is no setting "${name}".${hint}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

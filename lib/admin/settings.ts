import { CorralError } from '@/lib/core/errors'
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
}

export async function listSettings(context: AdminContext): Promise<SettingRow[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const stored = await context.database.readSettings()
  const values = parseSettings(stored)
  return settingNames.map((name) => {
    const definition: SettingDefinition = settingDefinitions[name]
    return {
      name,
      value: values[name],
      default: definition.default,
      changed: JSON.stringify(values[name]) !== JSON.stringify(definition.default),
      group: definition.group,
      unit: definition.unit ?? null,
      description: definition.description,
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

/** Several at once, all or none. `null` goes back to the default. */
export async function updateSettings(
  context: AdminContext,
  change: Record<string, unknown>,
): Promise<void> {
  assertAllowed(canManageSettings(context.actor), 'admin')
  const parsed = Object.fromEntries(
    Object.entries(change).map(([name, value]) => [name, parseSetting(name, value)]),
  )
  const names = Object.keys(parsed)
  const entry = { action: 'settings.update', kind: 'setting', name: names.join(', ') }
  await context.database.writeSettings(parsed, auditEntry(context.actor, entry))
}

/** What a person typed: JSON where it is JSON that fits, else the plain text. */
export function readSettingText(name: string, text: string): unknown {
  const { schema }: SettingDefinition = settingDefinitions[parseSettingName(name)]
  const json = parseJson(text)
  if (json === undefined || (!schema.safeParse(json).success && schema.safeParse(text).success)) {
    return text
  }
  return json
}

function parseSetting(name: string, value: unknown): unknown {
  const known = parseSettingName(name)
  if (value === null) return null
  const parsed = parseValue(settingDefinitions[known].schema, value, known)
  if (known === 'trustedNetworks' && Array.isArray(parsed)) {
    for (const network of parsed) assertNetwork(String(network), known)
  }
  return parsed
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

import { CorralError } from '@/lib/core/errors'
import type { AddressRule, AuditRow, Frontend } from '@/lib/db/contract'
import {
  type SettingDefinition,
  type SettingGroup,
  type SettingName,
  settingDefinitions,
} from '@/lib/schemas/settings'
import type { AdminContext } from './actor'
import { listAddressRules } from './address-rules'
import { nodeSilentMs } from './fleet-health'
import { listFrontends } from './frontends'
import { invalidInput } from './parse-input'
import { assertAllowed, canManageSettings, canReadEverything } from './permissions'
import { listSettings, type SettingRow, updateSettings } from './settings'
import type { EnvironmentSettings } from './settings-of-environment'

export type SettingOnPage = Pick<SettingRow, 'name' | 'value' | 'default' | 'secret'> & {
  group: SettingGroup
  description: string
  isDefault: boolean
  /** When the stored value was set, null at its default: what an edit is checked against. */
  changedAtMs: number | null
  /** The newest change that the audit remembers, also one back to the default. */
  lastChange: SettingChange | null
  /** The variable of the environment that rules instead, or whose value is the default. */
  ownedBy: string | null
  defaultFrom: string | null
}
export type SettingChange = {
  by: string
  atMs: number
  /** What it was before, for words; left out where it is long. Null is the default. */
  before?: unknown
  mayUndo: boolean
}
export type SettingsPage = {
  settings: SettingOnPage[]
  addressRules: AddressRule[]
  /** H2: where prompts and answers are kept otherwise than the setting says. */
  frontends: Pick<Frontend, 'name' | 'capture'>[]
}

const changesLookedAt = 300
const beforeCharsMax = 2000

/** Every setting with who changed it last, and who may call from where. */
export async function readSettingsPage(
  context: AdminContext,
  environment: EnvironmentSettings,
): Promise<SettingsPage> {
  const [settings, addressRules, frontends, changes] = await Promise.all([
    listSettings(context),
    listAddressRules(context),
    listFrontends(context),
    context.database.searchAudit({
      action: 'settings.update',
      targetKind: 'setting',
      limit: changesLookedAt,
    }),
  ])
  return {
    settings: settings.map((row) => onPage(row, { changes, environment })),
    addressRules,
    frontends: frontends.map(({ name, capture }) => ({ name, capture })),
  }
}

/**
 * Back to what it was before its last change. Throws `admin.changed_meanwhile` when that is not
 * the change that its reader saw, `admin.invalid_input` when nothing is known to go back to.
 */
export async function undoSettingChange(
  context: AdminContext,
  name: SettingName,
  seen: { changedAtMs: number | null; changeAtMs: number },
): Promise<{ configRevision: number }> {
  assertAllowed(canManageSettings(context.actor), 'admin')
  const { secret }: SettingDefinition = settingDefinitions[name]
  const changes = await context.database.searchAudit({
    action: 'settings.update',
    targetKind: 'setting',
    text: name,
    limit: changesLookedAt,
  })
  const last = changes.find((row) => isAbout(row, name))
  if (last === undefined || secret) throw invalidInput(`${name}: nothing is known to go back to.`)
  if (last.atMs !== seen.changeAtMs) {
    throw new CorralError('admin.changed_meanwhile', { params: { kind: 'setting', name } })
  }
  const change = { [name]: valueBefore(last, name) }
  return updateSettings(context, change, { [name]: seen.changedAtMs })
}

/** On how many of the gateways that run this revision is in effect. */
export async function settingsInEffect(
  context: AdminContext,
  configRevision: number,
): Promise<{ on: number; of: number }> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const { database, clock } = context
  const nodes = await database.listNodeReports({ seenSinceMs: clock.nowMs() - nodeSilentMs })
  const on = nodes.filter((node) => (node.configRevision ?? -1) >= configRevision)
  return { on: on.length, of: nodes.length }
}

function onPage(
  row: SettingRow,
  { changes, environment }: { changes: AuditRow[]; environment: EnvironmentSettings },
): SettingOnPage {
  const owned = environment.owned.find((one) => one.name === row.name)
  const given = environment.defaults.find((one) => one.name === row.name)
  const standard = given?.value ?? row.default
  const isStored = row.changedAtMs !== null
  const last = changes.find((change) => isAbout(change, row.name))
  const { group, description } = settingDefinitions[row.name]
  return {
    name: row.name,
    group,
    description,
    value: owned?.value ?? (isStored ? row.value : row.secret ? '' : standard),
    default: standard,
    secret: row.secret,
    isDefault: owned === undefined && !isStored,
    changedAtMs: row.changedAtMs,
    lastChange: last ? describeChange(last, row) : describeStored(row),
    ownedBy: owned?.variable ?? null,
    defaultFrom: given !== undefined && given.value !== row.default ? given.variable : null,
  }
}

function describeChange(change: AuditRow, { name, secret }: SettingRow): SettingChange {
  const before = valueBefore(change, name)
  const isShort = !secret && JSON.stringify(before).length <= beforeCharsMax
  return {
    by: change.actor,
    atMs: change.atMs,
    mayUndo: !secret,
    ...(isShort && { before }),
  }
}

/** The audit may not reach back that far. */
function describeStored({ changedBy, changedAtMs }: SettingRow): SettingChange | null {
  if (changedAtMs === null) return null
  return { by: changedBy ?? 'somebody', atMs: changedAtMs, mayUndo: false }
}

function isAbout({ targetName }: AuditRow, name: string): boolean {
  return targetName?.split(', ').includes(name) ?? false
}

/** A name that stands not in it was at its default: null. */
function valueBefore({ before }: AuditRow, name: string): unknown {
  if (typeof before !== 'object' || before === null) return null
  return Object.entries(before).find(([each]) => each === name)?.[1] ?? null
}

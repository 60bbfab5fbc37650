'use server'

import { revalidatePath } from 'next/cache'
import { createAddressRule, removeAddressRule } from '@/lib/admin/address-rules'
import { checkOidcProvider, type OidcCheck } from '@/lib/admin/check-oidc-provider'
import { type DangerFacts, readOldRecords, readOpenSessions } from '@/lib/admin/danger-facts'
import { updateFrontend } from '@/lib/admin/frontends'
import { openConsole } from '@/lib/admin/open-console'
import { invalidInput } from '@/lib/admin/parse-input'
import type { Session } from '@/lib/admin/session'
import { updateSettings } from '@/lib/admin/settings'
import { readSettingsPage, type SettingOnPage, undoSettingChange } from '@/lib/admin/settings-page'
import { signEverybodyOut } from '@/lib/admin/sign-everybody-out'
import { pruneUsage } from '@/lib/admin/tail-usage'
import { type SettingName, settingNames } from '@/lib/schemas/settings'
import { runVerb, type VerbResult } from '../../run-verb'

const oidcTimeoutMs = 5000
const pruneBudgetMs = 20_000

/** The revision to wait for, and the setting as it stands now. */
export type Saved = { configRevision: number; setting: SettingOnPage }

/** `null` goes back to the default. `changedAtMs` is what the editor had seen. */
export async function saveSetting(
  name: SettingName,
  value: unknown,
  changedAtMs: number | null,
): Promise<VerbResult<Saved>> {
  return changeSetting(name, (session) =>
    updateSettings(session.admin, { [name]: value }, { [name]: changedAtMs }),
  )
}

export async function undoSetting(
  name: SettingName,
  seen: { changedAtMs: number | null; changeAtMs: number },
): Promise<VerbResult<Saved>> {
  return changeSetting(name, (session) =>
    undoSettingChange(session.admin, asSettingName(name), seen),
  )
}

export async function addAddressRule(input: {
  effect: string
  network: string
  note: string
}): Promise<VerbResult<{ id: string }>> {
  const result = await runVerb(async ({ admin }) => {
    const { id } = await createAddressRule(admin, {
      effect: input.effect,
      network: input.network,
      note: input.note,
    })
    return { id }
  })
  revalidatePath('/console/settings')
  return result
}

export async function dropAddressRule(id: string): Promise<VerbResult> {
  const result = await runVerb(async ({ admin }) => {
    await removeAddressRule(admin, String(id))
    return {}
  })
  revalidatePath('/console/settings')
  return result
}

/** Null leaves it to the setting. */
export async function saveFrontendCapture(
  name: string,
  capture: boolean | null,
): Promise<VerbResult> {
  const result = await runVerb(async ({ admin }) => {
    await updateFrontend(admin, name, { capture })
    return {}
  })
  revalidatePath('/console', 'layout')
  return result
}

export async function testOidcProvider(issuer: string): Promise<VerbResult<{ check: OidcCheck }>> {
  const signal = AbortSignal.timeout(oidcTimeoutMs)
  return runVerb(async ({ admin }) => ({
    check: await checkOidcProvider(admin, String(issuer).slice(0, 300), { signal }),
  }))
}

/** So many at once as fit in 20 s; `isDone` is false where older ones are left. */
export async function pruneRecords(
  days: number,
): Promise<VerbResult<{ removed: number; isDone: boolean }>> {
  const signal = AbortSignal.timeout(pruneBudgetMs)
  return runVerb(async ({ admin }) => {
    if (!Number.isInteger(days) || days < 0 || days > 3650) {
      throw invalidInput('days: expected a whole number from 0 to 3650.')
    }
    const removed = await pruneUsage(admin, { days, signal })
    return { removed, isDone: !signal.aborted }
  }, 'This broke off: some records may be gone, the others are left.')
}

export async function findOldRecords(days: number): Promise<VerbResult<DangerFacts>> {
  return runVerb(async ({ admin, timezone }) =>
    readOldRecords(admin, { days: Number(days), timezone }),
  )
}

export async function findOpenSessions(): Promise<VerbResult<DangerFacts>> {
  return runVerb(({ admin }) => readOpenSessions(admin))
}

export async function endEverySession(): Promise<VerbResult<{ users: number }>> {
  return runVerb(
    async ({ admin }) => ({ users: await signEverybodyOut(admin) }),
    'This broke off: some are signed out, the others are not.',
  )
}

/** Title, accent and time zone stand on every page. */
async function changeSetting(
  name: SettingName,
  change: (session: Session) => Promise<{ configRevision: number }>,
): Promise<VerbResult<Saved>> {
  const result = await runVerb(async (session) => {
    const known = asSettingName(name)
    const { configRevision } = await change(session)
    const { environment } = await openConsole()
    const { settings } = await readSettingsPage(session.admin, environment)
    const setting = settings.find((one) => one.name === known)
    if (setting === undefined) throw invalidInput(`There is no setting "${known}".`)
    return { configRevision, setting }
  })
  revalidatePath('/console', 'layout')
  return result
}

function asSettingName(name: string): SettingName {
  const known = settingNames.find((one) => one === name)
  if (known === undefined) throw invalidInput(`There is no setting "${name}".`)
  return known
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NodeReport } from '@/lib/db/contract'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import { updateSettings } from './settings'
import { settingsOfEnvironment } from './settings-of-environment'
import {
  readSettingsPage,
  type SettingOnPage,
  settingsInEffect,
  undoSettingChange,
} from './settings-page'
import { signEverybodyOut } from './sign-everybody-out'

let test: TestContext
beforeAll(async () => {
  test = await openTestContext()
})
afterAll(() => test.close())

const plain = settingsOfEnvironment({ oidc: null, logLevel: 'info' })
async function read(name: string, environment = plain): Promise<SettingOnPage> {
  const { settings } = await readSettingsPage(test, environment)
  const found = settings.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}

describe('the settings page', () => {
  it('says who changed a setting last and goes back to the value before, then to the default', async () => {
    const admin = test.as('admin')
    await updateSettings(admin, { attemptsMax: 3 })
    await updateSettings(admin, { attemptsMax: 7, inFlightMax: 9 })
    const changed = await read('attemptsMax')
    expect(changed).toMatchObject({
      value: 7,
      isDefault: false,
      lastChange: { by: 'admin-user', before: 3, mayUndo: true },
    })
    const seen = {
      changedAtMs: changed.changedAtMs,
      changeAtMs: changed.lastChange?.atMs ?? 0,
    }
    await undoSettingChange(admin, 'attemptsMax', seen)
    expect(await read('attemptsMax')).toMatchObject({ value: 3, lastChange: { before: 7 } })
    expect(await read('inFlightMax')).toMatchObject({ value: 9, lastChange: { before: null } })
    await expect(undoSettingChange(admin, 'attemptsMax', seen)).rejects.toMatchObject({
      code: 'admin.changed_meanwhile',
    })
  })

  it('refuses the second of two who edit the same setting, and the first value stays', async () => {
    const { changedAtMs } = await read('circuitFailures')
    await updateSettings(test, { circuitFailures: 8 }, { circuitFailures: changedAtMs })
    await expect(
      updateSettings(test, { circuitFailures: 2 }, { circuitFailures: changedAtMs }),
    ).rejects.toMatchObject({ code: 'admin.changed_meanwhile' })
    expect(await read('circuitFailures')).toMatchObject({ value: 8 })
  })

  it('shows what the environment rules, and its log level as the default', async () => {
    const oidc = { issuer: 'https://login.test', clientId: 'corral', clientSecret: 'quiet' }
    const environment = settingsOfEnvironment({ oidc, logLevel: 'debug' })
    expect(await read('oidcIssuer', environment)).toMatchObject({
      value: 'https://login.test',
      ownedBy: 'AUTH_OIDC_ISSUER',
    })
    expect(JSON.stringify(await readSettingsPage(test, environment))).not.toContain('quiet')
    expect(await read('logLevel', environment)).toMatchObject({
      value: 'debug',
      default: 'debug',
      defaultFrom: 'LOG_LEVEL',
    })
  })

  it('never tells a secret, nor goes back to one', async () => {
    const admin = test.as('admin')
    await updateSettings(admin, { oidcClientSecret: 'very quiet' })
    const secret = await read('oidcClientSecret')
    expect(secret).toMatchObject({ value: 'set', lastChange: { mayUndo: false } })
    expect(JSON.stringify(secret)).not.toContain('quiet')
    const seen = { changedAtMs: secret.changedAtMs, changeAtMs: secret.lastChange?.atMs ?? 0 }
    await expect(undoSettingChange(admin, 'oidcClientSecret', seen)).rejects.toMatchObject({
      code: 'admin.invalid_input',
    })
  })

  it('counts the gateways that act on a change already', async () => {
    const { configRevision } = await updateSettings(test, { attemptsMax: 4 })
    const report = (id: string, revision: number): NodeReport => ({
      id,
      role: 'gateway',
      version: '1',
      startedAtMs: 0,
      seenAtMs: test.clock.nowMs(),
      inFlight: 0,
      journalLagRecords: 0,
      eventLoopDelayMs: 0,
      backends: [],
      configRevision: revision,
    })
    await test.database.writeNodeReport(report('one', configRevision))
    await test.database.writeNodeReport(report('two', configRevision - 1))
    expect(await settingsInEffect(test, configRevision)).toEqual({ on: 1, of: 2 })
  })

  it('signs everybody out, the one who asks included', async () => {
    const admin = test.as('admin')
    const id = admin.actor.kind === 'user' ? admin.actor.id : ''
    const before = await test.database.findSessionUser(id)
    expect(await signEverybodyOut(admin)).toBe(4)
    const after = await test.database.findSessionUser(id)
    expect(after?.sessionEpoch).toBe((before?.sessionEpoch ?? 0) + 1)
  })
})

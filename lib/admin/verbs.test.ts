import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '@/lib/schemas/permissions'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import type { AdminContext } from './actor'
import { createAddressRule, listAddressRules, removeAddressRule } from './address-rules'
import { createAlias, listAliases, removeAlias, updateAlias } from './aliases'
import { createAssignment, listAssignments, removeAssignment } from './assignments'
import { findAuditRow, listAuditActors, listAuditRows } from './audit-log'
import {
  createBackend,
  drainBackend,
  listBackends,
  removeBackend,
  resumeBackend,
  updateBackend,
} from './backends'
import { checkBackend } from './check-backend'
import { checkOidcProvider } from './check-oidc-provider'
import { readOldRecords, readOpenSessions } from './danger-facts'
import { explainRoute } from './explain-route'
import { fleetHealth } from './fleet-health'
import { listFrontends, updateFrontend } from './frontends'
import { createInvitation, listInvitations, withdrawInvitation } from './invitations'
import { createKey, disableKey, enableKey, listKeys, revokeKey, rotateKey, updateKey } from './keys'
import { listModels } from './list-models'
import {
  createMemoryRule,
  listMemoryRules,
  orderMemoryRules,
  removeMemoryRule,
  updateMemoryRule,
} from './memory-rules'
import { readMemoryShelf } from './memory-shelf'
import {
  cancelModelJob,
  createModelJob,
  findModelJob,
  getModelJob,
  listModelJobs,
  resumeModelJob,
} from './model-jobs'
import {
  editServer,
  findServerPage,
  lastChangeOf,
  readServersPage,
  removeServer,
  setServerDraining,
  setServerEnabled,
  testServer,
} from './servers'
import { getSetting, listSettings, updateSettings } from './settings'
import { readSettingsPage, settingsInEffect, undoSettingChange } from './settings-page'
import { signEverybodyOut } from './sign-everybody-out'
import { systemFigures } from './system'
import { pruneUsage } from './tail-usage'
import { createTeam, removeTeam, removeTeamMember, setTeamMember, updateTeam } from './teams'
import { usageReport } from './usage-report'
import { readWhatStops } from './user-page'
import { listTeamRows, listUserFilterValues, listUserRows } from './user-rows'
import {
  activateUser,
  createUser,
  deactivateUser,
  removeUser,
  resetUserPassword,
  signOutEverywhere,
  updateUser,
} from './users'

let test: TestContext
beforeAll(async () => {
  test = await openTestContext()
  await createUser(test, { name: nobody })
})
afterAll(() => test.close())

type Verb = { name: string; needs: Role; call: (context: AdminContext) => unknown }
const signal = AbortSignal.timeout(60_000)

/** A user that is there, and none of those who act. */
const nobody = 'bystander'

/** Every verb as somebody might call it; what it would do stands in other tests. */
const verbs: Verb[] = [
  { name: 'createUser', needs: 'admin', call: (c) => createUser(c, { name: 'x' }) },
  { name: 'updateUser', needs: 'admin', call: (c) => updateUser(c, 'none', { role: 'viewer' }) },
  { name: 'activateUser', needs: 'admin', call: (c) => activateUser(c, 'none') },
  { name: 'deactivateUser', needs: 'admin', call: (c) => deactivateUser(c, 'none') },
  { name: 'resetUserPassword', needs: 'admin', call: (c) => resetUserPassword(c, 'none') },
  { name: 'removeUser', needs: 'admin', call: (c) => removeUser(c, 'none') },
  { name: 'signOutEverywhere', needs: 'admin', call: (c) => signOutEverywhere(c, nobody) },
  { name: 'readWhatStops', needs: 'admin', call: (c) => readWhatStops(c, 'none') },
  {
    name: 'listUserRows',
    needs: 'viewer',
    call: (c) => listUserRows(c, { filters: [], sort: null, limit: 1 }),
  },
  {
    name: 'listUserFilterValues',
    needs: 'viewer',
    call: (c) => listUserFilterValues(c, 'role', { filters: [] }),
  },
  { name: 'listTeamRows', needs: 'viewer', call: listTeamRows },
  { name: 'findAuditRow', needs: 'viewer', call: (c) => findAuditRow(c, '1') },
  { name: 'listAuditActors', needs: 'viewer', call: listAuditActors },
  { name: 'createTeam', needs: 'admin', call: (c) => createTeam(c, { name: 'x' }) },
  { name: 'updateTeam', needs: 'admin', call: (c) => updateTeam(c, 'none', { name: 'y' }) },
  { name: 'removeTeam', needs: 'admin', call: (c) => removeTeam(c, 'none') },
  {
    name: 'setTeamMember',
    needs: 'admin',
    call: (c) => setTeamMember(c, 'none', { user: nobody, isAdmin: true }),
  },
  {
    name: 'removeTeamMember',
    needs: 'admin',
    call: (c) => removeTeamMember(c, 'none', { user: nobody }),
  },
  { name: 'listInvitations', needs: 'admin', call: listInvitations },
  { name: 'createInvitation', needs: 'admin', call: (c) => createInvitation(c, {}) },
  { name: 'withdrawInvitation', needs: 'admin', call: (c) => withdrawInvitation(c, 'none') },
  { name: 'getSetting', needs: 'viewer', call: (c) => getSetting(c, 'timezone') },
  { name: 'createBackend', needs: 'operator', call: (c) => createBackend(c, { name: 'x' }) },
  {
    name: 'updateBackend',
    needs: 'operator',
    call: (c) => updateBackend(c, 'none', { weight: 1 }),
  },
  { name: 'drainBackend', needs: 'operator', call: (c) => drainBackend(c, 'none') },
  { name: 'resumeBackend', needs: 'operator', call: (c) => resumeBackend(c, 'none') },
  { name: 'removeBackend', needs: 'operator', call: (c) => removeBackend(c, 'none') },
  {
    name: 'checkBackend',
    needs: 'operator',
    call: (c) => checkBackend(c, 'none', { timeoutMs: 100, signal }),
  },
  { name: 'readServersPage', needs: 'viewer', call: readServersPage },
  { name: 'findServerPage', needs: 'viewer', call: (c) => findServerPage(c, 'none') },
  { name: 'readMemoryShelf', needs: 'viewer', call: readMemoryShelf },
  {
    name: 'testServer',
    needs: 'operator',
    call: (c) => testServer(c, { url: 'x', kind: 'ollama' }, { timeoutMs: 100, signal }),
  },
  {
    name: 'editServer',
    needs: 'operator',
    call: (c) => editServer(c, 'none', { change: { weight: 1 }, before: {} }),
  },
  { name: 'lastChangeOf', needs: 'operator', call: (c) => lastChangeOf(c, 'none') },
  {
    name: 'setServerDraining',
    needs: 'operator',
    call: (c) => setServerDraining(c, 'none', true),
  },
  { name: 'setServerEnabled', needs: 'operator', call: (c) => setServerEnabled(c, 'none', true) },
  { name: 'removeServer', needs: 'operator', call: (c) => removeServer(c, 'none') },
  {
    name: 'updateFrontend',
    needs: 'operator',
    call: (c) => updateFrontend(c, 'none', { access: 'open' }),
  },
  {
    name: 'createAlias',
    needs: 'operator',
    call: (c) => createAlias(c, { alias: '', targets: [] }),
  },
  { name: 'updateAlias', needs: 'operator', call: (c) => updateAlias(c, 'none', { targets: [] }) },
  { name: 'removeAlias', needs: 'operator', call: (c) => removeAlias(c, 'none') },
  {
    name: 'createAssignment',
    needs: 'operator',
    call: (c) => createAssignment(c, { model: 'm', backend: 'none' }),
  },
  { name: 'removeAssignment', needs: 'operator', call: (c) => removeAssignment(c, 'none') },
  { name: 'createMemoryRule', needs: 'operator', call: (c) => createMemoryRule(c, {}) },
  {
    name: 'updateMemoryRule',
    needs: 'operator',
    call: (c) => updateMemoryRule(c, 'none', { gb: 1 }),
  },
  { name: 'orderMemoryRules', needs: 'operator', call: (c) => orderMemoryRules(c, ['none']) },
  { name: 'removeMemoryRule', needs: 'operator', call: (c) => removeMemoryRule(c, 'none') },
  {
    name: 'createModelJob',
    needs: 'operator',
    call: (c) => createModelJob(c, { kind: 'pull', model: 'm', backendIds: ['none'] }),
  },
  { name: 'cancelModelJob', needs: 'operator', call: (c) => cancelModelJob(c, 'none') },
  { name: 'resumeModelJob', needs: 'operator', call: (c) => resumeModelJob(c, 'none') },
  { name: 'listModelJobs', needs: 'viewer', call: (c) => listModelJobs(c) },
  { name: 'findModelJob', needs: 'viewer', call: (c) => findModelJob(c, 'none') },
  { name: 'getModelJob', needs: 'viewer', call: (c) => getModelJob(c, 'none') },
  { name: 'listAuditRows', needs: 'viewer', call: (c) => listAuditRows(c, {}) },
  { name: 'systemFigures', needs: 'viewer', call: (c) => systemFigures(c) },
  { name: 'createAddressRule', needs: 'admin', call: (c) => createAddressRule(c, {}) },
  { name: 'removeAddressRule', needs: 'admin', call: (c) => removeAddressRule(c, 'none') },
  { name: 'updateSettings', needs: 'admin', call: (c) => updateSettings(c, { nothing: 1 }) },
  {
    name: 'readSettingsPage',
    needs: 'viewer',
    call: (c) => readSettingsPage(c, { owned: [], defaults: [] }),
  },
  {
    name: 'undoSettingChange',
    needs: 'admin',
    call: (c) => undoSettingChange(c, 'attemptsMax', { changedAtMs: null, changeAtMs: 0 }),
  },
  { name: 'settingsInEffect', needs: 'viewer', call: (c) => settingsInEffect(c, 1) },
  { name: 'signEverybodyOut', needs: 'admin', call: signEverybodyOut },
  {
    name: 'checkOidcProvider',
    needs: 'admin',
    call: (c) => checkOidcProvider(c, 'nowhere', { signal }),
  },
  {
    name: 'readOldRecords',
    needs: 'admin',
    call: (c) => readOldRecords(c, { days: 30, timezone: 'UTC' }),
  },
  { name: 'readOpenSessions', needs: 'admin', call: readOpenSessions },
  { name: 'pruneUsage', needs: 'admin', call: (c) => pruneUsage(c, { days: 3650, signal }) },
  { name: 'listBackends', needs: 'viewer', call: listBackends },
  { name: 'listFrontends', needs: 'viewer', call: listFrontends },
  { name: 'listAliases', needs: 'viewer', call: listAliases },
  { name: 'listAssignments', needs: 'viewer', call: listAssignments },
  { name: 'listMemoryRules', needs: 'viewer', call: listMemoryRules },
  { name: 'listAddressRules', needs: 'viewer', call: listAddressRules },
  { name: 'listSettings', needs: 'viewer', call: listSettings },
  { name: 'listModels', needs: 'viewer', call: listModels },
  { name: 'fleetHealth', needs: 'viewer', call: fleetHealth },
  { name: 'explainRoute', needs: 'viewer', call: (c) => explainRoute(c, { model: 'm' }) },
  {
    name: 'usageReport by model',
    needs: 'viewer',
    call: (c) => usageReport(c, { by: 'model', sinceMs: 0, untilMs: 1 }),
  },
]

/**
 * What every role may call and gets of it only what it may: other tests say so, by file. Whoever
 * writes a verb or a read model puts it into the table above or into this list.
 */
const scoped: Record<string, string[]> = {
  'verbs.test.ts': [
    ...['listKeys', 'getKey', 'createKey', 'updateKey', 'disableKey', 'enableKey'],
    ...['revokeKey', 'rotateKey'],
  ],
  'teams.test.ts': ['listTeams', 'getTeam', 'listUsers', 'getUser'],
  'people-pages.test.ts': ['readUserPage', 'readPeopleUsage', 'readTeamPage'],
  'no permission of their own': ['listExchangesOf', 'stopExchangesOf'],
  'their own tests': [
    ...['overview', 'serversStrip', 'listInFlight', 'listErrorFigures', 'healthInWords'],
    ...['listRequests', 'findRequest', 'getRequest', 'readUsualFigures', 'exportRequests'],
    ...['listRequestFilterValues', 'readable', 'usageTable', 'usageSeries', 'monthlyReport'],
    'usageTotal',
    ...['resolveUsageScope', 'sinceLastVisit', 'exportAudit', 'backUpDatabase', 'readFrame'],
    ...['readRequestLog', 'listRequestPage', 'findPlaceOfFilter'],
    ...['searchAnything', 'tailUsage', 'stopExchange', 'findCapturedContent'],
    'hasCapturedContent',
    ...['blastRadius', 'readModelMatrix', 'listModelFilterValues', 'findMatrixRow'],
    ...['readModelFigures', 'showModel', 'readModelsPage', 'findModelPage', 'readRoutingPage'],
    ...['readTrafficFlow', 'readUsagePage', 'readUsageReport', 'searchUsageWho'],
    ...['lastKnock', 'listKeyRows', 'listKeyFilterValues', 'findFirstSteps', 'readFirstSteps'],
  ],
  'what getKey lets through, which a row above tries': [
    ...['readKeyPage', 'readKeyUsage', 'listKeyHistory'],
  ],
  'what the verb of one key lets through': ['disableKeys', 'enableKeys', 'rotateKeys'],
  'the same for everyone, or what the person may make': [
    ...['readKeptContent', 'readInheritedCapture'],
    ...['readHelpFacts', 'readConnectFacts', 'listKeyOwners', 'readBranding'],
  ],
  'of the person, and refused to a viewer (playground-key.test.ts)': [
    'mintPlaygroundKey',
    'readPlaygroundFacts',
  ],
  'no verb: what verbs find and describe things by': [
    ...['getUserByReference', 'getBackendByName', 'readRouting', 'describeKey', 'readLimitsOf'],
  ],
}

const rank: Record<Role, number> = { admin: 3, operator: 2, viewer: 1, member: 0 }

async function codeOf(work: unknown): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

describe('permission', () => {
  it('every verb and read model has a row, or is named as one that is cut to its caller', () => {
    const known = new Set([
      ...verbs.map((verb) => verb.name.split(' ')[0]),
      ...Object.values(scoped).flat(),
    ])
    const takesContext =
      /export (?:async )?function\*? ?(\w+)(?:<[^>]*>)?\(\s*(?:context|\{[^}]*\}): AdminContext\b(?! &)/g
    const files = readdirSync(import.meta.dirname).filter((file) => /(?<!\.test)\.ts$/.test(file))
    const found = files.flatMap((file) => {
      const text = readFileSync(path.join(import.meta.dirname, file), 'utf8')
      return [...text.matchAll(takesContext)].map(([, name]) => `${name} of ${file}`)
    })
    expect(found.length).toBeGreaterThan(60)
    expect(found.filter((one) => !known.has(one.split(' ')[0]))).toEqual([])
  })

  it.each(verbs)('$name is refused to every role under $needs, and to no other', async (verb) => {
    for (const role of ['admin', 'operator', 'viewer', 'member'] as const) {
      const code = await codeOf((async () => verb.call(test.as(role)))())
      if (rank[role] < rank[verb.needs]) expect(`${role} ${code}`).toBe(`${role} admin.forbidden`)
      else expect(code).not.toBe('admin.forbidden')
    }
  })

  it('lets a member act on keys of their own and on nobody else’s', async () => {
    const { key: foreign } = await createKey(test, { owner: 'admin-user', name: 'foreign' })
    const member = test.as('member')
    const { key } = await createKey(member, { owner: 'member-user', name: 'own' })
    expect((await listKeys(member)).map((one) => one.name)).toEqual(['own'])
    expect((await disableKey(member, key.prefix)).state).toBe('disabled')
    expect((await enableKey(member, key.prefix)).state).toBe('active')
    expect((await rotateKey(member, key.prefix)).token).toContain(key.prefix)
    expect((await revokeKey(member, key.prefix)).state).toBe('revoked')
    expect(await codeOf(createKey(member, { owner: 'admin-user', name: 'x' }))).toBe(
      'admin.forbidden',
    )
    for (const act of [disableKey, revokeKey, rotateKey]) {
      expect(await codeOf(act(member, foreign.prefix))).toBe('admin.not_found')
    }
    expect(await codeOf(listKeys(member, { owner: 'admin-user' }))).toBe('admin.forbidden')
  })

  it('lets a viewer read every key and change none', async () => {
    const viewer = test.as('viewer')
    const { key } = await createKey(test, { owner: 'viewer-user', name: 'of the viewer' })
    expect((await listKeys(viewer)).length).toBeGreaterThan(1)
    expect(await codeOf(disableKey(viewer, key.prefix))).toBe('admin.forbidden')
  })

  it('lets a member lower a limit of theirs and never raise one', async () => {
    const member = test.as('member')
    const limit = (requests: number, windowSeconds = 60) => ({
      rateLimit: { requests, windowSeconds },
    })
    const { key } = await createKey(member, { owner: 'member-user', name: 'limited', ...limit(50) })
    await updateKey(member, key.id, limit(20))
    for (const more of [limit(21), limit(0), limit(20, 30), { rateLimit: null }]) {
      expect(await codeOf(updateKey(member, key.id, more))).toBe('admin.invalid_input')
    }
    const above = { owner: 'member-user', name: 'above', ...limit(101) }
    expect(await codeOf(createKey(member, above))).toBe('admin.invalid_input')
    expect((await updateKey(test, key.id, limit(500))).rateLimit?.requests).toBe(500)
    await updateFrontend(test, 'default', limit(10))
    const pastTheFrontend = { owner: 'member-user', name: 'past', ...limit(11) }
    expect(await codeOf(createKey(member, pastTheFrontend))).toBe('admin.invalid_input')
    await updateFrontend(test, 'default', { rateLimit: null })
  })

  it('lets a member narrow what a key may do and never widen it', async () => {
    const member = test.as('member')
    const { key } = await createKey(test, {
      owner: 'member-user',
      name: 'narrow',
      permissions: ['inference', 'models:read'],
      models: { allow: ['llama*'], deny: [] },
      expiresAt: new Date(Date.now() + 86_400_000),
    })
    const wider = [
      { models: { allow: ['*'], deny: [] } },
      { networks: { allow: ['*'], deny: [] } },
      { frontends: null },
      { permissions: ['inference', 'embeddings'] },
      { expiresAt: null },
      { expiresAt: new Date(Date.now() + 10 * 86_400_000) },
    ]
    for (const change of wider) {
      expect(await codeOf(updateKey(member, key.id, change))).toBe('admin.forbidden')
    }
    const narrowed = await updateKey(member, key.id, { permissions: ['inference'], name: 'mine' })
    expect(narrowed).toMatchObject({ permissions: ['inference'], name: 'mine' })
  })
})

describe('audit', () => {
  it('has a row for every change, with who, from where, before and after', async () => {
    const admin = test.as('admin')
    await createBackend(admin, { name: 'audited', url: 'http://127.0.0.1:9/v1' })
    await updateBackend(admin, 'audited', { priority: 5 })
    const [row] = await test.database.listAudit({ limit: 1 })
    expect(row).toMatchObject({
      actor: 'admin-user',
      via: 'api',
      address: '192.0.2.7',
      action: 'backend.update',
      targetKind: 'backend',
      targetName: 'audited',
      before: { priority: 100 },
      after: { priority: 5 },
    })
  })

  it('never holds a password, a key, a credential, nor what is made of them', async () => {
    const secrets = ['a password to keep', 'bearer-credential-1', 'bearer-credential-2']
    const [password = '', credential = '', newer = ''] = secrets
    await createUser(test, { name: 'secretive', password })
    await resetUserPassword(test, 'secretive', `${password} again`)
    const { token } = await createKey(test, { owner: 'secretive', name: 'secret key' })
    const rotated = await rotateKey(test, 'secret key', { graceSeconds: 0 })
    await createBackend(test, { name: 'sealed', url: 'http://127.0.0.1:9', credential })
    await updateBackend(test, 'sealed', { credential: newer })
    secrets.push(token.slice(14), rotated.token.slice(14))
    const text = JSON.stringify(await test.database.listAudit({ limit: 500 }))
    for (const secret of secrets) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/\$argon2|"digest"|"sealedCredential":"v1\.|passwordHash/)
    const backend = (await listBackends(test)).find((one) => one.name === 'sealed')
    expect(backend).toMatchObject({ hasCredential: true })
    expect(JSON.stringify(backend)).not.toContain('v1.')
  })
})

describe('keys', () => {
  it('may not exceed the role of their owner', async () => {
    const beyond = createKey(test, {
      owner: 'member-user',
      name: 'too much',
      permissions: ['inference', 'models:manage'],
    })
    await expect(beyond).rejects.toThrow(
      'permissions: a key of "member-user" (member) may have inference, embeddings, models:read; it may not have models:manage.',
    )
    const { key } = await createKey(test, {
      owner: 'operator-user',
      name: 'enough',
      permissions: ['models:manage'],
    })
    expect(key.permissions).toEqual(['models:manage'])
  })

  it('are never active again once revoked', async () => {
    const { key } = await createKey(test, { owner: 'admin-user', name: 'ended' })
    await revokeKey(test, key.id)
    for (const act of [enableKey, disableKey, rotateKey]) {
      await expect(act(test, key.id)).rejects.toThrow('was revoked, which is final')
    }
    expect((await test.database.findKey(key.id))?.state).toBe('revoked')
  })

  it('keep their prefix and their old secret for the grace when rotated, and not with grace 0', async () => {
    const { key, token } = await createKey(test, { owner: 'admin-user', name: 'rotated' })
    const first = await rotateKey(test, key.id, { graceSeconds: 60 })
    expect(first.token.slice(0, 14)).toBe(token.slice(0, 14))
    const after = await test.database.findKeyWithSecretDigestsByPrefix(key.prefix)
    expect(after?.secrets.map((one) => one.validUntilMs).sort()).toEqual([first.graceUntilMs, null])
    await rotateKey(test, key.id, { graceSeconds: 0 })
    const last = await test.database.findKeyWithSecretDigestsByPrefix(key.prefix)
    expect(last?.secrets.map((one) => one.validUntilMs)).toEqual([null])
    await expect(rotateKey(test, key.id, { graceSeconds: -1 })).rejects.toThrow('grace: expected')
  })
})

describe('users', () => {
  it('keep their last active admin', async () => {
    await expect(deactivateUser(test, 'admin-user')).rejects.toThrow('last active admin')
    await expect(updateUser(test, 'admin-user', { role: 'member' })).rejects.toThrow('last active')
  })

  it('get a password that is shown once, or bring one', async () => {
    const made = await createUser(test, { name: 'with-made' })
    expect(made.password).toMatch(/^[0-9A-Za-z]{20}$/)
    const brought = await createUser(test, { name: 'with-own', password: 'long enough to do' })
    expect(brought.password).toBeNull()
    const short = createUser(test, { name: 'short', password: 'short' })
    await expect(short).rejects.toThrow('password: expected 12 to 256 characters.')
  })

  it('keep what an update does not name', async () => {
    const rateLimit = { requests: 5, windowSeconds: 60 }
    await createUser(test, { name: 'partial', role: 'operator', rateLimit })
    const user = await updateUser(test, 'partial', { name: 'partly' })
    expect(user).toMatchObject({ name: 'partly', role: 'operator', active: true, rateLimit })
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NodeReport } from '@/lib/db/contract'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import type { AdminContext } from './actor'
import { listAuditRows } from './audit-log'
import { createKey, revokeKey } from './keys'
import { readTeamPage } from './team-page'
import { createTeam, setTeamMember } from './teams'
import { readPeopleUsage, readUserPage, readWhatStops } from './user-page'
import { listTeamRows, listUserFilterValues, listUserRows } from './user-rows'
import { activateUser, deactivateUser } from './users'

let test: TestContext
beforeAll(async () => {
  test = await openTestContext()
  await createTeam(test, { name: 'vision' })
  await setTeamMember(test, 'vision', { user: 'member-user', isAdmin: true })
  await setTeamMember(test, 'vision', { user: 'viewer-user' })
  await createKey(test, { owner: 'member-user', name: 'laptop' })
  const { key } = await createKey(test, { owner: 'member-user', name: 'old' })
  await revokeKey(test, key.id)
})
afterAll(() => test.close())

const all = { filters: [], sort: null, limit: 100 }
const day = { period: { fromMs: Date.now() - 86_400_000, toMs: Date.now() }, timezone: 'UTC' }

function idOf(context: AdminContext): string {
  return context.actor.kind === 'user' ? context.actor.id : ''
}

describe('the list of people', () => {
  it('is filtered by role, state, team and name, and counts each value under the others', async () => {
    const names = async (field: string, values: string[], isNot = false) =>
      (await listUserRows(test, { ...all, filters: [{ field, isNot, values }] })).rows.map(
        ({ name }) => name,
      )
    expect(await names('role', ['viewer', 'member'])).toEqual(['member-user', 'viewer-user'])
    expect(await names('role', ['viewer', 'member'], true)).toEqual(['admin-user', 'operator-user'])
    expect(await names('team', ['vision'])).toEqual(['member-user', 'viewer-user'])
    expect(await names('name', ['OPER'])).toEqual(['operator-user'])
    expect(await names('state', ['deactivated'])).toEqual([])
    const roles = await listUserFilterValues(test, 'role', {
      filters: [{ field: 'team', isNot: false, values: ['vision'] }],
    })
    expect(roles).toContainEqual({ value: 'member', label: 'member', count: 1 })
    expect(roles).toContainEqual({ value: 'admin', label: 'admin', count: 0 })
  })

  it('names the admins of each team', async () => {
    expect(await listTeamRows(test.as('viewer'))).toMatchObject([
      { name: 'vision', memberCount: 2, admins: [{ name: 'member-user' }] },
    ])
  })
})

describe('the page of a person', () => {
  it('shows keys that are not revoked, teams and what the reader may do', async () => {
    const page = await readUserPage(test.as('admin'), 'member-user')
    expect(page.keys.map(({ name }) => name)).toEqual(['laptop'])
    expect(page).toMatchObject({
      revokedKeyCount: 1,
      teams: [{ teamName: 'vision', isAdmin: true }],
      isSelf: false,
      may: { manage: true, resetPassword: true, changePassword: false },
    })
  })

  it('is their own for a member, who may change the password and nothing of the account', async () => {
    const member = test.as('member')
    expect(await readUserPage(member, 'member-user')).toMatchObject({
      isSelf: true,
      may: { manage: false, resetPassword: false, changePassword: true, signOutEverywhere: true },
    })
    await expect(readUserPage(member, 'viewer-user')).rejects.toMatchObject({
      code: 'admin.forbidden',
    })
    await expect(readPeopleUsage(member, [idOf(test.as('viewer'))], day)).rejects.toMatchObject({
      code: 'admin.forbidden',
    })
    expect((await readPeopleUsage(member, [idOf(member)], day)).total.requests).toBe(0)
  })
})

describe('the page of a team', () => {
  it('is open to its members, its usage to those who may know it', async () => {
    const viewer = await readTeamPage(test.as('viewer'), 'vision')
    expect(viewer.usageOf).toHaveLength(2)
    expect(viewer.candidates).toEqual([])
    const member = await readTeamPage(test.as('member'), 'vision')
    expect(member.usageOf).toEqual([idOf(test.as('member'))])
    expect(member.members.map(({ mayOpen }) => mayOpen)).toEqual([true, false])
    const admin = await readTeamPage(test.as('admin'), 'vision')
    expect(admin.candidates.map(({ name }) => name)).toEqual(['admin-user', 'operator-user'])
  })

  it('does not exist for a member of none', async () => {
    await createTeam(test, { name: 'secret' })
    await expect(readTeamPage(test.as('member'), 'secret')).rejects.toMatchObject({
      code: 'admin.not_found',
    })
  })
})

describe('deactivating', () => {
  it('says what stops, and stops the requests of this person only', async () => {
    const userId = idOf(test.as('member'))
    await test.database.writeNodeReport(nodeWith(userId, idOf(test.as('viewer'))))
    expect(await readWhatStops(test, 'member-user')).toMatchObject({ keys: 1, inFlight: 1 })
    await deactivateUser(test.as('admin'), 'member-user')
    const { rows } = await listAuditRows(test, { action: 'request.stop' })
    expect(rows).toMatchObject([{ actor: 'admin-user', targetId: requestOf('A') }])
    await activateUser(test, 'member-user')
  })
})

function requestOf(letter: string): string {
  return `req_${letter.repeat(26)}`
}

function nodeWith(...userIds: string[]): NodeReport {
  const nowMs = Date.now()
  return {
    id: 'node-1',
    role: 'all',
    version: '0.0.0',
    startedAtMs: nowMs,
    seenAtMs: nowMs,
    inFlight: userIds.length,
    journalLagRecords: 0,
    eventLoopDelayMs: 0,
    backends: [],
    exchanges: userIds.map((userId, place) => ({
      id: requestOf('AB'[place] ?? 'C'),
      startedAtMs: nowMs,
      keyId: null,
      keyName: null,
      userId,
      model: 'llama3.2:3b',
      backendName: null,
      operation: 'chat',
      state: 'streaming' as const,
    })),
  }
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import type { AdminContext } from './actor'
import { acceptInvitation, createInvitation, findInvitation, listInvitations } from './invitations'
import { createKey, getKey, listKeys, revokeKey, rotateKey, updateKey } from './keys'
import {
  createTeam,
  getTeam,
  listTeams,
  removeTeam,
  removeTeamMember,
  setTeamMember,
  updateTeam,
} from './teams'
import { createUser, getUser, listUsers, signOutEverywhere } from './users'

let test: TestContext
beforeAll(async () => {
  test = await openTestContext()
})
afterAll(() => test.close())

const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  )

/** As the session makes it of a team admin. */
function leading(userIds: string[]): AdminContext {
  const member = test.as('member')
  if (member.actor.kind !== 'user') throw new Error('not a user')
  return { ...member, actor: { ...member.actor, managedUserIds: userIds } }
}

describe('teams', () => {
  it('have members, and a member sees theirs and no other', async () => {
    await createTeam(test, { name: 'red', description: 'the first' })
    await createTeam(test, { name: 'blue' })
    await setTeamMember(test, 'red', { user: 'member-user' })
    const { team, members } = await getTeam(test.as('member'), 'red')
    expect(team).toMatchObject({ name: 'red', memberCount: 1, models: { allow: ['*'] } })
    expect(members).toMatchObject([{ userName: 'member-user', isAdmin: false }])
    expect(await codeOf(getTeam(test.as('member'), 'blue'))).toBe('admin.not_found')
    expect((await listTeams(test.as('member'))).map((one) => one.name)).toEqual(['red'])
    expect(await listTeams(test.as('viewer'))).toHaveLength(2)
    await removeTeamMember(test, 'red', { user: 'member-user' })
    expect(await listTeams(test.as('member'))).toEqual([])
    await removeTeam(test, 'blue')
    expect(await codeOf(getTeam(test, 'blue'))).toBe('admin.not_found')
  })

  it('take only rules that can be read, and tell what is wrong', async () => {
    const bad = createTeam(test, { name: 'bad', models: { allow: [''], deny: [] } })
    expect(await codeOf(bad)).toBe('admin.invalid_input')
    expect(await codeOf(updateTeam(test, 'red', {}))).toBe('admin.invalid_input')
  })

  it('their admin manages keys of the members, who may do no more than they may', async () => {
    const { user: hand } = await createUser(test, { name: 'hand' })
    const lead = leading([hand.id])
    const { key } = await createKey(lead, { owner: 'hand', name: 'of the hand' })
    expect((await getKey(lead, key.id)).ownerName).toBe('hand')
    expect((await rotateKey(lead, key.id)).token).toContain(key.prefix)
    expect((await listKeys(lead)).map((one) => one.name)).toContain('of the hand')
    expect((await listKeys(lead, { owner: 'hand' })).length).toBe(1)
    expect((await getUser(lead, hand.id)).user.name).toBe('hand')
    expect((await listUsers(lead)).map((one) => one.name).sort()).toEqual(['hand', 'member-user'])
    const wider = { models: { allow: ['*'], deny: [] } }
    expect(await codeOf(updateKey(lead, key.id, wider))).toBe('admin.forbidden')
    expect(await codeOf(createKey(lead, { owner: 'admin-user', name: 'x' }))).toBe(
      'admin.forbidden',
    )
    expect((await revokeKey(lead, key.id)).state).toBe('revoked')
    expect(await codeOf(signOutEverywhere(lead, 'hand'))).toBe('admin.forbidden')
  })

  it('their limit is what a member may lower, between the user’s and the frontend’s', async () => {
    await createTeam(test, { name: 'slow', rateLimit: { requests: 5, windowSeconds: 60 } })
    await createUser(test, { name: 'limited' })
    await setTeamMember(test, 'slow', { user: 'limited' })
    const { user } = await getUser(test, 'limited')
    const lead = leading([user.id])
    const ask = (requests: number) =>
      createKey(lead, {
        owner: 'limited',
        name: `k${requests}`,
        rateLimit: { requests, windowSeconds: 60 },
      })
    expect(await codeOf(ask(6))).toBe('admin.invalid_input')
    expect(await codeOf(ask(5))).toBe('done')
  })
})

describe('invitations', () => {
  it('last 72 h, make one user with role and teams, and ask for a good password', async () => {
    const { invitation, token } = await createInvitation(test, {
      role: 'operator',
      teams: ['red'],
      email: 'new@team.example',
    })
    expect(invitation.expiresAtMs - test.clock.nowMs()).toBeGreaterThan(71.9 * 3_600_000)
    expect(invitation.expiresAtMs - test.clock.nowMs()).toBeLessThanOrEqual(72 * 3_600_000)
    expect(JSON.stringify(await test.database.listAudit({ limit: 50 }))).not.toContain(token)
    const accept = (name: string, password = 'long enough to be one') =>
      acceptInvitation({ ...test, address: null }, { token, name, password })
    expect(await codeOf(accept('newcomer', 'short'))).toBe('admin.invalid_input')
    expect(await codeOf(accept('admin-user'))).toBe('admin.already_exists')
    expect(await accept('newcomer')).toMatchObject({ role: 'operator', email: 'new@team.example' })
    expect((await getUser(test, 'newcomer')).teams).toMatchObject([{ teamName: 'red' }])
    expect(await codeOf(accept('another'))).toBe('auth.invitation_over')
    expect(await findInvitation(test, token)).toBeNull()
    expect(await listInvitations(test)).toEqual([])
  })

  it('are over after 72 h', async () => {
    const { token } = await createInvitation(test, { userName: 'late' })
    const later = { ...test.clock, nowMs: () => Date.now() + 72 * 3_600_000 + 1 }
    expect(await findInvitation(test, token)).toMatchObject({ userName: 'late' })
    expect(await findInvitation({ ...test, clock: later }, token)).toBeNull()
  })
})

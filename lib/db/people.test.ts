import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditEntry, Database, SignIn } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import { keyInputSchema } from '@/lib/schemas/entities'
import type { Role } from '@/lib/schemas/permissions'
import { createTestDatabases } from '@/tests/support/test-databases'
import { runSql } from './test-support/run-sql'

const older = await createTestDatabases()

for (const [index, { engine, url }] of (await createTestDatabases()).entries()) {
  describe.skipIf(url === null)(engine, () => {
    let db: Database

    beforeAll(async () => {
      db = await openDatabase({ url: url ?? '' })
      await db.migrate()
    })
    afterAll(() => db?.close())

    test('a database from before the console keeps its users and their keys', async () => {
      const address = older[index]?.url ?? ''
      const file = path.join('prisma', engine, 'migrations/0001_first/migration.sql')
      await runSql(
        address,
        `${await readFile(file, 'utf8')};
        CREATE TABLE "_corral_migrations" ("name" TEXT NOT NULL PRIMARY KEY, "checksum" TEXT NOT NULL, "applied_at" BIGINT NOT NULL);
        INSERT INTO "_corral_migrations" VALUES ('0001_first', 'x', 1);
        INSERT INTO users (id, name, role, active, created_at_ms) VALUES ('u', 'old', 'admin', true, 1);
        INSERT INTO keys (id, prefix, name, state, permissions, models, networks, owner_id, created_at_ms)
          VALUES ('k', 'p', 'old key', 'active', '[]', '{}', '{}', 'u', 1);`,
      )
      const migrated = await openDatabase({ url: address })
      await migrated.migrate()
      expect(await migrated.findUser('u')).toMatchObject({
        name: 'old',
        keyCount: 1,
        mustChangePassword: false,
        lastVisitAtMs: null,
      })
      expect(await migrated.findSessionUser('u')).toMatchObject({ sessionEpoch: 0 })
      expect(await migrated.findKey('k')).toMatchObject({ name: 'old key', ownerName: 'old' })
      await migrated.close()
    })

    describe('sessions', () => {
      test('end with a new password, a deactivation, and a sign-out everywhere', async () => {
        const { id } = await createUser('epoch')
        const epoch = async () => (await db.findSessionUser(id))?.sessionEpoch
        expect(await epoch()).toBe(0)
        const changed = await db.updateUserPasswordHash(id, 'new', audit('x'), {
          mustChangePassword: true,
        })
        expect(changed.sessionEpoch).toBe(1)
        expect(await db.findSessionUser(id)).toMatchObject({ mustChangePassword: true })
        await db.updateUserPasswordHash(id, 'newer', audit('x'))
        expect(await db.findUser(id)).toMatchObject({ mustChangePassword: false })
        await db.updateUser(id, { active: false }, audit('x'))
        await db.updateUser(id, { active: false }, audit('x'))
        await db.updateUser(id, { active: true, role: 'viewer' }, audit('x'))
        expect(await epoch()).toBe(3)
        await db.endUserSessions(id, audit('x'))
        expect(await epoch()).toBe(4)
      })

      test('an older kind of hash is replaced only while it is the one that holds', async () => {
        const { id } = await createUser('rehashed')
        await db.replaceUserPasswordHash(id, { from: 'hash of rehashed', to: 'argon' })
        expect(await db.findUserWithPasswordHash('rehashed')).toMatchObject({
          passwordHash: 'argon',
          sessionEpoch: 0,
        })
        await db.replaceUserPasswordHash(id, { from: 'hash of rehashed', to: 'late' })
        expect(await db.findUserWithPasswordHash('rehashed')).toMatchObject({
          passwordHash: 'argon',
        })
        expect(await db.findUserWithPasswordHash('nobody')).toBeNull()
      })

      test('only the read that says so holds the hash of a password', async () => {
        const user = await createUser('hidden')
        const seen = [user, await db.findUser(user.id), await db.findSessionUser(user.id)]
        expect(JSON.stringify([...seen, await db.listUsers()])).not.toContain('hash of hidden')
        expect(user).toMatchObject({ hasPassword: true, hasOidc: false })
      })

      test('the last 20 sign-ins are kept, newest first, and the last good one is told', async () => {
        const { id } = await createUser('signer')
        for (let n = 1; n <= 23; n++) await db.recordSignIn(signIn(id, n, n !== 23))
        const kept = await db.listSignIns({ userId: id, limit: 50 })
        expect(kept).toHaveLength(20)
        expect(kept[0]).toEqual(signIn(id, 23, false))
        expect(kept.at(-1)?.atMs).toBe(4)
        expect(await db.findUser(id)).toMatchObject({ lastSignInAtMs: 22 })
        await db.touchUserVisit(id, 77)
        expect(await db.findSessionUser(id)).toMatchObject({ lastVisitAtMs: 77 })
      })

      test('a person of a provider opens one account only', async () => {
        const [first, second] = [await createUser('linked'), await createUser('unlinked')]
        const oidc = { issuer: 'https://issuer.test', subject: 'sub-1' }
        expect(await db.findUserByOidc(oidc)).toBeNull()
        await db.linkUserToOidc(first.id, oidc, audit('x'))
        expect(await db.findUserByOidc(oidc)).toMatchObject({ id: first.id, hasOidc: true })
        await expect(db.linkUserToOidc(second.id, oidc, audit('x'))).rejects.toMatchObject({
          code: 'admin.already_exists',
        })
      })
    })

    describe('teams', () => {
      test('a team is made, found, changed and removed, each heard by the gateways', async () => {
        const before = await db.readRevision()
        const team = await db.createTeam(teamInput('red'), audit('team.create'))
        expect(team).toMatchObject({ name: 'red', memberCount: 0, rateLimit: null })
        expect(await db.findTeam('red')).toEqual(team)
        expect(await db.findTeam(team.id)).toEqual(team)
        await expect(db.createTeam(teamInput('red'), audit('x'))).rejects.toMatchObject({
          code: 'admin.already_exists',
        })
        const rateLimit = { requests: 3, windowSeconds: 1 }
        const changed = await db.updateTeam(team.id, { rateLimit, name: 'blue' }, audit('x'))
        expect(changed).toEqual({ ...team, rateLimit, name: 'blue' })
        await db.removeTeam(team.id, audit('team.remove'))
        expect(await db.findTeam(team.id)).toBeNull()
        expect((await db.readRevision()).keys - before.keys).toBe(3)
        await expect(db.removeTeam(team.id, audit('x'))).rejects.toMatchObject({ status: 404 })
      })

      test('members come with their keys’ rules, and a team admin with whom they manage', async () => {
        const team = await db.createTeam(
          { ...teamInput('crew'), models: { allow: ['a*'], deny: [] } },
          audit('x'),
        )
        const [boss, hand] = [await createUser('boss'), await createUser('hand', 'operator')]
        const add = (userId: string, isAdmin: boolean) =>
          db.setTeamMember({ teamId: team.id, userId, isAdmin }, audit('team.set_member'))
        await add(boss.id, false)
        await add(hand.id, false)
        expect((await db.findSessionUser(boss.id))?.managedUsers).toEqual([])
        await add(boss.id, true)
        expect((await db.findSessionUser(boss.id))?.managedUsers).toHaveLength(2)
        expect((await db.findSessionUser(boss.id))?.managedUsers).toContainEqual({
          id: hand.id,
          role: 'operator',
        })
        const [row] = await db.listAudit({ limit: 1 })
        expect(row).toMatchObject({
          targetName: 'crew',
          before: { member: 'boss', isAdmin: false },
          after: { member: 'boss', isAdmin: true },
        })
        expect(await db.listTeamMemberships({ teamId: team.id })).toMatchObject([
          { userName: 'boss', isAdmin: true },
          { userName: 'hand', isAdmin: false, userRole: 'operator' },
        ])
        await createKey(hand.id, 'crew123456')
        const key = await db.findKeyWithSecretDigestsByPrefix('crew123456')
        expect(key?.owner.teams).toEqual([
          { id: team.id, name: 'crew', models: { allow: ['a*'], deny: [] }, rateLimit: null },
        ])
        await db.removeTeamMember({ teamId: team.id, userId: hand.id }, audit('x'))
        expect(await db.listTeamMemberships({ userId: hand.id })).toEqual([])
        await db.removeUser(boss.id, audit('x'))
        expect(await db.findTeam(team.id)).toMatchObject({ memberCount: 0 })
      })
    })

    describe('invitations', () => {
      test('a link makes one user, with role and teams, and never a second', async () => {
        const team = await db.createTeam(teamInput('guests'), audit('x'))
        const made = await invite({ digest: 'd1', role: 'operator', teams: [team.id, 'gone'] })
        expect(await db.findInvitationByDigest('d1')).toEqual(made)
        expect(await db.listInvitations(1000)).toContainEqual(made)
        const both = await Promise.allSettled([accept('d1', 'guest-a'), accept('d1', 'guest-b')])
        expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
        const [membership] = await db.listTeamMemberships({ teamId: team.id })
        expect(membership).toMatchObject({ userRole: 'operator', isAdmin: false })
        expect(await db.listInvitations(1000)).toEqual([])
        await expect(accept('d1', 'guest-c')).rejects.toMatchObject({
          code: 'auth.invitation_over',
        })
      })

      test('is over when its time is, and when it was withdrawn', async () => {
        const { id } = await invite({ digest: 'd2', expiresAtMs: 1000 })
        await expect(accept('d2', 'late', 1000)).rejects.toMatchObject({ status: 410 })
        await db.removeInvitation(id, audit('x'))
        await expect(accept('d2', 'gone', 1)).rejects.toMatchObject({ status: 410 })
        expect(JSON.stringify(await db.listAudit({ limit: 20 }))).not.toContain('"d2"')
      })
    })

    const createUser = (name: string, role: Role = 'member') =>
      db.createUser(
        { name, role, active: true, rateLimit: null, passwordHash: `hash of ${name}` },
        audit('user.create'),
      )
    const createKey = (ownerId: string, prefix: string) =>
      db.createKey(
        {
          ...keyInputSchema.parse({ name: prefix, permissions: [] }),
          ownerId,
          prefix,
          digest: 'd',
        },
        audit('key.create'),
      )
    const invite = (
      fields: Partial<Parameters<Database['createInvitation']>[0]> & { digest: string },
    ) =>
      db.createInvitation(
        {
          userName: null,
          email: null,
          role: 'member',
          teams: [],
          createdBy: 'ana',
          expiresAtMs: Date.now() + 60_000,
          ...fields,
        },
        audit('user.invite'),
      )
    const accept = (digest: string, userName: string, nowMs = 500) =>
      db.acceptInvitation({ digest, userName, passwordHash: 'h', nowMs }, audit('x'))
  })
}

function teamInput(name: string) {
  return { name, description: '', models: { allow: ['*'], deny: [] }, rateLimit: null }
}

function signIn(userId: string, atMs: number, ok: boolean): SignIn {
  const reason = ok ? null : 'auth.sign_in_failed'
  return { userId, atMs, method: 'password', ok, reason, address: '192.0.2.1', userAgent: null }
}

function audit(action: string): AuditEntry {
  return {
    actor: 'test',
    actorUserId: null,
    via: 'cli',
    address: null,
    action,
    targetKind: 'user',
    targetId: null,
    targetName: null,
  }
}

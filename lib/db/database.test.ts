import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditEntry, Database } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import { backendInputSchema, keyInputSchema } from '@/lib/schemas/entities'
import { createTestDatabases } from '@/tests/support/test-databases'

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(engine, () => {
    let db: Database

    beforeAll(async () => {
      db = await openDatabase({ url: url ?? '' })
      await db.migrate()
    })
    afterAll(() => db?.close())

    test('tells its engine, and migrating again applies nothing', async () => {
      expect(db.engine).toBe(engine)
      expect(await db.migrate()).toEqual({ applied: [] })
    })

    describe('users', () => {
      test('a user is made, found, changed and removed, each with an audit row and a revision', async () => {
        const before = await db.readRevision()
        const made = await createUser('ada')
        expect(made).toMatchObject({ name: 'ada', role: 'member', active: true, keyCount: 0 })
        expect(await db.findUserByName('ada')).toEqual(made)
        expect(await db.listUsers()).toContainEqual(made)
        const changed = await db.updateUser(
          made.id,
          { role: 'viewer', rateLimit: { requests: 5, windowSeconds: 60 } },
          audit('user.update'),
        )
        expect(changed).toMatchObject({ role: 'viewer', rateLimit: { requests: 5 } })
        await db.updateUserPasswordHash(made.id, 'another-hash', audit('user.password'))
        await db.removeUser(made.id, audit('user.remove'))
        expect(await db.findUserByName('ada')).toBeNull()
        const after = await db.readRevision()
        expect(after.keys - before.keys).toBe(4)
        expect(after.config).toBe(before.config)
        const rows = await db.listAudit({ limit: 4 })
        expect(rows.map((row) => row.action)).toEqual([
          'user.remove',
          'user.password',
          'user.update',
          'user.create',
        ])
        expect(rows[2]).toMatchObject({
          targetId: made.id,
          targetName: 'ada',
          before: { role: 'member' },
          after: { role: 'viewer' },
        })
        expect(JSON.stringify(rows)).not.toContain('hash')
      })

      test('a name is taken once, by making and by renaming', async () => {
        const first = await createUser('unique')
        const second = await createUser('other')
        await expect(createUser('unique')).rejects.toMatchObject({
          code: 'admin.already_exists',
          params: { kind: 'user', name: 'unique' },
        })
        await expect(
          db.updateUser(second.id, { name: 'unique' }, audit('user.update')),
        ).rejects.toMatchObject({ code: 'admin.already_exists' })
        expect(
          await db.updateUser(first.id, { name: 'unique' }, audit('user.update')),
        ).toMatchObject({ name: 'unique' })
      })

      test('a refused change leaves no audit row and no revision', async () => {
        await createUser('refused')
        const [revision, rows] = [await db.readRevision(), await db.listAudit({ limit: 1 })]
        await expect(createUser('refused')).rejects.toThrow()
        expect(await db.readRevision()).toEqual(revision)
        expect(await db.listAudit({ limit: 1 })).toEqual(rows)
      })

      test('a missing user is not found', async () => {
        await expect(db.updateUser('none', {}, audit('x'))).rejects.toMatchObject({
          code: 'admin.not_found',
        })
        await expect(db.removeUser('none', audit('x'))).rejects.toMatchObject({ status: 404 })
      })

      test('the last active admin can be neither removed, demoted nor deactivated', async () => {
        const admin = await createUser('root', 'admin')
        const idle = await createUser('idle', 'admin')
        await db.updateUser(idle.id, { active: false }, audit('user.update'))
        const refused = { code: 'admin.last_admin' }
        await expect(db.removeUser(admin.id, audit('x'))).rejects.toMatchObject(refused)
        await expect(db.updateUser(admin.id, { role: 'viewer' }, audit('x'))).rejects.toMatchObject(
          refused,
        )
        await expect(db.updateUser(admin.id, { active: false }, audit('x'))).rejects.toMatchObject(
          refused,
        )
        expect(await db.findUserByName('root')).toMatchObject({ role: 'admin', active: true })
        await db.updateUser(idle.id, { active: true }, audit('user.update'))
        await db.removeUser(admin.id, audit('user.remove'))
      })

      test('of two admins demoted at once, one stays', async () => {
        const admins = (await db.listUsers()).filter((user) => user.role === 'admin')
        const another = await createUser('another-root', 'admin')
        const results = await Promise.allSettled(
          [...admins, another].map((user) =>
            db.updateUser(user.id, { role: 'member' }, audit('x')),
          ),
        )
        expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1)
        const left = (await db.listUsers()).filter((user) => user.role === 'admin')
        expect(left).toHaveLength(1)
      })

      test('a user who owns keys is removed only when all are revoked, and they go along', async () => {
        const owner = await createUser('owner')
        const key = await createKey(owner.id, 'own1234567')
        await expect(db.removeUser(owner.id, audit('x'))).rejects.toMatchObject({
          code: 'admin.in_use',
        })
        await db.updateKey(key.id, { state: 'revoked' }, audit('key.revoke'))
        await db.removeUser(owner.id, audit('x'))
        expect(await db.findKey(key.id)).toBeNull()
      })
    })

    describe('keys', () => {
      test('a key is found by id, by prefix, and by a name that it alone has', async () => {
        const owner = await createUser('finder')
        const key = await createKey(owner.id, 'find123456', 'ci')
        expect(await db.findKey(key.id)).toEqual(key)
        expect(await db.findKey('find123456')).toEqual(key)
        expect(await db.findKey('ci')).toEqual(key)
        await createKey(owner.id, 'find654321', 'ci')
        expect(await db.findKey('ci')).toBeNull()
        expect(await db.listKeys({ ownerId: owner.id })).toHaveLength(2)
        expect(await db.findUserByName('finder')).toMatchObject({ keyCount: 2 })
      })

      test('only the read that says so holds digests', async () => {
        const owner = await createUser('secretive')
        const key = await createKey(owner.id, 'secret1234')
        const seen = [
          key,
          await db.findKey(key.id),
          await db.listKeys(),
          await db.listAudit({ limit: 9 }),
        ]
        expect(JSON.stringify(seen)).not.toContain('digest')
        expect(await db.findKeyWithSecretDigestsByPrefix('secret1234')).toMatchObject({
          id: key.id,
          state: 'active',
          owner: { name: 'secretive', role: 'member', active: true, rateLimit: null },
          secrets: [{ digest: 'digest of secret1234', kind: 'sha256', validUntilMs: null }],
        })
        expect(await db.findKeyWithSecretDigestsByPrefix('none')).toBeNull()
      })

      test('a prefix is taken once, and an owner must exist', async () => {
        const owner = await createUser('prefixer')
        await createKey(owner.id, 'once123456')
        await expect(createKey(owner.id, 'once123456')).rejects.toMatchObject({
          code: 'admin.already_exists',
        })
        await expect(createKey('nobody', 'else123456')).rejects.toMatchObject({
          code: 'admin.not_found',
        })
      })

      test('a rotation ends the other secrets after its grace, and never makes a grace longer', async () => {
        const owner = await createUser('rotator')
        const key = await createKey(owner.id, 'rotate1234')
        const soon = Date.now() + 60_000
        await db.rotateKey(key.id, { digest: 'second', graceUntilMs: soon }, audit('key.rotate'))
        await db.rotateKey(key.id, { digest: 'third', graceUntilMs: soon + 60_000 }, audit('x'))
        expect(await secretsOf('rotate1234')).toEqual([
          ['digest of rotate1234', soon],
          ['second', soon + 60_000],
          ['third', null],
        ])
        await db.rotateKey(key.id, { digest: 'fourth', graceUntilMs: 0 }, audit('key.rotate'))
        expect(await secretsOf('rotate1234')).toEqual([['fourth', null]])
        const found = await db.findKeyWithSecretDigestsByPrefix('rotate1234')
        await db.replaceSecretDigest(found?.secrets[0]?.id ?? '', 'hashed anew')
        expect(await secretsOf('rotate1234')).toEqual([['hashed anew', null]])
        expect(JSON.stringify(await db.listAudit({ limit: 3 }))).not.toContain('fourth')
      })

      test('everything about a key can be changed, but revoked stays revoked', async () => {
        const owner = await createUser('changer')
        const key = await createKey(owner.id, 'change1234')
        const expiresAt = new Date(Date.now() + 1000)
        const changed = await db.updateKey(
          key.id,
          {
            name: 'renamed',
            permissions: ['models:read'],
            models: { allow: ['a*'], deny: ['b'] },
            frontends: ['default'],
            networks: { allow: ['10.0.0.0/8'], deny: [] },
            rateLimit: { requests: 1, windowSeconds: 1 },
            expiresAt,
            state: 'revoked',
          },
          audit('key.update'),
        )
        expect(changed).toMatchObject({ name: 'renamed', expiresAtMs: expiresAt.getTime() })
        const again = await db.updateKey(key.id, { state: 'active', expiresAt: null }, audit('x'))
        expect(again).toEqual({ ...changed, expiresAtMs: null })
      })

      test('uses are written for all keys at once, and an older use changes nothing', async () => {
        const owner = await createUser('toucher')
        const first = await createKey(owner.id, 'touch00001')
        const second = await createKey(owner.id, 'touch00002')
        await db.touchKeys([
          { keyId: first.id, lastUsedAtMs: 5000 },
          { keyId: second.id, lastUsedAtMs: 7000 },
          { keyId: 'gone', lastUsedAtMs: 1 },
        ])
        await db.touchKeys([{ keyId: first.id, lastUsedAtMs: 4000 }])
        await db.touchKeys([])
        const keys = await db.listKeys({ ownerId: owner.id })
        expect(keys.map((key) => key.lastUsedAtMs)).toEqual([5000, 7000])
      })
    })

    describe('what routes', () => {
      test('a backend is made, found, changed and removed, its credential never read but sealed', async () => {
        const made = await db.createBackend(
          { ...backendFields('gpu'), sealedCredential: 'sealed-text' },
          audit('backend.create'),
        )
        expect(made).toMatchObject({ name: 'gpu', hasCredential: true, labels: { zone: 'a' } })
        expect(await db.findBackendByName('gpu')).toEqual(made)
        const seen = [made, await db.listBackends(), await db.listAudit({ limit: 3 })]
        expect(JSON.stringify(seen)).not.toContain('sealed-text')
        const config = await db.readGatewayConfig()
        expect(config.backends).toEqual([{ ...made, sealedCredential: 'sealed-text' }])
        const changed = await db.updateBackend(
          made.id,
          { draining: true, maxMemoryGb: 24.5, sealedCredential: null },
          audit('backend.update'),
        )
        expect(changed).toEqual({
          ...made,
          draining: true,
          maxMemoryGb: 24.5,
          hasCredential: false,
        })
        await expect(
          db.createBackend({ ...backendFields('gpu'), sealedCredential: null }, audit('x')),
        ).rejects.toMatchObject({ code: 'admin.already_exists' })
        await db.removeBackend(made.id, audit('backend.remove'))
        await expect(db.removeBackend(made.id, audit('x'))).rejects.toMatchObject({
          code: 'admin.not_found',
        })
      })

      test('a backend with assignments is not removed', async () => {
        const backend = await db.createBackend(
          { ...backendFields('assigned'), sealedCredential: null },
          audit('backend.create'),
        )
        const assignment = await db.createAssignment(
          { model: 'llama*', backendId: backend.id },
          audit('assignment.create'),
        )
        expect(assignment).toMatchObject({ model: 'llama*', backendName: 'assigned' })
        await expect(
          db.createAssignment({ model: 'llama*', backendId: backend.id }, audit('x')),
        ).rejects.toMatchObject({ code: 'admin.already_exists' })
        await expect(
          db.createAssignment({ model: 'm', backendId: 'none' }, audit('x')),
        ).rejects.toMatchObject({ code: 'admin.not_found' })
        await expect(db.removeBackend(backend.id, audit('x'))).rejects.toMatchObject({
          code: 'admin.in_use',
          params: { kind: 'backend', name: 'assigned' },
        })
        await db.removeAssignment(assignment.id, audit('assignment.remove'))
        await db.removeBackend(backend.id, audit('backend.remove'))
      })

      test('there is one default frontend, however many ask for it at once', async () => {
        const asked = await Promise.all([1, 2, 3, 4].map(() => db.ensureDefaultFrontend()))
        expect(new Set(asked.map((frontend) => frontend.id)).size).toBe(1)
        const [frontend] = asked
        expect(frontend).toMatchObject({ name: 'default', isDefault: true, access: 'keyed' })
        const changed = await db.updateFrontend(
          frontend?.id ?? '',
          {
            access: 'open',
            openNetworks: ['10.0.0.0/8'],
            rateLimit: { requests: 3, windowSeconds: 9 },
          },
          audit('frontend.update'),
        )
        expect(await db.listFrontends()).toEqual([changed])
        await expect(db.updateFrontend('none', {}, audit('x'))).rejects.toMatchObject({
          code: 'admin.not_found',
        })
      })

      test('aliases, memory rules and address rules are made once and removed', async () => {
        const alias = await db.createAlias({ alias: 'big', targets: ['a', 'b'] }, audit('x'))
        const memory = await db.createMemoryRule(
          { kind: 'pattern', match: '70b', gb: 40.5, position: 2 },
          audit('x'),
        )
        const first = await db.createMemoryRule(
          { kind: 'override', match: '70b', gb: 41, position: 1 },
          audit('x'),
        )
        const address = await db.createAddressRule(
          { effect: 'deny', network: '10.0.0.0/8', note: 'lab' },
          audit('x'),
        )
        const exists = { code: 'admin.already_exists' }
        await expect(
          db.createAlias({ alias: 'big', targets: ['c'] }, audit('x')),
        ).rejects.toMatchObject(exists)
        await expect(
          db.createMemoryRule({ kind: 'pattern', match: '70b', gb: 1, position: 0 }, audit('x')),
        ).rejects.toMatchObject(exists)
        await expect(
          db.createAddressRule({ effect: 'deny', network: '10.0.0.0/8', note: '' }, audit('x')),
        ).rejects.toMatchObject(exists)
        expect(await db.readGatewayConfig()).toMatchObject({
          aliases: [alias],
          memoryRules: [first, memory],
          addressRules: [address],
        })
        await db.removeAlias(alias.id, audit('x'))
        await db.removeMemoryRule(memory.id, audit('x'))
        await db.removeMemoryRule(first.id, audit('x'))
        await db.removeAddressRule(address.id, audit('x'))
        for (const remove of [
          db.removeAlias,
          db.removeMemoryRule,
          db.removeAddressRule,
          db.removeAssignment,
        ]) {
          await expect(remove('none', audit('x'))).rejects.toMatchObject({
            code: 'admin.not_found',
          })
        }
        expect([
          ...(await db.listAliases()),
          ...(await db.listMemoryRules()),
          ...(await db.listAddressRules()),
        ]).toEqual([])
      })

      test('a setting is written, seen in the configuration, and null brings the default back', async () => {
        const before = await db.readRevision()
        await db.writeSettings({ attemptsMax: 3, corsOrigins: ['http://a'] }, audit('settings.set'))
        await db.writeSettings({ attemptsMax: null }, audit('settings.set'))
        expect(await db.readSettings()).toEqual({ corsOrigins: ['http://a'] })
        const config = await db.readGatewayConfig()
        expect(config.settings).toEqual({ corsOrigins: ['http://a'] })
        expect(config.revision.config).toBe(before.config + 2)
        expect((await db.listAudit({ limit: 1 }))[0]).toMatchObject({
          targetName: 'attemptsMax',
          before: { attemptsMax: 3 },
          after: {},
        })
      })

      test('audit pages follow each other without a gap', async () => {
        const all = await db.listAudit({ limit: 1000 })
        const first = await db.listAudit({ limit: 3 })
        const second = await db.listAudit({ limit: 3, beforeId: first[2]?.id ?? '' })
        expect([...first, ...second]).toEqual(all.slice(0, 6))
      })
    })

    describe('what nodes say', () => {
      test('a report replaces the one before, and old nodes are forgotten', async () => {
        const report = nodeReport('n1', 100_000_000)
        await db.writeNodeReport(report)
        await db.writeNodeReport({ ...report, inFlight: 7, seenAtMs: 100_001_000 })
        await db.writeNodeReport(nodeReport('n2', 100_002_000))
        expect(await db.listNodeReports({ seenSinceMs: 100_000_500 })).toMatchObject([
          { id: 'n1', inFlight: 7 },
          { id: 'n2' },
        ])
        await db.writeNodeReport(nodeReport('n3', 100_001_500 + 86_400_000))
        const left = await db.listNodeReports({ seenSinceMs: 0 })
        expect(left.map((node) => node.id)).toEqual(['n2', 'n3'])
      })

      test('the later look at a catalogue stays, and it goes with its backend', async () => {
        const backend = await db.createBackend(
          { ...backendFields('shelf'), sealedCredential: null },
          audit('backend.create'),
        )
        const model = {
          name: 'm:latest',
          digest: null,
          sizeBytes: 5e9,
          modifiedAt: null,
          capabilities: ['tools'],
          entry: { name: 'm:latest', details: { family: 'x' } },
        }
        await db.replaceCatalogue(backend.id, [model], 2000)
        await db.replaceCatalogue(backend.id, [], 1000)
        await db.replaceCatalogue('removed', [model], 2000)
        expect(await db.listCatalogue()).toEqual([
          { backendId: backend.id, observedAtMs: 2000, models: [model] },
        ])
        await db.removeBackend(backend.id, audit('backend.remove'))
        expect(await db.listCatalogue()).toEqual([])
      })
    })

    function createUser(name: string, role: 'admin' | 'member' = 'member') {
      return db.createUser(
        { name, role, active: true, rateLimit: null, passwordHash: 'hash' },
        audit('user.create'),
      )
    }

    function createKey(ownerId: string, prefix: string, name = prefix) {
      const input = keyInputSchema.parse({ name, permissions: ['inference'] })
      return db.createKey(
        { ...input, ownerId, prefix, digest: `digest of ${prefix}` },
        audit('key.create'),
      )
    }

    async function secretsOf(prefix: string) {
      const found = await db.findKeyWithSecretDigestsByPrefix(prefix)
      return found?.secrets.map((secret) => [secret.digest, secret.validUntilMs]).sort()
    }
  })
}

function audit(action: string): AuditEntry {
  return {
    actor: 'test',
    actorUserId: null,
    via: 'cli',
    address: null,
    action,
    targetKind: action.split('.')[0] ?? '',
    targetId: null,
    targetName: null,
  }
}

function backendFields(name: string) {
  const { credential: _, ...fields } = backendInputSchema.parse({
    name,
    url: 'http://127.0.0.1:11434',
    labels: { zone: 'a' },
  })
  return fields
}

function nodeReport(id: string, seenAtMs: number) {
  return {
    id,
    role: 'all' as const,
    version: '1',
    startedAtMs: 1,
    seenAtMs,
    inFlight: 0,
    journalLagRecords: 0,
    eventLoopDelayMs: 0,
    backends: [],
  }
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditEntry, Database } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import { createTestDatabases } from '@/tests/support/test-databases'

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`the audit in ${engine}`, () => {
    let db: Database

    beforeAll(async () => {
      db = await openDatabase({ url: url ?? '' })
      await db.migrate()
      await set({ brandTitle: 'Gate' }, { actor: 'ada', via: 'console', address: '10.0.0.7' })
      await set({ brandTitle: '100% of_it' }, { actor: 'bob', action: 'settings.undo' })
      await set({ rateLimitRequests: 7 }, { actor: 'ada', targetName: 'rateLimitRequests' })
    })
    afterAll(() => db?.close())

    async function set(values: Record<string, unknown>, different: Partial<AuditEntry>) {
      await db.writeSettings(values, { ...entry, ...different })
    }

    const found = async (search: Partial<Parameters<Database['searchAudit']>[0]>) =>
      (await db.searchAudit({ limit: 10, ...search })).map(({ actor }) => actor)

    test('is found by who, what, where and when, the newest first', async () => {
      expect(await found({})).toEqual(['ada', 'bob', 'ada'])
      expect(await found({ actor: 'bob' })).toEqual(['bob'])
      expect(await found({ action: 'settings' })).toHaveLength(3)
      expect(await found({ action: 'settings.undo' })).toEqual(['bob'])
      expect(await found({ action: 'sett' })).toEqual([])
      expect(await found({ targetKind: 'setting' })).toHaveLength(3)
      expect(await found({ sinceMs: Date.now() + 1000 })).toEqual([])
      expect(await found({ untilMs: Date.now() + 1000 })).toHaveLength(3)
      const among = [{ column: 'via', isNot: true, values: ['console'] } as const]
      expect(
        await found({ among: among.map((one) => ({ ...one, values: [...one.values] })) }),
      ).toEqual(['ada', 'bob'])
    })

    test('a text is found in any case in names, addresses and values, and its signs are signs', async () => {
      expect(await found({ text: 'GATE' })).toContain('ada')
      expect(await found({ text: '10.0.0.7' })).toEqual(['ada'])
      expect(await found({ text: 'RATELIMIT' })).toEqual(['ada'])
      expect(await found({ text: '100% of_it' })).toEqual(['bob'])
      expect(await found({ text: '100%' })).not.toContain('ada')
      expect(await found({ text: 'f_it' })).toEqual(['bob'])
      expect(await found({ text: "'; DROP TABLE audit; --" })).toEqual([])
      expect(await found({ withoutText: 'bob' })).toEqual(['ada', 'ada'])
    })

    test('goes on where the page before ended', async () => {
      const [first, ...rest] = await db.searchAudit({ limit: 10 })
      const next = await db.searchAudit({ limit: 10, beforeId: first?.id })
      expect(next).toEqual(rest)
      expect(rest).toHaveLength(2)
    })
  })
}

const entry: AuditEntry = {
  actor: 'test',
  actorUserId: null,
  via: 'cli',
  address: null,
  action: 'settings.update',
  targetKind: 'setting',
  targetId: null,
  targetName: null,
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { type FiguresContext, openFiguresContext } from '@/tests/admin/open-figures-context'
import { createTestDatabases } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { blastRadius } from './blast-radius'
import { readOldRecords, readOpenSessions } from './danger-facts'
import { createTeam, setTeamMember } from './teams'
import { usageReport } from './usage-report'

const hourMs = 3_600_000

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`the blast radius on ${engine}`, () => {
    const nowMs = Date.UTC(2026, 9, 26, 12, 7, 30)
    let test: FiguresContext

    beforeAll(async () => {
      test = await openFiguresContext({ url: url ?? '', nowMs })
      await test.ingest(makeRecords(test))
      const { big, small } = test.backendIds
      await test.database.replaceCatalogue(big, [model('llama3.3:70b'), model('qwen3:8b')], nowMs)
      await test.database.replaceCatalogue(small, [model('qwen3:8b')], nowMs)
    })
    afterAll(() => test?.close())

    it('counts who used a server in the last 24 hours, as "corral usage" does', async () => {
      const radius = await blastRadius(test, { backendId: test.backendIds.big })
      const report = await usageReport(test, {
        by: 'backend',
        sinceMs: nowMs - 24 * hourMs,
        untilMs: nowMs,
      })
      const row = report.rows.find((one) => one.group === test.backendIds.big)
      expect(radius.requests).toBe(row?.requests)
      expect(radius).toMatchObject({
        requests: 48,
        perHour: 2,
        users: 2,
        keys: 2,
        anonymousRequests: 4,
        isAtLeast: false,
        people: [{ name: 'ana' }, { name: 'tom' }],
      })
      expect(radius.facts).toEqual([
        '48 requests, about 2 an hour',
        '2 users with 2 keys: ana, tom',
        '4 requests without a key',
        '1 model would be left without a server: llama3.3:70b',
      ])
    })

    it('names what no other server would serve, even where the server is draining', async () => {
      const { big, small } = test.backendIds
      expect((await blastRadius(test, { backendId: small })).leftWithout).toEqual([])
      const there = { backendId: big, model: 'LLAMA3.3:70b' }
      expect((await blastRadius(test, there)).leftWithout).toMatchObject([
        { model: 'llama3.3:70b', requests: 24 },
      ])
      expect((await blastRadius(test, { backendId: big, model: 'qwen3:8b' })).leftWithout).toEqual(
        [],
      )
      const audit = auditOf(test)
      await test.database.updateBackend(big, { draining: true }, audit)
      expect((await blastRadius(test, { backendId: big })).leftWithout).toHaveLength(1)
      await test.database.updateBackend(small, { enabled: false }, audit)
      expect((await blastRadius(test, { backendId: big })).leftWithout).toHaveLength(2)
      await test.database.updateBackend(small, { enabled: true }, audit)
    })

    it('counts a key, a user, a model in each of its spellings, and an alias', async () => {
      expect(await blastRadius(test, { keyIds: [test.anaKey.id] })).toMatchObject({
        requests: 24,
        users: 1,
        keys: 1,
      })
      expect(await blastRadius(test, { userId: test.tom.id })).toMatchObject({
        requests: 22,
        people: [{ name: 'tom', requests: 22 }],
      })
      expect(await blastRadius(test, { model: 'qwen3:8b' })).toMatchObject({ requests: 26 })
      expect(await blastRadius(test, { alias: 'gpt-*' })).toMatchObject({ requests: 2, users: 1 })
      const nobody = await blastRadius(test, { model: 'phi4:14b' })
      expect(nobody).toMatchObject({ requests: 0, isHarmless: true })
      expect(nobody.facts).toEqual(['Nobody: there was no request'])
    })

    it('counts several keys together, and the people of a team', async () => {
      const keyIds = [test.anaKey.id, test.tomKey.id]
      expect(await blastRadius(test, { keyIds })).toMatchObject({ requests: 46, users: 2, keys: 2 })
      const { id: teamId } = await createTeam(test, { name: 'vision' })
      expect((await blastRadius(test, { teamId })).isHarmless).toBe(true)
      await setTeamMember(test, teamId, { user: 'tom' })
      expect(await blastRadius(test, { teamId })).toMatchObject({
        requests: 22,
        people: [{ name: 'tom' }],
      })
    })

    it('leaves nothing without a server that the next request loads again', async () => {
      const there = { backendId: test.backendIds.big, model: 'llama3.3:70b', isUnload: true }
      expect(await blastRadius(test, there)).toMatchObject({ requests: 24, leftWithout: [] })
    })

    it('tells a member only of what is theirs', async () => {
      const member = test.asUser(test.ana)
      await expect(blastRadius(member, { keyIds: [test.tomKey.id] })).rejects.toThrow()
      await expect(blastRadius(member, { userId: test.tom.id })).rejects.toThrow()
      await expect(blastRadius(member, { backendId: test.backendIds.big })).rejects.toThrow()
      await expect(blastRadius(member, { teamId: 'vision' })).rejects.toThrow()
      expect((await blastRadius(member, { keyIds: [test.anaKey.id] })).requests).toBe(24)
    })

    it('says of the danger zone how many records go, and whose sessions end', async () => {
      const days = { days: 1, timezone: 'UTC' }
      expect((await readOldRecords(test, days)).facts[0]).toMatch(
        /^≈ \d+ requests, the oldest of 2\d Oct 2026$/,
      )
      expect(await readOldRecords(test, { ...days, days: 3000 })).toMatchObject({
        isHarmless: true,
      })
      expect(await readOpenSessions(test)).toEqual({
        facts: ['Nobody: no session is open'],
        isHarmless: true,
      })
      await test.database.touchUserVisit(test.ana.id, nowMs - hourMs)
      expect((await readOpenSessions(test)).facts).toEqual(['1 person who may be signed in: ana'])
    })

    function makeRecords({ ana, tom, anaKey, tomKey, backendIds }: FiguresContext): UsageRecord[] {
      const records: UsageRecord[] = []
      const add = (count: number, different: Partial<UsageRecord>) => {
        for (let i = 0; i < count; i++) {
          records.push(
            makeUsageRecord({
              startedAtMs: nowMs - 20 * 60_000 - i * 50 * 60_000,
              backendId: backendIds.big,
              backendName: 'big',
              ...different,
            }),
          )
        }
      }
      const byAna = { keyId: anaKey.id, userId: ana.id, principal: 'ana' }
      const byTom = { keyId: tomKey.id, userId: tom.id, principal: 'tom' }
      const nobody = { keyId: null, keyPrefix: null, userId: null, principal: 'anonymous' }
      const large = { modelAsked: 'llama3.3:70b', modelServed: 'llama3.3:70b' }
      add(24, { ...byAna, ...large })
      add(18, { ...byTom, modelAsked: 'qwen3:8b', modelServed: 'qwen3:8b' })
      add(2, { ...byTom, modelAsked: 'QWEN3:8b', modelServed: 'QWEN3:8b' })
      add(4, { ...nobody, modelAsked: 'qwen3:8b', modelServed: 'qwen3:8b' })
      const small = { backendId: backendIds.small, backendName: 'small' }
      add(2, { ...byTom, ...small, modelAsked: 'gpt-4o', modelServed: 'qwen3:8b' })
      add(5, { ...byAna, ...large, startedAtMs: nowMs - 30 * hourMs })
      return records
    }
  })
}

function model(name: string) {
  return {
    name,
    digest: null,
    sizeBytes: 5e9,
    modifiedAt: null,
    capabilities: ['completion'],
    entry: {},
  }
}

function auditOf(test: FiguresContext) {
  return {
    actor: 'test',
    actorUserId: null,
    via: 'cli',
    address: null,
    action: 'backend.update',
    targetKind: 'backend',
    targetId: test.backendIds.big,
    targetName: 'big',
  } as const
}

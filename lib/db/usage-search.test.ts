import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type UsageRecord, usageOutcome } from '@/lib/schemas/usage-record'
import { createRunFolder, createTestDatabases } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import type { Database } from './contract'
import type { UsageCursor, UsageSearch } from './contract-reads'
import { openDatabase } from './open-database'
import { renderUsageLine } from './usage-line'

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`the search of ${engine}`, () => {
    const beginMs = Date.UTC(2026, 2, 26, 22, 0)
    const records: UsageRecord[] = []
    let db: Database
    let keyId = ''
    let userId = ''

    beforeAll(async () => {
      db = await openDatabase({ url: url ?? '' })
      await db.migrate()
      const audit = {
        actor: 'test',
        actorUserId: null,
        via: 'cli',
        address: null,
        action: 'test',
        targetKind: 'user',
        targetId: null,
        targetName: null,
      } as const
      const user = await db.createUser(
        { name: 'ada', role: 'member', active: true, rateLimit: null, passwordHash: null },
        audit,
      )
      userId = user.id
      const key = await db.createKey(
        {
          name: 'own',
          permissions: ['inference'],
          models: { allow: [], deny: [] },
          frontends: null,
          networks: { allow: [], deny: [] },
          rateLimit: null,
          expiresAt: null,
          capture: null,
          ownerId: user.id,
          prefix: 'abcdefghij',
          digest: '0'.repeat(64),
        },
        audit,
      )
      keyId = key.id
      records.push(...makeRecords({ keyId, userId, beginMs }))
      const name = 'search-0123456789-000001.jsonl'
      const file = path.join(createRunFolder(), name)
      writeFileSync(file, records.map(renderUsageLine).join(''))
      while (!(await db.ingestJournalSegment({ path: file, name, bytesMax: 1_000_000 })).ended);
      records.sort((a, b) => b.startedAtMs - a.startedAtMs || (a.id < b.id ? 1 : -1))
    })
    afterAll(() => db?.close())

    const searches: [string, Partial<UsageSearch>, (record: UsageRecord) => boolean][] = [
      ['everything', {}, () => true],
      ['a status', { is: { status: ['429'] } }, (r) => r.status === 429],
      [
        'a class of statuses',
        { is: { status: ['4xx'] } },
        (r) => r.status >= 400 && r.status < 500,
      ],
      ...(['failed', 'refused', 'left', 'ok'] as const).map(
        (outcome): (typeof searches)[number] => [
          `what is counted as ${outcome}`,
          { is: { outcome: [outcome] } },
          (r) => usageOutcome(r) === outcome,
        ],
      ),
      [
        'two outcomes of a backend',
        { is: { outcome: ['failed', 'left'], backendId: ['backend-1'] } },
        (r) => ['failed', 'left'].includes(usageOutcome(r)) && r.backendId === 'backend-1',
      ],
      [
        'a server error that nobody stopped',
        { is: { status: ['5xx'] }, isNot: { outcome: ['left'] } },
        (r) => r.status >= 500 && usageOutcome(r) !== 'left',
      ],
      ['an outcome that there is not', { is: { outcome: ['broken'] } }, () => false],
      ['two classes', { is: { status: ['4xx', '5xx'] } }, (r) => r.status >= 400],
      ['what went well', { is: { status: ['2xx'] } }, (r) => r.status < 300],
      ['a status that nobody got', { is: { status: ['418'] } }, () => false],
      ['nonsense for a status', { is: { status: ['x'] } }, () => false],
      [
        'an error code',
        { is: { errorCode: ['limits.rate_exceeded'] } },
        (r) => r.errorCode === 'limits.rate_exceeded',
      ],
      ['a model', { is: { modelServed: ['model-3'] } }, (r) => r.modelServed === 'model-3'],
      [
        'one of two models',
        { is: { modelServed: ['model-3', 'model-1'] } },
        (r) => ['model-3', 'model-1'].includes(r.modelServed ?? ''),
      ],
      [
        'no model of these',
        { isNot: { modelServed: ['model-3', 'model-1'] } },
        (r) => !['model-3', 'model-1'].includes(r.modelServed ?? ''),
      ],
      [
        'a name that was asked for',
        { is: { modelAsked: ['alias'] } },
        (r) => r.modelAsked === 'alias',
      ],
      [
        'a backend and a status',
        { is: { backendId: ['backend-2'], status: ['5xx'] } },
        (r) => r.backendId === 'backend-2' && r.status >= 500,
      ],
      [
        'a model but no refusals',
        { is: { modelServed: ['model-0'] }, isNot: { status: ['4xx'] } },
        (r) => r.modelServed === 'model-0' && (r.status < 400 || r.status >= 500),
      ],
      ['slow ones', { totalMsMin: 1500 }, (r) => r.totalMs >= 1500],
      ['long prompts', { promptTokensMin: 12 }, (r) => (r.promptTokens ?? 0) >= 12],
      ['long answers', { completionTokensMin: 1400 }, (r) => (r.completionTokens ?? 0) >= 1400],
      [
        'an operation of a dialect from an address',
        { is: { operation: ['embed'], dialect: ['openai'], clientAddress: ['10.0.0.3'] } },
        (r) => r.operation === 'embed' && r.dialect === 'openai' && r.clientAddress === '10.0.0.3',
      ],
      [
        'a range of time',
        { sinceMs: beginMs + 100_000, untilMs: beginMs + 400_000 },
        (r) => r.startedAtMs >= beginMs + 100_000 && r.startedAtMs < beginMs + 400_000,
      ],
    ]

    for (const [what, search, fits] of searches) {
      test(`finds ${what}, page by page, in both directions, without a gap`, async () => {
        const expected = records.filter(fits).map((record) => record.id)
        expect(await readAll({ ...search, limit: 40 })).toEqual(expected)
        const newer = await readAll({ ...search, direction: 'newer', limit: 700 })
        expect(newer).toEqual(expected.toReversed())
      })
    }

    test('finds what is of a user, through their keys', async () => {
      const own = records.filter((record) => record.userId === userId).map((record) => record.id)
      expect(own.length).toBeGreaterThan(100)
      expect(await readAll({ is: { userId: [userId] }, limit: 30 })).toEqual(own)
      expect(await readAll({ is: { userId: ['nobody'] }, limit: 30 })).toEqual([])
    })

    test('finds a part of an id, whatever stands in it', async () => {
      const wanted = records[77]?.id ?? ''
      expect(await readAll({ idText: wanted.slice(-9).toLowerCase(), limit: 5 })).toEqual([wanted])
      expect(await readAll({ idText: "%_'; --", limit: 5 })).toEqual([])
    })

    test('a search whose time is over says so, and goes on where it was', async () => {
      const search = { is: { clientAddress: ['192.0.2.200'] }, limit: 5 }
      let page = await db.searchUsageRecords({ ...search, budgetMs: 0 })
      expect(page).toMatchObject({ records: [], outOfTime: true })
      let pages = 1
      while (page.cursor !== null && pages < 20) {
        page = await db.searchUsageRecords({ ...search, cursor: page.cursor, budgetMs: 0 })
        pages++
      }
      expect(page).toMatchObject({ cursor: null, outOfTime: false })
      expect(page.records.map((record) => record.id)).toEqual(
        records.filter((record) => record.clientAddress === '192.0.2.200').map(({ id }) => id),
      )
    })

    test('the last of each error is found, for one user or for all', async () => {
      const codes = ['limits.rate_exceeded', 'backends.timed_out', 'never.was']
      const always = { sinceMs: 0, untilMs: Number.MAX_SAFE_INTEGER }
      const last = (code: string, of?: string) =>
        records.find((r) => r.errorCode === code && (of === undefined || r.userId === of))
      const found = await db.findLastErrors({ codes, ...always })
      expect(found.map((one) => one.id)).toEqual(codes.flatMap((code) => last(code)?.id ?? []))
      const own = await db.findLastErrors({ codes, userId, ...always })
      expect(own.map((one) => one.id)).toEqual(
        codes.flatMap((code) => last(code, userId)?.id ?? []),
      )
      const untilMs = last('backends.timed_out')?.startedAtMs ?? 0
      const before = await db.findLastErrors({ codes, sinceMs: 0, untilMs })
      expect(before.every(({ atMs }) => atMs < untilMs)).toBe(true)
      expect(
        await db.findLastErrors({ codes, sinceMs: untilMs + 1, untilMs: untilMs + 1 }),
      ).toEqual([])
    })

    test('the audit is searched by all of it at once', async () => {
      const search = {
        actor: 'test',
        action: 'test',
        targetKind: 'user',
        sinceMs: 1,
        untilMs: Date.now() + 60_000,
        beforeId: '1000000',
        limit: 10,
      }
      const found = await db.searchAudit({ ...search, text: '"NAME":"ADA"' })
      expect(found).toMatchObject([{ action: 'test', after: { name: 'ada' } }])
      expect(await db.searchAudit({ ...search, text: 'a%a' })).toEqual([])
      expect(await db.searchAudit({ ...search, action: 'te' })).toEqual([])
    })

    async function readAll(search: Omit<UsageSearch, 'budgetMs'>): Promise<string[]> {
      const ids: string[] = []
      let cursor: UsageCursor | null = null
      for (let pages = 0; pages < 500; pages++) {
        const page = await db.searchUsageRecords({
          ...search,
          ...(cursor && { cursor }),
          budgetMs: 60_000,
        })
        expect(page.records.length).toBeLessThanOrEqual(search.limit)
        ids.push(...page.records.map((record) => record.id))
        cursor = page.cursor
        if (cursor === null) return ids
      }
      throw new Error('the pages did not end')
    }
  })
}

/** Six thousand; several at the same millisecond. */
function makeRecords(own: { keyId: string; userId: string; beginMs: number }): UsageRecord[] {
  return Array.from({ length: 6000 }, (_, index) => {
    const status =
      index % 20 === 7
        ? 429
        : index % 50 === 9
          ? 504
          : index % 70 === 1
            ? 499
            : index % 90 === 4
              ? 503
              : 200
    return makeUsageRecord({
      startedAtMs: own.beginMs + Math.floor(index / 3) * 250,
      keyId: index % 9 === 0 ? own.keyId : index % 9 === 1 ? null : `key-${index % 9}`,
      userId: index % 9 === 0 ? own.userId : index % 9 === 1 ? null : `user-${index % 3}`,
      modelAsked: index % 90 === 0 ? 'alias' : `model-${index % 4}`,
      modelServed: index % 40 === 0 ? null : `model-${index % 4}`,
      backendId: `backend-${index % 3}`,
      operation: index % 2 === 0 ? 'chat' : 'embed',
      dialect: index % 5 === 0 ? 'openai' : 'ollama',
      clientAddress: index === 0 ? '192.0.2.200' : `10.0.0.${index % 7}`,
      status,
      errorCode: codes[status] ?? null,
      totalMs: index % 1600,
      promptTokens: index % 13,
      completionTokens: index % 17 === 0 ? null : index % 1500,
    })
  })
}

const codes: Record<number, string> = {
  429: 'limits.rate_exceeded',
  499: 'gateway.client_left',
  503: 'gateway.stopped',
  504: 'backends.timed_out',
}

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRunFolder, createTestDatabases } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import type { Database } from './contract'
import type { UsageCursor } from './contract-reads'
import { openDatabase } from './open-database'
import { renderUsageLine } from './usage-line'

const beginMs = Date.UTC(2026, 4, 4, 9)
const count = 15_000
const budgetMs = 2
/** A busy machine stops any process for longer than a step lasts. */
const roomMs = 500

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`a search without an index on ${engine}`, () => {
    let db: Database
    // Several at the same millisecond; every 977th is what is looked for.
    const records = Array.from({ length: count }, (_, index) =>
      makeUsageRecord({
        startedAtMs: beginMs + Math.floor(index / 7),
        clientAddress: index % 977 === 5 ? '192.0.2.9' : '10.0.0.1',
      }),
    )

    beforeAll(async () => {
      db = await openDatabase({ url: url ?? '' })
      await db.migrate()
      const name = 'budget-0123456789-000001.jsonl'
      const file = path.join(createRunFolder(), name)
      writeFileSync(file, records.map(renderUsageLine).join(''))
      while (!(await db.ingestJournalSegment({ path: file, name, bytesMax: 4_000_000 })).ended);
    }, 60_000)
    afterAll(() => db?.close())

    test('ends when its time is over, and says how far it came', async () => {
      const beganMs = performance.now()
      const page = await db.searchUsageRecords({
        is: { clientAddress: ['198.51.100.1'] },
        limit: 10,
        budgetMs,
      })
      expect(performance.now() - beganMs).toBeLessThan(budgetMs + roomMs)
      expect(page).toMatchObject({ records: [], outOfTime: true })
      expect(page.cursor?.atMs).toBeGreaterThan(beginMs)
    })

    for (const direction of ['older', 'newer'] as const) {
      test(`goes on exactly where it stopped, towards what is ${direction}`, async () => {
        const found: string[] = []
        let stops = 0
        let cursor: UsageCursor | null = null
        do {
          const page = await db.searchUsageRecords({
            is: { clientAddress: ['192.0.2.9'] },
            direction,
            limit: 10,
            budgetMs,
            ...(cursor && { cursor }),
          })
          found.push(...page.records.map((record) => record.id))
          if (page.outOfTime) stops++
          cursor = page.cursor
        } while (cursor !== null)
        expect(stops).toBeGreaterThan(1)
        const expected = records
          .filter((record) => record.clientAddress === '192.0.2.9')
          .map((record) => record.id)
        expect(found).toEqual(direction === 'newer' ? expected : expected.toReversed())
      })
    }
  })
}

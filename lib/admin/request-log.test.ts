import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FiguresContext, openFiguresContext } from '@/tests/admin/open-figures-context'
import { usageRecord } from '@/tests/admin/usage-record'
import { createTestDatabases } from '@/tests/support/test-databases'
import { readRequestLog } from './request-log'

const nowMs = Date.UTC(2026, 9, 26, 12, 0, 30)
const period = { fromMs: nowMs - 3_600_000, toMs: nowMs }
const timezone = 'Asia/Kathmandu'

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`the page of requests on ${engine}`, () => {
    let test: FiguresContext
    const filter = { sinceMs: period.fromMs, untilMs: period.toMs }
    const read = (context: typeof test | ReturnType<typeof test.asUser>, more = {}) =>
      readRequestLog(context, { filter: { ...filter, ...more }, period, timezone })

    beforeAll(async () => {
      test = await openFiguresContext({ url: url ?? '', nowMs, timezone })
      expect((await read(test)).hasAny).toBe(false)
      const of = (place: number, user: 'ana' | 'tom', status: number) =>
        usageRecord(`req_${place}`, {
          startedAtMs: nowMs - place * 60_000,
          status,
          userId: test[user].id,
          keyId: user === 'ana' ? test.anaKey.id : test.tomKey.id,
          modelServed: 'llama3.2:3b',
          errorCode: status === 502 ? 'backends.broke_off' : null,
        })
      await test.ingest([of(1, 'ana', 200), of(2, 'tom', 502), of(3, 'ana', 200)])
    })
    afterAll(() => test?.close())

    const heightOf = ({ histogram }: Awaited<ReturnType<typeof read>>, id: string) =>
      histogram.series.find((one) => one.id === id)?.points.reduce((sum, one) => sum + one, 0)

    it('counts in the strip what the list shows, failed apart', async () => {
      const log = await read(test)
      expect(log.page.rows.map((row) => row.id)).toEqual(['req_1', 'req_2', 'req_3'])
      expect(log.histogram).toMatchObject({ bucket: 'minute', of: 'filtered' })
      expect([heightOf(log, 'ok'), heightOf(log, 'failed')]).toEqual([2, 1])
      expect(log.page.rows[0]).not.toHaveProperty('routeDecision')
    })

    it('counts by one field of the roll-ups, and says so where it cannot', async () => {
      const ofTom = await read(test, { is: { keyId: [test.tomKey.id] } })
      expect([heightOf(ofTom, 'ok'), heightOf(ofTom, 'failed')]).toEqual([0, 1])
      expect(ofTom.names).toEqual({ key: { [test.tomKey.id]: 'ci' } })
      const failed = await read(test, { is: { status: ['5xx'] } })
      expect(failed.page.rows).toHaveLength(1)
      expect(failed.histogram.of).toBe('all')
      expect(heightOf(failed, 'ok')).toBe(2)
    })

    it('shows a member their own, in rows, strip and names', async () => {
      const member = test.asUser(test.ana)
      const log = await read(member, { is: { keyId: [test.tomKey.id] } })
      expect(log.page.rows).toEqual([])
      expect(log.hasAny).toBe(true)
      expect(heightOf(log, 'failed')).toBe(0)
      expect(log.names).toEqual({ key: {} })
      expect(heightOf(await read(member), 'ok')).toBe(2)
    })
  })
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcomes } from '@/lib/ui/outcomes'
import { type FiguresContext, openFiguresContext } from '@/tests/admin/open-figures-context'
import { usageRecord } from '@/tests/admin/usage-record'
import { createTestDatabases } from '@/tests/support/test-databases'
import { readRequestLog } from './request-log'
import { listRequestFilterValues } from './requests'
import { usageTable } from './usage-figures'

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

    it('holds as many rows of each outcome as the figures count, stopped and left apart', async () => {
      const ended = [
        [502, 'backends.broke_off'],
        [503, 'gateway.stopped'],
        [499, 'gateway.client_left'],
        [404, 'backends.refused'],
        [404, 'backends.refused'],
      ] as const
      const earlier = { fromMs: nowMs - 7_200_000, toMs: nowMs - 3_600_000 }
      await test.ingest(
        ended.map(([status, errorCode], place) =>
          usageRecord(`req_ended_${place}`, {
            startedAtMs: earlier.fromMs + 60_000,
            status,
            errorCode,
          }),
        ),
      )
      const { total } = await usageTable(test, { by: 'outcome', period: earlier, timezone })
      expect(total).toMatchObject({ failed: 1, left: 2, refused: 2, ok: 0 })
      const times = { sinceMs: earlier.fromMs, untilMs: earlier.toMs }
      for (const outcome of outcomes) {
        const search = { filter: { ...times, is: { outcome: [outcome] } }, period: earlier }
        const log = await readRequestLog(test, { ...search, timezone })
        expect(log.page.rows).toHaveLength(total[outcome])
        expect(log.histogram.of).toBe('filtered')
        expect(heightOf(log, outcome)).toBe(total[outcome])
      }
      const values = await listRequestFilterValues(test, 'outcome', times)
      expect(values.map(({ value, count }) => [value, count])).toEqual(
        outcomes.map((outcome) => [outcome, total[outcome]]),
      )
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

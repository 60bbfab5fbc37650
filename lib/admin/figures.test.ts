import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NodeReport } from '@/lib/db/contract'
import type { ModelJob } from '@/lib/db/contract-duties'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { startOfMonth } from '@/lib/ui/zone'
import { type FiguresContext, openFiguresContext } from '@/tests/admin/open-figures-context'
import { createTestDatabases } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { exportRequests } from './export-requests'
import { createModelJob } from './model-jobs'
import { overview } from './overview'
import { findRequest, listRequestFilterValues, listRequests, parseRequestFilter } from './requests'
import { sinceLastVisit } from './since-last-visit'
import { systemFigures } from './system'
import { monthlyReport, usageSeries, usageTable } from './usage-figures'
import { usageReport } from './usage-report'
import { createUser } from './users'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const timezone = 'Asia/Kathmandu'

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`the console on ${engine}`, () => {
    // In the afternoon of a day of its own.
    const nowMs = Date.UTC(2026, 9, 26, 12, 7, 30)
    const lastDay = { fromMs: nowMs - dayMs, toMs: nowMs }
    let test: FiguresContext
    let records: UsageRecord[]

    beforeAll(async () => {
      test = await openFiguresContext({ url: url ?? '', nowMs, timezone })
      records = makeRecords(test)
      await test.ingest(records)
      await test.database.writeNodeReport(nodeReport(test))
    })
    afterAll(() => test?.close())

    const within = (
      { fromMs, toMs }: { fromMs: number; toMs: number },
      fits: (record: UsageRecord) => boolean = () => true,
    ) =>
      records.filter(
        (one) =>
          one.startedAtMs >= Math.floor(fromMs / 60_000) * 60_000 &&
          one.startedAtMs < toMs &&
          fits(one),
      )

    it('shows on the overview what happened in each range, and the period before', async () => {
      for (const lengthMs of [15 * 60_000, hourMs, dayMs, 7 * dayMs, 30 * dayMs]) {
        const range = { fromMs: nowMs - lengthMs, toMs: nowMs }
        const found = await overview(test, { range, timezone })
        const own = within(range)
        const { requests, errorRate, promptTokens, completionTokens, activeUsers } = found.tiles
        expect(requests.value).toBe(own.length)
        expect(sum(requests.points)).toBe(own.length)
        expect(requests.before).toBe(
          within({
            fromMs: range.fromMs - lengthMs,
            toMs: Math.floor(range.fromMs / 60_000) * 60_000,
          }).length,
        )
        expect(errorRate.value).toBe(own.filter((one) => one.status >= 500).length / own.length)
        expect(promptTokens.value).toBe(sum(own.map((one) => one.promptTokens)))
        expect(sum(completionTokens.points)).toBe(sum(own.map((one) => one.completionTokens)))
        expect(activeUsers?.value).toBe(2)
        expect(sum(found.traffic.byOutcome.flatMap((one) => one.points))).toBe(own.length)
        expect(sum(found.traffic.byModel.flatMap((one) => one.points))).toBe(own.length)
        expect(found.traffic.byModel.length).toBeLessThanOrEqual(7)
        expect(sum(found.timeSpent.loadMs)).toBeCloseTo(sum(own.map((one) => one.loadMs)), 3)
        expect(sum(found.top.keys.map((one) => one.requests))).toBe(
          own.filter((one) => one.keyId !== null).length,
        )
        expect(found.bucketStartsMs.length).toBe(requests.points.length)
        expect(found.openFromMs).toBe(found.bucketStartsMs.at(-1))
      }
    })

    it('names the errors, how often they were, the last of each, and what to do', async () => {
      const found = await overview(test, { range: lastDay, timezone })
      const failures = within(lastDay, (one) => one.errorCode !== null)
      const timedOut = failures.filter((one) => one.errorCode === 'backends.timed_out')
      expect(sum(found.errors.map((error) => error.count))).toBe(failures.length)
      expect(found.errors.find((error) => error.code === 'backends.timed_out')).toMatchObject({
        count: timedOut.length,
        last: { id: timedOut.at(-1)?.id },
        check: expect.stringMatching(/\w/),
      })
    })

    it('the newest error stands first, however rare, as of the range', async () => {
      const range = { fromMs: nowMs - 7 * dayMs, toMs: nowMs - 2 * dayMs }
      for (const period of [lastDay, range]) {
        const { errors } = await overview(test, { range: period, timezone })
        const times = errors.map(({ last }) => last?.atMs ?? 0)
        expect(times.length).toBeGreaterThan(1)
        expect(times).toEqual(times.toSorted((a, b) => b - a))
        expect(Math.max(...times)).toBeLessThan(period.toMs)
      }
    })

    it('tells of servers, of what is in flight and of the whole in words', async () => {
      const found = await overview(test, { range: lastDay, timezone })
      expect(found.servers).toMatchObject([
        { name: 'big', health: 'healthy', inFlight: 2, loadedBytes: 42e9, memoryBytes: 80e9 },
        { name: 'small', health: 'unhealthy', memoryBytes: null },
      ])
      expect(found.inFlight).toMatchObject({
        count: 3,
        exchanges: [{ id: 'req_1' }, { id: 'req_2' }],
      })
      expect(found.health).toEqual({ state: 'degraded', words: 'small down 4 m', down: 1 })
    })

    it('shows to a member only what is their own', async () => {
      const member = test.asUser(test.ana)
      const found = await overview(member, { range: lastDay, timezone })
      const own = within(lastDay, (one) => one.userId === test.ana.id)
      expect(found.scope).toBe('own')
      expect(found.tiles.requests.value).toBe(own.length)
      expect(found.tiles.activeUsers).toBeNull()
      expect(found.servers).toEqual([])
      expect(found.health.words).not.toMatch(/small/)
      expect(found.inFlight.exchanges.map((one) => one.id)).toEqual(['req_1'])
      expect(found.top.keys.map((row) => row.id)).toEqual([test.anaKey.id])
      expect(found.top.users).toEqual([])
      expect(sum(found.traffic.byModel.flatMap((one) => one.points))).toBe(own.length)
      expect(sum(found.errors.map((error) => error.count))).toBe(
        own.filter((one) => one.errorCode !== null).length,
      )
      const own429 = own.filter((one) => one.status === 429)
      expect(found.errors.find((one) => one.code === 'limits.rate_exceeded')?.last?.id).toBe(
        own429.at(-1)?.id,
      )
      const log = await listRequests(member, {})
      expect(new Set(log.rows.map((row) => row.userId))).toEqual(new Set([test.ana.id]))
      const spied = await listRequests(member, { is: { userId: [test.tom.id] } })
      expect(new Set(spied.rows.map((row) => row.userId))).toEqual(new Set([test.ana.id]))
      const foreign = records.find((one) => one.userId === test.tom.id)
      expect(await findRequest(member, foreign?.id ?? '')).toBeNull()
      const foreignKey = { keyIds: [test.tomKey.id] }
      const asked = { by: 'model' as const, period: lastDay, timezone, of: foreignKey }
      await expect(usageTable(member, asked)).rejects.toMatchObject({ code: 'admin.not_found' })
      await expect(
        usageTable(member, { ...asked, of: { userIds: [test.tom.id] } }),
      ).rejects.toMatchObject({ code: 'admin.forbidden' })
      const table = await usageTable(member, { by: 'model', period: lastDay, timezone })
      expect(table.total.requests).toBe(own.length)
      expect(sum(table.rows.map((row) => row.requests))).toBe(own.length)
      await expect(systemFigures(member)).rejects.toMatchObject({ code: 'admin.forbidden' })
    })

    it('agrees with "corral usage" to the last figure, by every group', async () => {
      for (const lengthMs of [hourMs, 3 * dayMs, 30 * dayMs]) {
        const period = { fromMs: nowMs - lengthMs, toMs: nowMs }
        for (const by of ['key', 'model', 'user', 'backend', 'operation', 'outcome'] as const) {
          const table = await usageTable(test, { by, period, timezone })
          const report = await usageReport(test, {
            by,
            sinceMs: period.fromMs,
            untilMs: period.toMs,
          })
          expect(table.rows.length).toBe(report.rows.length)
          for (const [index, row] of table.rows.entries()) {
            const { group, ...same } = report.rows[index] ?? { group: null }
            expect(row).toMatchObject({ id: group, ...same })
          }
          expect(table.total).toMatchObject(report.total)
        }
      }
    })

    it('cuts usage into hours, days and hours of the day of a zone of 45 minutes', async () => {
      const period = { fromMs: nowMs - 10 * dayMs, toMs: nowMs }
      const expected = within(period).length
      for (const bucket of ['hour', 'day', 'hour-of-day'] as const) {
        const series = await usageSeries(test, { by: 'user', bucket, period, timezone })
        expect(sum(series.series.flatMap((one) => one.points))).toBe(expected)
        expect(sum(series.outcomes.flatMap((one) => one.points))).toBe(expected)
      }
      const hours = await usageSeries(test, { by: null, bucket: 'hour-of-day', period, timezone })
      const offsetMs = 5.75 * hourMs
      const atNine = within(
        period,
        (one) => Math.floor(((one.startedAtMs + offsetMs) % dayMs) / hourMs) === 9,
      )
      expect(sum(hours.outcomes.map((one) => one.points[9] ?? 0))).toBe(atNine.length)
      await expect(
        usageSeries(test, {
          by: null,
          bucket: 'hour-of-day',
          period: { fromMs: nowMs - 200 * dayMs, toMs: nowMs },
          timezone,
        }),
      ).rejects.toMatchObject({ code: 'admin.invalid_input' })
    })

    it('compares two periods, and keeps a row that is only in the one before', async () => {
      const compare = { fromMs: nowMs - 2 * dayMs, toMs: nowMs - dayMs }
      const table = await usageTable(test, { by: 'model', period: lastDay, timezone, compare })
      expect(table.total.requests).toBe(within(lastDay).length)
      const old = table.rows.find((row) => row.id === 'old:latest')
      expect(old).toMatchObject({ requests: 0, before: { requests: 1 } })
    })

    it('reports a month of a user and of a key', async () => {
      const period = {
        fromMs: startOfMonth(nowMs, timezone),
        toMs: startOfMonth(nowMs, timezone, 1),
      }
      const month = { month: '2026-10', period, timezone }
      const whole = await monthlyReport(test, month)
      expect(whole.users.map((row) => row.label).sort()).toEqual(['(none)', 'ana', 'tom'])
      const own = await monthlyReport(test, { ...month, of: { userIds: [test.ana.id] } })
      const expected = within(period, (one) => one.userId === test.ana.id)
      expect(own.total.requests).toBe(expected.length)
      expect(sum(own.models.map((row) => row.requests))).toBe(expected.length)
      expect(own.keys).toMatchObject([{ id: test.anaKey.id, requests: expected.length }])
      const ofKey = await monthlyReport(test, { ...month, of: { keyIds: [test.anaKey.id] } })
      expect(ofKey.total.requests).toBe(expected.length)
      expect(sum(ofKey.days.series.flatMap((one) => one.points))).toBe(expected.length)
    })

    it('lists the log by the filters of a URL, names keys, and estimates from roll-ups', async () => {
      const filter = parseRequestFilter(
        [
          { field: 'status', isNot: false, values: ['4xx'] },
          { field: 'model', isNot: true, values: ['old:latest'] },
          { field: 'took', isNot: false, values: ['10'] },
          { field: 'nonsense', isNot: false, values: ['1'] },
        ],
        lastDay,
      )
      const page = await listRequests(test, filter)
      const expected = within(lastDay, (one) => one.status === 429).filter(
        (one) => one.startedAtMs >= lastDay.fromMs && one.totalMs >= 10,
      )
      expect(page.rows.map((row) => row.id)).toEqual(expected.map((one) => one.id).toReversed())
      expect(page.estimate).toBeNull()
      const ofKey = await listRequests(test, { is: { keyId: [test.tomKey.id] } }, null, 10)
      expect(ofKey.rows[0]?.keyName).toBe('ci')
      expect(ofKey.estimate).toBe(records.filter((one) => one.keyId === test.tomKey.id).length)
      const next = await listRequests(test, { is: { keyId: [test.tomKey.id] } }, ofKey.cursor, 10)
      expect(next.rows[0]?.id).not.toBe(ofKey.rows[9]?.id)
      expect((await listRequests(test, {}, 'made up', 10)).rows).toHaveLength(10)
    })

    it('gives the values of a filter with counts, or without where they would be wrong', async () => {
      const values = await listRequestFilterValues(test, 'user', {})
      expect(values.map((one) => [one.label, one.count]).sort()).toEqual([
        ['ana', records.filter((one) => one.userId === test.ana.id).length],
        ['tom', records.filter((one) => one.userId === test.tom.id).length],
      ])
      const other = await listRequestFilterValues(test, 'user', { is: { status: ['5xx'] } })
      expect(other.map((one) => one.count)).toEqual([null, null])
      const errors = await listRequestFilterValues(test, 'error', {})
      expect(errors.map((one) => one.value)).toContain('backends.timed_out')
    })

    it('shows one request with its neighbours in the filtered list, and why it was slow', async () => {
      const refused = records.filter((one) => one.status === 429).toReversed()
      const found = await findRequest(test, refused[3]?.id ?? '', { is: { status: ['429'] } })
      expect(found).toMatchObject({
        newerId: refused[2]?.id,
        olderId: refused[4]?.id,
        error: { code: 'limits.rate_exceeded' },
        slowness: { cause: 'refused' },
        route: { chosen: 'big', others: [{ reason: 'no_model', servers: ['small', 'cpu'] }] },
      })
      const newest = await findRequest(test, records.at(-1)?.id ?? '')
      expect(newest).toMatchObject({ newerId: null, olderId: records.at(-2)?.id })
      expect(await findRequest(test, 'req_of_nobody')).toBeNull()
    })

    it('exports CSV and JSON lines whole, and no cell is a formula', async () => {
      const filter = { is: { userId: [test.ana.id] } }
      const own = records.filter((one) => one.userId === test.ana.id)
      const { signal } = new AbortController()
      const csv = await collect(exportRequests(test, filter, { format: 'csv', signal }))
      const lines = csv.trim().split('\n')
      expect(lines).toHaveLength(own.length + 1)
      expect(lines[0]).toMatch(/^started_at,id,status,error_code/)
      expect(csv).toContain("'=cmd()")
      const json = await collect(exportRequests(test, filter, { format: 'jsonl', signal }))
      const parsed = json
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(parsed.map((one) => one.id)).toEqual(own.map((one) => one.id).toReversed())
    })

    it('says what happened since the last visit, and nothing while it lasts', async () => {
      const id = test.ana.id
      expect(await sinceLastVisit(test, id)).toBeNull()
      await test.database.touchUserVisit(id, nowMs - 60_000)
      expect(await sinceLastVisit(test, id)).toBeNull()
      await test.database.touchUserVisit(id, nowMs - 5 * hourMs)
      const found = await sinceLastVisit(test, id)
      expect(found?.facts[0]).toEqual({ kind: 'outage', text: 'small down for 4 m' })
      expect(found?.facts.find((fact) => fact.kind === 'errors')?.text).toBe('errors as usual')
    })

    it('tells of a pull when it has ended well, whoever asked for it, and not when it begins', async () => {
      const { database, backendIds } = test
      const admin = (await createUser(test, { name: 'root', role: 'admin' })).user
      const told = async () =>
        (await sinceLastVisit(test.asUser(admin), admin.id, nowMs - hourMs))?.facts
          .filter(({ kind }) => kind === 'pull')
          .map(({ text }) => text)
      const pull = (model: string) =>
        createModelJob(test, { kind: 'pull', model, backendIds: [backendIds.big] })
      const [good, bad] = [await pull('gemma3:4b'), await pull('phi4:14b')]
      expect(await told()).toEqual([])
      const node = { nodeId: 'node-1', nowMs, leaseMs: 9000, perBackendMax: 2 }
      await database.exchangeModelJobNews({ ...node, news: [] })
      const endOf = (job: ModelJob, state: 'done' | 'failed') => ({
        jobId: job.id,
        backendId: backendIds.big,
        progress: null,
        ended: { state, error: null },
      })
      const news = [endOf(good, 'done'), endOf(bad, 'failed')]
      await database.exchangeModelJobNews({ ...node, news })
      expect(await told()).toEqual(['gemma3:4b was pulled'])
    })

    it('knows its nodes, the database and how far the journal is behind', async () => {
      expect(await systemFigures(test)).toMatchObject({
        nodes: [{ id: 'node-1', silent: false, version: '0.1.0' }],
        database: { engine },
        journalLagRecords: 7,
        eventLoopDelayMsMax: 3,
      })
    })

    function nodeReport({ backendIds, ana, tom, anaKey }: FiguresContext): NodeReport {
      const backend = {
        sinceMs: nowMs - dayMs,
        downSinceMs: null,
        downtimeTotalMs: 0,
        latencyMs: 3,
        lastError: null,
        version: '0.32.15',
        circuit: 'closed' as const,
      }
      const loaded = {
        name: 'llama3.3:70b',
        sizeBytes: 42e9,
        sizeVramBytes: 42e9,
        expiresAt: null,
        contextLength: 8192,
      }
      const exchange = {
        keyId: anaKey.id,
        keyName: 'web-ui',
        model: 'llama3.3:70b',
        backendName: 'big',
        operation: 'chat',
        state: 'streaming' as const,
      }
      return {
        id: 'node-1',
        role: 'all',
        version: '0.1.0',
        startedAtMs: 1,
        seenAtMs: nowMs - 500,
        inFlight: 3,
        journalLagRecords: 7,
        eventLoopDelayMs: 3,
        backends: [
          { ...backend, id: backendIds.big, health: 'healthy', inFlight: 2, loaded: [loaded] },
          {
            ...backend,
            id: backendIds.small,
            health: 'unhealthy',
            sinceMs: nowMs - 4 * 60_000,
            downSinceMs: nowMs - 4 * 60_000,
            inFlight: 0,
            loaded: [],
          },
        ],
        exchanges: [
          { ...exchange, id: 'req_2', startedAtMs: nowMs - 1000, userId: tom.id },
          { ...exchange, id: 'req_1', startedAtMs: nowMs - 9000, userId: ana.id },
        ],
      }
    }
  })
}

/** Sixty days, denser toward the end, the oldest first. */
function makeRecords(test: FiguresContext): UsageRecord[] {
  const { nowMs, ana, tom, anaKey, tomKey, backendIds } = test
  const records = Array.from({ length: 3000 }, (_, index) => {
    const agoMs = 60 * dayMs * ((index + 1) / 3001) ** 3
    const owner = index % 3 === 0 ? ana : index % 3 === 1 ? tom : null
    const key = index % 3 === 0 ? anaKey : index % 3 === 1 ? tomKey : null
    const status = index % 10 === 7 ? 429 : index % 25 === 3 ? 504 : 200
    return makeUsageRecord({
      startedAtMs: Math.trunc(nowMs - agoMs),
      keyId: key?.id ?? null,
      keyPrefix: key?.prefix ?? null,
      userId: owner?.id ?? null,
      principal: owner?.name ?? null,
      backendId: index % 2 === 0 ? backendIds.big : backendIds.small,
      backendName: index % 2 === 0 ? 'big' : 'small',
      modelServed: `model-${index % 9}`,
      status,
      errorCode:
        status === 429 ? 'limits.rate_exceeded' : status === 504 ? 'backends.timed_out' : null,
      userAgent: index % 30 === 0 ? '=cmd()' : 'ollama-python/0.6.1',
      promptTokens: index % 100,
      completionTokens: index % 77,
      loadMs: index % 5,
      totalMs: 5 + (index % 900),
      routeDecision: 'big; no_model: small,cpu',
    })
  })
  const gone = makeUsageRecord({
    startedAtMs: nowMs - dayMs - hourMs,
    keyId: null,
    keyPrefix: null,
    userId: null,
    principal: null,
    modelServed: 'old:latest',
  })
  return [...records, gone].sort((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1))
}

async function collect(chunks: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

function sum(numbers: readonly (number | null)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0)
}

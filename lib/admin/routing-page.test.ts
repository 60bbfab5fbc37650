import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExchangeReport } from '@/lib/db/contract'
import { type FiguresContext, openFiguresContext } from '@/tests/admin/open-figures-context'
import { createTestDatabases } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { createAlias, updateAlias } from './aliases'
import {
  createMemoryRule,
  listMemoryRules,
  orderMemoryRules,
  updateMemoryRule,
} from './memory-rules'
import { readRoutingPage, readTrafficFlow } from './routing-page'

const nowMs = Date.UTC(2026, 9, 26, 12, 7, 30)

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`routing on ${engine}`, () => {
    let test: FiguresContext

    beforeAll(async () => {
      test = await openFiguresContext({ url: url ?? '', nowMs })
      const { big, small } = test.backendIds
      const served = (modelServed: string, backendId: string, secondsAgo: number) =>
        makeUsageRecord({
          modelServed,
          backendId,
          backendName: backendId,
          startedAtMs: nowMs - secondsAgo * 1000,
        })
      await test.ingest([
        served('qwen3:8b', big, 20),
        served('QWEN3:8b', big, 200),
        served('mistral', small, 60),
        served('mistral', small, 3600),
      ])
      await test.database.writeNodeReport({
        id: 'node-1',
        role: 'all',
        version: '1',
        startedAtMs: nowMs,
        seenAtMs: nowMs,
        inFlight: 2,
        journalLagRecords: 0,
        eventLoopDelayMs: 0,
        backends: [],
        exchanges: [atWork('Mistral', 'big'), atWork('mistral', null)],
      })
    })
    afterAll(() => test?.close())

    it('adds up what flowed in the last 5 minutes, and what is at work, by model and server', async () => {
      const { big, small } = test.backendIds
      const { flows, models, servers } = await readTrafficFlow(test)
      expect(flows).toHaveLength(3)
      expect(flows).toContainEqual({
        model: 'qwen3:8b',
        serverId: big,
        requests: 2,
        inFlight: 0,
      })
      expect(flows).toContainEqual({
        model: 'mistral:latest',
        serverId: small,
        requests: 1,
        inFlight: 0,
      })
      expect(flows).toContainEqual({
        model: 'mistral:latest',
        serverId: big,
        requests: 0,
        inFlight: 1,
      })
      expect(models.map(({ requests, inFlight }) => [requests, inFlight])).toEqual([
        [1, 1],
        [2, 0],
      ])
      expect(servers.find(({ name }) => name === 'big')).toMatchObject({ requests: 2, inFlight: 1 })
    })

    it('changes the order of an alias and the place of a memory rule, with an audit row of both', async () => {
      const { id } = await createAlias(test, { alias: 'gpt-4o', targets: ['a', 'b'] })
      await updateAlias(test, 'gpt-4o', { targets: ['b', 'a', 'c'] })
      expect((await readRoutingPage(test)).aliases).toEqual([
        { id, alias: 'gpt-4o', targets: ['b', 'a', 'c'] },
      ])
      await expect(updateAlias(test, id, { targets: ['*'] })).rejects.toMatchObject({
        code: 'admin.invalid_input',
      })
      const rule = await createMemoryRule(test, { kind: 'pattern', match: '120b', gb: 70 })
      await updateMemoryRule(test, '120b', { position: 1 })
      expect((await listMemoryRules(test))[0]).toMatchObject({ id: rule.id, gb: 70, position: 1 })
      const rows = await test.database.listAudit({ limit: 4 })
      const updates = rows.filter(({ action }) => action.endsWith('.update'))
      expect(updates.map(({ action }) => action)).toEqual(['memory.update', 'alias.update'])
      expect(updates[1]).toMatchObject({ before: { targets: ['a', 'b'] } })
    })

    it('gives patterns another order as a whole or not at all, in one audit row', async () => {
      const ids = (await listMemoryRules(test)).flatMap((rule) =>
        rule.kind === 'pattern' ? [rule.id] : [],
      )
      const orderNow = async () =>
        (await listMemoryRules(test)).flatMap((rule) => (rule.kind === 'pattern' ? [rule.id] : []))
      await expect(orderMemoryRules(test, [...ids.toReversed(), 'gone'])).rejects.toMatchObject({
        code: 'admin.not_found',
      })
      expect(await orderNow()).toEqual(ids)
      await orderMemoryRules(test, ids.toReversed())
      expect(await orderNow()).toEqual(ids.toReversed())
      const [row] = await test.database.listAudit({ limit: 1 })
      expect(row).toMatchObject({ action: 'memory.order', targetKind: 'memory rule' })
    })

    it('shows no secret of a key, and nothing to a member', async () => {
      const page = await readRoutingPage(test)
      expect(Object.keys(page.keys[0] ?? {})).toEqual(['id', 'name', 'prefix', 'owner'])
      await expect(readRoutingPage(test.asUser(test.ana))).rejects.toMatchObject({
        code: 'admin.forbidden',
      })
    })
  })
}

function atWork(model: string, backendName: string | null): ExchangeReport {
  return {
    id: `${model} ${backendName}`,
    startedAtMs: nowMs,
    keyId: null,
    keyName: null,
    userId: null,
    model,
    backendName,
    operation: 'chat',
    state: backendName === null ? 'queued' : 'streaming',
  }
}

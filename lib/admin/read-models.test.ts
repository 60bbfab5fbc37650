import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newRequestId } from '@/lib/core/ids'
import type { BackendReport, CatalogueModel } from '@/lib/db/contract'
import { renderUsageLine } from '@/lib/db/usage-line'
import type { Dialect } from '@/lib/schemas/names'
import type { Permission } from '@/lib/schemas/permissions'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import { usageRecord } from '@/tests/admin/usage-record'
import { createAddressRule } from './address-rules'
import { createAlias } from './aliases'
import { createBackend, drainBackend, removeBackend, resumeBackend } from './backends'
import { explainRoute } from './explain-route'
import { fleetHealth } from './fleet-health'
import { createKey, disableKey } from './keys'
import { listModels } from './list-models'
import { updateSettings } from './settings'
import { pruneUsage, tailUsage } from './tail-usage'
import { usageReport } from './usage-report'
import { createUser, updateUser } from './users'

let test: TestContext
const ids = new Map<string, string>()

beforeAll(async () => {
  test = await openTestContext()
  const backends = [
    { name: 'big', url: 'http://127.0.0.1:9', maxMemoryGb: 80, priority: 50 },
    { name: 'small', url: 'http://127.0.0.2:9', maxMemoryGb: 8, labels: { room: '2' } },
    { name: 'gone', url: 'http://127.0.0.3:9' },
  ]
  for (const backend of backends) {
    ids.set(backend.name, (await createBackend(test, backend)).id)
  }
  await test.database.replaceCatalogue(
    idOf('big'),
    [model('Llama3.3:70B', 42e9), model('qwen3:8b', 5e9)],
    1,
  )
  await test.database.replaceCatalogue(idOf('small'), [model('qwen3:8b', 5e9, 'other')], 1)
  await test.database.replaceCatalogue(idOf('gone'), [model('llama3.3:70b', 42e9)], 1)
})
afterAll(() => test.close())

function idOf(name: string): string {
  return ids.get(name) ?? name
}

function model(name: string, sizeBytes: number, digest = 'digest'): CatalogueModel {
  return { name, digest, sizeBytes, modifiedAt: null, capabilities: null, entry: { name } }
}

function report(name: string, more: Partial<BackendReport> = {}): BackendReport {
  return {
    id: idOf(name),
    health: 'healthy',
    sinceMs: 1,
    downSinceMs: null,
    downtimeTotalMs: 0,
    latencyMs: 3,
    lastError: null,
    version: '0.32.15',
    inFlight: 0,
    circuit: 'closed',
    loaded: [],
    ...more,
  }
}

async function heartbeat(backends: BackendReport[], id = 'node-1'): Promise<void> {
  await test.database.writeNodeReport({
    id,
    role: 'all',
    version: '0.1.0',
    startedAtMs: 1,
    seenAtMs: Date.now(),
    inFlight: 0,
    journalLagRecords: 0,
    eventLoopDelayMs: 1,
    backends,
  })
}

describe('explainRoute and fleetHealth', () => {
  it('guess no health while no gateway runs', async () => {
    expect(await fleetHealth(test)).toMatchObject({ status: 'unhealthy', nodes: [] })
    expect((await explainRoute(test, { model: 'qwen3:8b' })).nodes).toBe(0)
  })

  it('name the chosen backend and say why each other was not', async () => {
    const dead = { health: 'unhealthy', lastError: 'refused the connection' } as const
    await heartbeat([report('big'), report('small', { inFlight: 2 }), report('gone', dead)])
    const explained = await explainRoute(test, { model: 'llama3.3:70b' })
    expect(explained.chosen).toEqual({ backend: 'big', model: 'llama3.3:70b' })
    expect(explained.notChosen).toEqual([
      { backend: 'gone', reason: 'unhealthy', why: 'its health checks fail' },
      { backend: 'small', reason: 'no_model', why: 'it does not have the model' },
    ])
    expect(await fleetHealth(test)).toMatchObject({
      status: 'degraded',
      problem: 'Not well: gone.',
      backends: [
        { name: 'big', health: 'healthy' },
        { name: 'gone', health: 'unhealthy', lastError: 'refused the connection' },
        { name: 'small', inFlight: 2 },
      ],
    })
  })

  it('follow aliases, labels, pins and drains', async () => {
    await createAlias(test, { alias: 'gpt-4o', targets: ['qwen3:8b'] })
    const asked = await explainRoute(test, { model: 'gpt-4o', label: 'room=2' })
    expect(asked.chosen).toEqual({ backend: 'small', model: 'qwen3:8b' })
    expect(asked.notChosen.find((one) => one.backend === 'big')?.reason).toBe('label')
    const pinned = await explainRoute(test, { model: 'qwen3:8b', pin: 'big' })
    expect(pinned.chosen?.backend).toBe('big')
    await drainBackend(test, 'small')
    const drained = await explainRoute(test, { model: 'gpt-4o', label: 'room=2' })
    expect(drained.chosen).toBeNull()
    expect(drained.refusal?.code).toMatch(/^routing\./)
    await resumeBackend(test, 'small')
  })

  it('refuse as the gateway would: an unknown model, a key that may not', async () => {
    const unknown = await explainRoute(test, { model: 'nothing' })
    expect(unknown.refusal).toEqual({
      code: 'routing.model_not_found',
      text: "model 'nothing' not found",
    })
    const { key } = await createKey(test, {
      owner: 'admin-user',
      name: 'narrow',
      permissions: ['inference'],
      models: { allow: ['llama*'], deny: [] },
    })
    const ask = (more: object) => explainRoute(test, { model: 'qwen3:8b', key: 'narrow', ...more })
    expect((await ask({})).refusal?.code).toBe('auth.model_not_allowed')
    expect((await ask({ operation: 'embeddings' })).refusal?.code).toBe('auth.permission_missing')
    await disableKey(test, key.id)
    expect(await ask({})).toMatchObject({ chosen: null, refusal: { code: 'auth.key_disabled' } })
  })

  it('holds a key to the role of its owner, to its pin, and to what it is denied by name', async () => {
    await createUser(test, { name: 'mia', role: 'admin', password: 'a long password' })
    const models = { allow: ['*'], deny: ['llama*'] }
    const permissions: Permission[] = ['inference', 'models:manage', 'backend:pin']
    await createKey(test, { owner: 'mia', name: 'mias', models, permissions })
    await updateUser(test, 'mia', { role: 'member' })
    const ask = (more: object) => explainRoute(test, { model: 'qwen3:8b', key: 'mias', ...more })
    expect((await ask({})).chosen?.model).toBe('qwen3:8b')
    const managing = await ask({ operation: 'models:manage' })
    expect(managing.refusal?.text).toContain('lacks the permission "models:manage"')
    expect((await ask({ pin: 'big' })).refusal?.text).toContain('"backend:pin"')
    await createAlias(test, { alias: 'mixed', targets: ['llama3.3:70b', 'qwen3:8b'] })
    await createAlias(test, { alias: 'denied', targets: ['llama3.3:70b'] })
    expect((await ask({ model: 'mixed' })).chosen?.model).toBe('qwen3:8b')
    expect((await explainRoute(test, { model: 'mixed' })).chosen?.model).toBe('llama3.3:70b')
    const denied = await ask({ model: 'denied' })
    expect(denied).toMatchObject({ chosen: null, refusal: { code: 'auth.model_not_allowed' } })
  })

  it('refuses what spends the account, until the setting allows it', async () => {
    const code = 'auth.account_spending_off'
    const ask = async () =>
      (await explainRoute(test, { model: 'gpt-oss:120b-cloud' })).refusal?.code
    expect(await ask()).toBe(code)
    await updateSettings(test, { accountSpending: true })
    expect(await ask()).toBe('routing.model_not_found')
    await updateSettings(test, { accountSpending: null })
  })

  it('finds an OpenAI server where the request is in its words, and says what it does not know', async () => {
    const { id } = await createBackend(test, { name: 'paid', url: 'http://paid', kind: 'openai' })
    await test.database.replaceCatalogue(id, [{ ...model('gpt-x', 0), entry: { id: 'gpt-x' } }], 1)
    const ask = (dialect?: Dialect) =>
      explainRoute(test, { model: 'gpt-x', ...(dialect && { dialect }) })
    expect((await ask('openai')).chosen?.backend).toBe('paid')
    expect(await ask()).toMatchObject({
      chosen: null,
      refusal: { code: 'routing.operation_unsupported' },
      notKnown: expect.arrayContaining(['which models ran out of memory a moment ago']),
    })
    await removeBackend(test, 'paid')
  })

  it('asks the rules of addresses, and the networks of the key, where an address is given', async () => {
    await createKey(test, {
      name: 'at home',
      owner: 'admin-user',
      networks: { allow: ['10.0.0.0/8'], deny: [] },
    })
    const ask = (more: object) => explainRoute(test, { model: 'qwen3:8b', ...more })
    expect((await ask({ address: '192.0.2.7' })).refusal).toBeNull()
    const far = await ask({ key: 'at home', address: '192.0.2.7' })
    expect(far).toMatchObject({ chosen: null, refusal: { code: 'limits.key_address_denied' } })
    expect((await ask({ key: 'at home', address: '::ffff:10.1.2.3' })).refusal).toBeNull()
    await createAddressRule(test, { effect: 'deny', network: '10.9.0.0/16' })
    const denied = await ask({ key: 'at home', address: '10.9.1.1' })
    expect(denied.refusal?.code).toBe('limits.address_denied')
    await expect(ask({ address: 'at home' })).rejects.toMatchObject({ code: 'admin.invalid_input' })
  })

  it('add up what several gateways have in flight and believe the worst', async () => {
    await heartbeat([report('big', { health: 'unhealthy', inFlight: 3 })], 'node-2')
    const { backends } = await fleetHealth(test)
    expect(backends.find((one) => one.name === 'big')).toMatchObject({
      health: 'unhealthy',
      inFlight: 3,
    })
  })
})

describe('listModels', () => {
  it('makes one of equal names, says who has it, where it is loaded, and that copies differ', async () => {
    const loaded = [
      {
        name: 'qwen3:8b',
        sizeBytes: 6e9,
        sizeVramBytes: 6e9,
        expiresAt: null,
        contextLength: null,
      },
    ]
    await heartbeat([report('big'), report('small', { loaded }), report('gone')])
    expect(await listModels(test)).toMatchObject([
      { name: 'Llama3.3:70B', backends: [{ name: 'big' }, { name: 'gone' }], digests: ['digest'] },
      {
        name: 'qwen3:8b',
        digests: ['digest', 'other'],
        backends: [
          { name: 'big', loaded: false },
          { name: 'small', loaded: true },
        ],
      },
    ])
  })
})

describe('usage', () => {
  let segments = 0
  async function journal(records: UsageRecord[]): Promise<void> {
    const name = `segment-${segments++}`
    const file = path.join(test.folder, name)
    await writeFile(file, records.map(renderUsageLine).join(''))
    await test.database.ingestJournalSegment({ path: file, name, bytesMax: 1_000_000 })
  }
  const range = () => ({ sinceMs: Date.now() - 3_600_000, untilMs: Date.now() + 60_000 })

  it('adds up to the tokens of the records, and a member reads only that of their own keys', async () => {
    const own = await createKey(test, { owner: 'member-user', name: 'own' })
    const other = await createKey(test, { owner: 'admin-user', name: 'other' })
    await journal([
      usageRecord(newRequestId(), { keyId: own.key.id, promptTokens: 7, completionTokens: 11 }),
      usageRecord(newRequestId(), { keyId: own.key.id, promptTokens: 1, completionTokens: 2 }),
      usageRecord(newRequestId(), {
        keyId: other.key.id,
        promptTokens: 100,
        completionTokens: 200,
      }),
      usageRecord(newRequestId(), {
        keyId: other.key.id,
        status: 429,
        errorCode: 'limits.rate_exceeded',
      }),
    ])
    const all = await usageReport(test, { by: 'key', ...range() })
    expect(all.total).toMatchObject({
      requests: 4,
      refused: 1,
      promptTokens: 108,
      completionTokens: 213,
    })
    const mine = await usageReport(test.as('member'), { by: 'key', ...range() })
    expect(mine.rows.map((row) => row.group)).toEqual([own.key.id])
    expect(mine.total).toMatchObject({ requests: 2, promptTokens: 8, completionTokens: 13 })
  })

  it('tails new records, also one that began early and ended late, each once', async () => {
    const late = newRequestId(Date.now() - 60_000)
    const tail = tailUsage(test, { count: 2 })
    expect(await tail.readNew()).toHaveLength(2)
    expect(await tail.readNew()).toEqual([])
    const fresh = newRequestId()
    await journal([usageRecord(fresh, {})])
    expect((await tail.readNew()).map((one) => one.id)).toEqual([fresh])
    await journal([usageRecord(late, { startedAtMs: Date.now() - 60_000 })])
    expect((await tail.readNew()).map((one) => one.id)).toEqual([late])
    expect(await tail.readNew()).toEqual([])
  })

  it('prunes what is older, and reports keep their totals', async () => {
    const oldMs = Date.now() - 40 * 86_400_000
    await journal([usageRecord(newRequestId(oldMs), { startedAtMs: oldMs })])
    const signal = AbortSignal.timeout(30_000)
    expect(await pruneUsage(test, { days: 30, signal })).toBe(1)
    const [row] = await test.database.listAudit({ limit: 1 })
    expect(row).toMatchObject({ action: 'usage.prune', after: { removed: 1 } })
    expect(await pruneUsage(test, { days: 30, signal })).toBe(0)
    expect((await usageReport(test, { by: 'outcome', ...range() })).total.requests).toBe(6)
  })
})

import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeyUseReport, NodeReport } from '@/lib/db/contract'
import { type FiguresContext, openFiguresContext } from '@/tests/admin/open-figures-context'
import { createRunFolder } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { readConnectFacts } from './connect-facts'
import { listKeyOwners } from './key-owners'
import { listKeyHistory, readKeyPage, readKeyUsage } from './key-page'
import { listKeyFilterValues, listKeyRows } from './key-rows'
import { createKey, disableKey, revokeKey, rotateKey } from './keys'
import { createTeam, setTeamMember } from './teams'
import { updateUser } from './users'

const nowMs = Date.now()
const everything = { view: 'all', filters: [], sort: null, limit: 100 } as const

let test: FiguresContext
beforeAll(async () => {
  const folder = await createRunFolder()
  test = await openFiguresContext({ url: `file:${path.join(folder, 'corral.db')}`, nowMs })
})
afterAll(() => test?.close())

describe('the list of keys', () => {
  it('says of each key what it is, and how full its window is where it is fullest', async () => {
    await test.database.writeNodeReport(
      nodeWith('a', [use(test.anaKey.id, 3), use(test.tomKey.id, 99)]),
    )
    await test.database.writeNodeReport(
      nodeWith('b', [use(test.anaKey.id, 61), use(test.tomKey.id, 100)]),
    )
    await createKey(test, { name: 'old laptop', owner: 'ana' })
    await disableKey(test, 'old laptop')
    await createKey(test, { name: 'lost', owner: 'ana' })
    await revokeKey(test, 'lost')

    const { rows, count, total } = await listKeyRows(test, everything)
    const found = rows.map(({ name, condition, used, usedOf }) => [name, condition, used, usedOf])
    expect(found.sort()).toEqual([
      ['ci', 'at-limit', 100, 100],
      ['lost', 'revoked', null, 100],
      ['old laptop', 'disabled', null, 100],
      ['web-ui', 'active', 61, 100],
    ])
    expect([count, total]).toEqual([4, 4])
  })

  it('filters and sorts on the server, and counts the values of a filter under the others', async () => {
    const isNotRevoked = { field: 'state', isNot: true, values: ['revoked'] }
    const named = { field: 'name', isNot: false, values: ['LAP'] }
    const byName = await listKeyRows(test, { ...everything, filters: [isNotRevoked, named] })
    expect(byName.rows.map(({ name }) => name)).toEqual(['old laptop'])

    const fullest = await listKeyRows(test, {
      ...everything,
      filters: [isNotRevoked],
      sort: { column: 'now', isDescending: true },
      limit: 2,
    })
    expect(fullest.rows.map(({ name }) => name)).toEqual(['ci', 'web-ui'])
    expect(fullest.count).toBe(3)

    const owners = await listKeyFilterValues(test, 'owner', {
      view: 'all',
      filters: [isNotRevoked],
    })
    expect(owners).toEqual([
      { value: 'ana', label: 'ana', count: 2 },
      { value: 'tom', label: 'tom', count: 1 },
    ])
    const states = await listKeyFilterValues(test, 'state', {
      view: 'all',
      filters: [isNotRevoked],
    })
    expect(states.find(({ value }) => value === 'revoked')?.count).toBe(1)
  })

  it('shows a member their own, and a key of another as one that is not there', async () => {
    const ana = test.asUser(test.ana)
    const { rows } = await listKeyRows(ana, everything)
    expect(new Set(rows.map(({ ownerName }) => ownerName))).toEqual(new Set(['ana']))
    expect((await listKeyOwners(ana)).map(({ name }) => name)).toEqual(['ana'])
    for (const read of [readKeyPage, listKeyHistory] as const) {
      await expect(read(ana, test.tomKey.id)).rejects.toMatchObject({ code: 'admin.not_found' })
    }
  })

  it('names the limit that holds and where it stands: its own, its owner’s, a team’s', async () => {
    const limitOf = async (name: string) =>
      (await listKeyRows(test, everything)).rows.find((row) => row.name === name)?.limit
    expect(await limitOf('web-ui')).toMatchObject({ requests: 100, from: 'default' })
    await createTeam(test, { name: 'lab', rateLimit: { requests: 50, windowSeconds: 60 } })
    await setTeamMember(test, 'lab', { user: 'ana' })
    expect(await limitOf('web-ui')).toMatchObject({ requests: 50, from: 'team' })
    await updateUser(test, 'ana', { rateLimit: { requests: 40, windowSeconds: 60 } })
    expect(await limitOf('web-ui')).toMatchObject({ requests: 40, from: 'user' })
    await createKey(test, {
      name: 'own',
      owner: 'ana',
      rateLimit: { requests: 5, windowSeconds: 60 },
    })
    expect(await limitOf('own')).toMatchObject({ requests: 5, from: 'key' })
  })
})

describe('the page of a key', () => {
  it('tells the end of a rotation’s grace and every change, to its owner too', async () => {
    const { graceUntilMs } = await rotateKey(test, test.anaKey.id, { graceSeconds: 3600 })
    const ana = test.asUser(test.ana)
    const page = await readKeyPage(ana, test.anaKey.id)
    expect(page.graceUntilMs).toBe(graceUntilMs)
    expect(page.may).toEqual({ manage: true, widen: false })
    const { rows } = await listKeyHistory(ana, test.anaKey.id)
    expect(rows.map(({ action }) => action)).toEqual(['key.rotate', 'key.create'])
    expect(JSON.stringify(rows)).not.toMatch(/digest/i)
  })

  it('counts what this key did, and nothing of another', async () => {
    const own = { keyId: test.anaKey.id, userId: test.ana.id, startedAtMs: nowMs - 60_000 }
    const other = { keyId: test.tomKey.id, userId: test.tom.id, startedAtMs: nowMs - 60_000 }
    await test.ingest([
      makeUsageRecord({ ...own, modelServed: 'qwen3:8b' }),
      makeUsageRecord({
        ...own,
        modelServed: 'qwen3:8b',
        status: 502,
        errorCode: 'backends.broke_off',
      }),
      makeUsageRecord(other),
    ])
    const usage = await readKeyUsage(test, test.anaKey.id, {
      period: { fromMs: nowMs - 3_600_000, toMs: nowMs },
      timezone: 'UTC',
    })
    expect(usage.total).toMatchObject({ requests: 2, failed: 1 })
    expect(usage.models.map(({ id, requests }) => [id, requests])).toEqual([['qwen3:8b', 2]])
  })
})

describe('what the Connect dialog is made of', () => {
  it('offers the reader’s own keys that work, each with a model that it may use', async () => {
    const models = ['llama3.2:3b', 'qwen3:8b'].map((name) => ({
      name,
      digest: null,
      sizeBytes: null,
      modifiedAt: null,
      capabilities: ['completion'],
      entry: {},
    }))
    const embedding = { ...models[0], name: 'nomic-embed-text', capabilities: ['embedding'] }
    await test.database.replaceCatalogue(
      test.backendIds.big,
      [...models, embedding as never],
      nowMs,
    )
    await createKey(test, { name: 'narrow', owner: 'ana', models: { allow: ['qwen*'], deny: [] } })
    const facts = await readConnectFacts(test.asUser(test.ana))
    expect(facts.models).toEqual(['llama3.2:3b', 'qwen3:8b'])
    expect(facts).toMatchObject({ mayCreate: true, userName: 'ana' })
    const names = facts.keys.map(({ name, model }) => [name, model]).sort()
    expect(names).toEqual([
      ['narrow', 'qwen3:8b'],
      ['own', 'llama3.2:3b'],
      ['web-ui', 'llama3.2:3b'],
    ])
  })
})

function use(keyId: string, used: number): KeyUseReport {
  return { keyId, used, limit: 100, windowSeconds: 60 }
}

function nodeWith(id: string, keyUses: KeyUseReport[]): NodeReport {
  return {
    id,
    role: 'gateway',
    version: 'test',
    startedAtMs: nowMs,
    seenAtMs: nowMs,
    inFlight: 0,
    journalLagRecords: 0,
    eventLoopDelayMs: 0,
    backends: [],
    keyUses,
  }
}

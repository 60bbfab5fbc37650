import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '@/lib/db/open-database'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import { exportAudit, findAuditRow, listAuditRows } from './audit-log'
import { createBackend } from './backends'
import { updateSettings } from './settings'
import { downtimeOf, sinceLastVisit } from './since-last-visit'
import { backUpDatabase, systemFigures } from './system'

let test: TestContext
beforeAll(async () => {
  test = await openTestContext()
  for (let place = 0; place < 130; place++) {
    await createBackend(test, { name: `server-${place}`, url: `http://10.1.0.${place}:11434` })
  }
  await updateSettings(test.as('admin'), { timezone: 'Asia/Kolkata' })
})
afterAll(() => test.close())

describe('the audit', () => {
  it('is listed page by page, the newest first', async () => {
    const first = await listAuditRows(test, {})
    expect(first.rows).toHaveLength(100)
    expect(first.rows[0]).toMatchObject({ action: 'settings.update', actor: 'admin-user' })
    const second = await listAuditRows(test, {}, first.cursor)
    expect(second.cursor).toBeNull()
    const ids = [...first.rows, ...second.rows].map((row) => Number(row.id))
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a))
  })

  it('is searched by who, what, which, when and a text in any case', async () => {
    const find = async (filter: Parameters<typeof listAuditRows>[1]) =>
      (await listAuditRows(test, filter)).rows
    expect(await find({ actor: 'admin-user' })).toHaveLength(1)
    expect(await find({ action: 'settings' })).toMatchObject([{ action: 'settings.update' }])
    expect(await find({ action: 'sett' })).toEqual([])
    expect((await find({ targetKind: 'user' })).every((row) => row.targetKind === 'user')).toBe(
      true,
    )
    expect(await find({ text: 'SERVER-77' })).toMatchObject([{ targetName: 'server-77' }])
    expect(await find({ text: 'asia/kolkata' })).toMatchObject([{ targetKind: 'setting' }])
    expect(await find({ text: '100%' })).toEqual([])
    expect((await find({ withoutText: 'server-' })).length).toBeGreaterThan(0)
    expect(await find({ withoutText: 'server-', targetKind: 'backend' })).toEqual([])
    const settings = { column: 'action' as const, values: ['settings.update', 'key.create'] }
    expect(await find({ among: [{ ...settings, isNot: false }] })).toHaveLength(1)
    const others = await find({ among: [{ ...settings, isNot: true }] })
    expect(others.some((row) => row.action === 'settings.update')).toBe(false)
    expect(others.length).toBeGreaterThan(1)
    expect(await find({ sinceMs: Date.now() + 60_000 })).toEqual([])
    expect(await find({ untilMs: 1 })).toEqual([])
  })

  it('finds one row by its id, and nothing by an id that none has', async () => {
    const [newest] = (await listAuditRows(test, {})).rows
    expect(await findAuditRow(test, newest?.id ?? '')).toEqual(newest)
    for (const id of ['', 'x', '0', '999999999']) expect(await findAuditRow(test, id)).toBeNull()
  })

  it('is written as CSV whole, and is nothing for a member', async () => {
    let text = ''
    const { signal } = new AbortController()
    const how = { signal, timezone: 'Asia/Kathmandu' }
    for await (const chunk of exportAudit(test, { targetKind: 'backend' }, how)) text += chunk
    expect(text.trim().split('\n')).toHaveLength(131)
    expect(text).toContain(',server-129,')
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+05:45,/m)
    await expect(listAuditRows(test.as('member'), {})).rejects.toMatchObject({
      code: 'admin.forbidden',
    })
  })
})

describe('the system', () => {
  it('gives an admin a copy of the database, which goes when it was read', async () => {
    const folder = path.join(test.folder, 'backups')
    const backup = await backUpDatabase(test.as('admin'), { folder })
    expect(backup.fileName).toMatch(/^corral-\d{4}-\d\d-\d\dT[\d-]+\.db$/)
    const chunks: Uint8Array[] = []
    for await (const chunk of backup.read()) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    expect(bytes.length).toBe(backup.sizeBytes)
    expect(bytes.subarray(0, 15).toString()).toBe('SQLite format 3')
    expect(readdirSync(folder)).toEqual([])
    expect((await listAuditRows(test, { action: 'database' })).rows).toHaveLength(1)
  })

  it('copies for admins only, and leaves nothing behind a download that was given up', async () => {
    const folder = path.join(test.folder, 'given-up')
    for (const role of ['operator', 'viewer', 'member'] as const) {
      await expect(backUpDatabase(test.as(role), { folder })).rejects.toMatchObject({
        code: 'admin.forbidden',
      })
    }
    expect(existsSync(folder)).toBe(false)
    const backup = await backUpDatabase(test.as('admin'), { folder })
    for await (const _ of backup.read()) break
    expect(readdirSync(folder)).toEqual([])
  })

  it('a backup that was made opens as a database with everything in it', async () => {
    const folder = path.join(test.folder, 'whole')
    const backup = await backUpDatabase(test.as('admin'), { folder })
    const [name = ''] = readdirSync(folder)
    expect(readFileSync(path.join(folder, name)).length).toBe(backup.sizeBytes)
    const copy = await openDatabase({ url: `file:${path.join(folder, name)}` })
    expect(await copy.listBackends()).toHaveLength(130)
    await copy.close()
    backup.remove()
  })

  it('is told to viewers, without a node while none runs', async () => {
    expect(await systemFigures(test.as('viewer'))).toMatchObject({
      nodes: [],
      eventLoopDelayMsMax: null,
      database: { engine: 'sqlite' },
    })
  })
})

describe('since the last visit', () => {
  const event = (atMs: number, health: 'healthy' | 'unhealthy', nodeId = 'a') => ({
    backendId: 'one',
    nodeId,
    atMs,
    health,
    error: null,
  })

  it('adds up how long a server was down, as the node saw it that saw the most', () => {
    const range = { backendId: 'one', fromMs: 1000, nowMs: 10_000 }
    const events = [
      event(500, 'unhealthy'),
      event(2000, 'healthy'),
      event(2500, 'unhealthy', 'b'),
      event(4000, 'unhealthy'),
      event(4500, 'unhealthy'),
      event(5000, 'healthy'),
      event(5000, 'healthy', 'b'),
    ]
    expect(downtimeOf(events, range)).toEqual({ downMs: 2500, isDown: false })
    expect(downtimeOf([...events, event(9000, 'unhealthy')], range)).toEqual({
      downMs: 3000,
      isDown: true,
    })
    expect(downtimeOf([], range)).toEqual({ downMs: 0, isDown: false })
  })

  it('names what others changed, to who may see it', async () => {
    const viewer = test.as('viewer')
    const id = viewer.actor.kind === 'user' ? viewer.actor.id : ''
    const found = await sinceLastVisit(viewer, id, Date.now() - 3_600_000)
    expect(found?.facts.map((fact) => fact.text)).toEqual([
      'no requests',
      'setting timezone changed',
      '130 servers changed',
    ])
    const member = test.as('member')
    const own = member.actor.kind === 'user' ? member.actor.id : ''
    expect(await sinceLastVisit(member, own, Date.now() - 3_600_000)).toMatchObject({
      facts: [{ text: 'no requests' }],
    })
    await expect(sinceLastVisit(member, id)).rejects.toMatchObject({ code: 'admin.forbidden' })
  })
})

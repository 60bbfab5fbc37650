import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newRequestId } from '@/lib/core/ids'
import { type FiguresContext, openFiguresContext } from '@/tests/admin/open-figures-context'
import { usageRecord } from '@/tests/admin/usage-record'
import { createRunFolder } from '@/tests/support/test-databases'
import { findFirstSteps, readFirstSteps } from './first-steps'

const nowMs = Date.UTC(2026, 9, 12, 12)
let test: FiguresContext
beforeAll(async () => {
  test = await openFiguresContext({ url: `file:${path.join(createRunFolder(), 'a.db')}`, nowMs })
})
afterAll(() => test.close())

describe('the path to a first request', () => {
  it('is shown to a person who may have keys, with their own keys and no servers of a member', async () => {
    const steps = await findFirstSteps(test.asUser(test.ana))
    expect(steps).toMatchObject({
      mayAddServer: false,
      servers: [],
      readyServers: 0,
      arrived: null,
    })
    expect(steps?.keys.map((key) => key.name)).toEqual(['web-ui'])
    expect(await findFirstSteps(test.asUser({ ...test.ana, role: 'viewer' }))).toBeNull()
    const admin = await findFirstSteps(test.asUser({ ...test.tom, role: 'admin' }))
    expect(admin?.mayAddServer).toBe(true)
    expect(admin?.servers.map((one) => one.name).sort()).toEqual(['big', 'small'])
  })

  it('goes on after a call that was refused, which it tells, and ends with one that was answered', async () => {
    const { id: userId } = test.ana
    const mine = { userId, keyId: test.anaKey.id, startedAtMs: nowMs - 60_000 }
    const refused = usageRecord(newRequestId(), {
      ...mine,
      status: 429,
      errorCode: 'limits.rate_exceeded',
    })
    await test.ingest([refused])
    const steps = await findFirstSteps(test.asUser(test.ana))
    expect(steps?.arrived).toMatchObject({
      id: refused.id,
      error: { code: 'limits.rate_exceeded' },
    })
    const answered = usageRecord(newRequestId(), { ...mine, startedAtMs: nowMs - 30_000 })
    await test.ingest([answered])
    expect(await findFirstSteps(test.asUser(test.ana))).toBeNull()
    const watched = await readFirstSteps(test.asUser(test.ana))
    expect(watched.arrived).toMatchObject({ id: answered.id, error: null })
    // What ana sent is nothing of tom's.
    expect((await findFirstSteps(test.asUser(test.tom)))?.arrived).toBeNull()
  })
})

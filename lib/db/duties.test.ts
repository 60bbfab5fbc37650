import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AuditEntry, Database } from '@/lib/db/contract'
import type { ModelJob, ModelJobNews } from '@/lib/db/contract-duties'
import { openDatabase } from '@/lib/db/open-database'
import { createTestDatabases } from '@/tests/support/test-databases'

const leaseMs = 15_000
const progress = {
  status: 'pulling',
  layers: [{ digest: 'sha256:a', totalBytes: 10, completedBytes: 5 }],
  totalBytes: 10,
  completedBytes: 5,
  bytesPerSecond: 5,
}

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`duties in ${engine}`, () => {
    let db: Database
    let nowMs = Date.now()

    beforeAll(async () => {
      db = await openDatabase({ url: url ?? '' })
      await db.migrate()
    })
    afterAll(() => db?.close())

    function exchange(nodeId: string, news: ModelJobNews[] = []) {
      return db.exchangeModelJobNews({ nodeId, nowMs, leaseMs, perBackendMax: 2, news })
    }
    function createJob(backends: string[], model = 'llama3.2'): Promise<ModelJob> {
      return db.createModelJob(
        {
          kind: 'pull',
          model,
          destination: null,
          keepAlive: null,
          requestedBy: 'ada',
          requestedByUserId: 'u1',
          backends: backends.map((id) => ({ id, name: `name of ${id}` })),
        },
        audit('model.pull'),
      )
    }
    const done = (jobId: string, backendId: string): ModelJobNews => ({
      jobId,
      backendId,
      progress,
      ended: { state: 'done', error: null },
    })

    describe('what gateways poll', () => {
      test('is the revision, what is to stop, and whether a job is open, in one answer', async () => {
        const { config, keys } = await db.readRevision()
        expect(await db.readChanges()).toEqual({ config, keys, stops: [], openModelJobs: false })
        const stop = (exchangeId: string, atMs: number) =>
          db.createStopRequest({ exchangeId, atMs, requestedByUserId: null }, audit('request.stop'))
        await stop('req_old', Date.now() - 11 * 60_000)
        await stop('req_1', Date.now())
        await stop('req_2', Date.now())
        await stop('req_2', Date.now())
        const job = await createJob(['poll'])
        const changes = await db.readChanges()
        expect(changes.stops.sort()).toEqual(['req_1', 'req_2'])
        expect(changes.openModelJobs).toBe(true)
        await db.cancelModelJob(job.id, audit('job.cancel'))
        expect((await db.readChanges()).openModelJobs).toBe(false)
      })
    })

    describe('model jobs', () => {
      beforeEach(async () => {
        for (const job of await db.listModelJobs({ limit: 500, open: true })) {
          await db.cancelModelJob(job.id, audit('job.cancel'))
          await db.releaseModelJobs('a')
          await db.releaseModelJobs('b')
          await exchange('cleaner')
        }
      })

      test('of two nodes that ask at once one gets a job, and only it may write', async () => {
        const job = await createJob(['b1'])
        const [a, b] = await Promise.all([exchange('a'), exchange('b')])
        expect(a.length + b.length).toBe(1)
        const [winner, loser] = a.length === 1 ? ['a', 'b'] : ['b', 'a']
        expect([...a, ...b][0]).toMatchObject({ jobId: job.id, backendId: 'b1', kind: 'pull' })
        await exchange(loser, [done(job.id, 'b1')])
        expect(await db.findModelJob(job.id)).toMatchObject({ state: 'running' })
        await exchange(winner, [done(job.id, 'b1')])
        expect(await db.findModelJob(job.id)).toMatchObject({
          state: 'done',
          endedAtMs: nowMs,
          backends: [{ state: 'done', attempts: 1, progress }],
        })
      })

      test('a node that is silent keeps its jobs for its lease, then another goes on', async () => {
        const job = await createJob(['b2'])
        await exchange('a')
        nowMs += leaseMs - 1000
        expect(await exchange('b')).toEqual([])
        nowMs += 2000
        expect(await exchange('b')).toMatchObject([{ jobId: job.id, backendId: 'b2' }])
        expect(await exchange('a', [done(job.id, 'b2')])).toEqual([])
        expect((await db.findModelJob(job.id))?.backends[0]).toMatchObject({
          state: 'running',
          attempts: 2,
        })
      })

      test('a node that speaks keeps its jobs, and one that ends lets go at once', async () => {
        const job = await createJob(['b3'])
        await exchange('a')
        for (let i = 0; i < 5; i++) {
          nowMs += leaseMs / 2
          expect(await exchange('a')).toHaveLength(1)
          expect(await exchange('b')).toEqual([])
        }
        await db.releaseModelJobs('a')
        expect(await exchange('b')).toMatchObject([{ jobId: job.id }])
      })

      test('a backend does two at once, whoever holds the jobs', async () => {
        const jobs = [await createJob(['b4', 'b5'])]
        await exchange('a')
        for (let i = 0; i < 3; i++) jobs.push(await createJob(['b4'], `m${i}`))
        expect(await exchange('b')).toHaveLength(1)
        await exchange('a', [done(jobs[0]?.id ?? '', 'b4')])
        expect(await exchange('b')).toHaveLength(2)
      })

      test('what waits is cancelled at once, what runs when its node has ended it; both resume', async () => {
        const job = await createJob(['b6', 'b7'])
        await createJob(['b6'], 'x')
        const third = await createJob(['b6'], 'z')
        await exchange('a')
        expect((await db.cancelModelJob(third.id, audit('job.cancel'))).state).toBe('cancelled')
        const asked = await db.cancelModelJob(job.id, audit('job.cancel'), { backendIds: ['b6'] })
        expect(asked.backends.map((one) => [one.state, one.cancelRequested])).toEqual([
          ['running', true],
          ['running', false],
        ])
        const orders = (await exchange('a')).filter((order) => order.jobId === job.id)
        expect(orders.map((order) => order.cancel)).toEqual([true, false])
        await exchange('a', [
          {
            jobId: job.id,
            backendId: 'b6',
            progress: null,
            ended: { state: 'cancelled', error: null },
          },
          done(job.id, 'b7'),
        ])
        expect((await db.findModelJob(job.id))?.state).toBe('cancelled')
        const resumed = await db.resumeModelJob(job.id, audit('job.resume'))
        expect(resumed).toMatchObject({ state: 'queued', endedAtMs: null })
        expect(resumed.backends.map((one) => one.state)).toEqual(['queued', 'done'])
        expect((await exchange('a')).filter((order) => order.jobId === job.id)).toHaveLength(1)
        expect(await db.listAudit({ limit: 1 })).toMatchObject([
          { action: 'job.resume', targetId: job.id, targetName: 'llama3.2' },
        ])
      })

      test('of a job with several ends the worst is told', async () => {
        const job = await createJob(['b8', 'b9'])
        await exchange('a')
        const error = 'pull model manifest: file does not exist'
        await exchange('a', [
          { jobId: job.id, backendId: 'b8', progress, ended: { state: 'failed', error } },
          done(job.id, 'b9'),
        ])
        expect(await db.findModelJob(job.id)).toMatchObject({
          state: 'failed',
          backends: [{ state: 'failed', error }, { state: 'done' }],
        })
      })

      test('jobs are listed newest first, page by page; only ended ones are pruned', async () => {
        const open = await createJob(['b10'])
        const all = await db.listModelJobs({ limit: 100 })
        expect(all[0]?.id).toBe(open.id)
        const second = await db.listModelJobs({ limit: 2, beforeId: open.id })
        expect(second.map((job) => job.id)).toEqual(all.slice(1, 3).map((job) => job.id))
        const endedBeforeMs = 4e12
        await db.pruneModelJobs({ endedBeforeMs, limit: 1000 })
        expect(
          (await db.listModelJobs({ limit: 100 })).every((job) => job.endedAtMs === null),
        ).toBe(true)
        expect(await db.findModelJob(open.id)).not.toBeNull()
      })

      test('two hundred open jobs are enough', async () => {
        const made = await Promise.allSettled(
          Array.from({ length: 201 }, (_, i) => createJob(['full'], `full-${i}`)),
        )
        const refused = made.filter((one) => one.status === 'rejected')
        expect(refused.length).toBeGreaterThan(0)
        expect(refused[0]).toMatchObject({ reason: { code: 'admin.invalid_input' } })
      }, 60_000)
    })

    describe('captured content', () => {
      const bytes = (text: string) => new TextEncoder().encode(text)
      const caught = (
        recordId: string,
        prompt: Uint8Array,
        response: Uint8Array | null = null,
      ) => ({
        recordId,
        atMs: 1000,
        prompt,
        response,
        promptCut: false,
        responseCut: false,
      })
      const store = (item: ReturnType<typeof caught>, redactions: string[] = [], charsMax = 100) =>
        db.storeCapturedContent({ items: [item], charsMax, redactions })
      const read = (id: string) => db.readCapturedContent(id, audit('content.read'))

      test('is cut to so many characters, and never inside one', async () => {
        await store(caught('cut', bytes('ä🦙'.repeat(100)), bytes('short')), [], 101)
        const row = await read('cut')
        expect(row).toMatchObject({ promptTruncated: true, response: 'short' })
        expect(row?.responseTruncated).toBe(false)
        // The last that there is room for is the first half of a llama.
        expect(row?.prompt).toBe(`${'ä🦙'.repeat(33)}ä`)
        const half = bytes('ä🦙').subarray(0, 4)
        await store(caught('half', half, bytes('a\0b')))
        expect(await read('half')).toMatchObject({ prompt: 'ä', response: 'a\uFFFDb' })
      })

      test('is redacted before it is stored, also where the cut would have halved a secret', async () => {
        const text = `${'x'.repeat(95)}sk-${'1'.repeat(40)} and sk-2222`
        await store(caught('secret', bytes(text)), ['sk-[0-9]{4,}'])
        const row = await read('secret')
        expect(row?.prompt).toBe(`${'x'.repeat(95)}[reda`)
        await store(caught('more', bytes('my sk-1234 and sk-5678')), ['sk-[0-9]+', 'my'])
        expect((await read('more'))?.prompt).toBe('[redacted] [redacted] and [redacted]')
      })

      test('of which a pattern takes too long is left out, and others wait for nothing', async () => {
        const beganMs = performance.now()
        const { withheld } = await store(caught('slow', bytes(`${'a'.repeat(60)}!`)), ['(a+)+$'])
        expect(performance.now() - beganMs).toBeLessThan(2000)
        expect(withheld).toBe(1)
        expect(await read('slow')).toMatchObject({ prompt: null, promptTruncated: true })
      })

      test('is read with an audit row, and nothing is written where there is none', async () => {
        expect(await db.hasCapturedContent('read')).toBe(false)
        await store(caught('read', bytes('hello')))
        expect(await db.hasCapturedContent('read')).toBe(true)
        await read('read')
        const [row] = await db.listAudit({ limit: 1 })
        expect(row).toMatchObject({ action: 'content.read' })
        expect(await read('nothing')).toBeNull()
        expect((await db.listAudit({ limit: 1 }))[0]?.id).toBe(row?.id)
      })

      test('is pruned in steps', async () => {
        expect(await db.pruneCapturedContent({ olderThanMs: 1000, limit: 10 })).toBe(0)
        expect(await db.pruneCapturedContent({ olderThanMs: 1001, limit: 2 })).toBe(2)
        while ((await db.pruneCapturedContent({ olderThanMs: 1001, limit: 2 })) > 0);
        expect(await read('read')).toBeNull()
      })
    })
  })
}

function audit(action: string): AuditEntry {
  return {
    actor: 'test',
    actorUserId: null,
    via: 'cli',
    address: null,
    action,
    targetKind: 'job',
    targetId: null,
    targetName: null,
  }
}

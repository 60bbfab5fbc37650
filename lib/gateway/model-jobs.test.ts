import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  cancelModelJob,
  createModelJob,
  getModelJob,
  type ModelJobFields,
  resumeModelJob,
} from '@/lib/admin/model-jobs'
import type { ModelJob } from '@/lib/db/contract-duties'
import { type Simulator, type SimulatorOptions, startSimulator } from '@/simulator/start-simulator'
import { startTestGateway, type TestGateway } from '@/tests/support/start-test-gateway'
import { waitFor } from '@/tests/support/wait-for'

const model = 'gemma3:270m'
vi.setConfig({ testTimeout: 60_000 })

/** A second is promised; noisy machines get four times the room. */
const withinMs = 4000

let herd: Simulator[] = []
let corral: TestGateway

async function start(machines: SimulatorOptions[]): Promise<void> {
  for (const machine of machines) herd.push(await startSimulator(machine))
  corral = await startTestGateway({ backends: herd.map((simulator) => simulator.url) })
}
beforeEach(() => {
  herd = []
})
afterEach(async () => {
  await corral?.stop()
  for (const simulator of herd) await simulator.stop()
})

function backendIds(): string[] {
  return corral.gateway.fleet.views().map((view) => view.id)
}
function create(fields: Partial<ModelJobFields> & Pick<ModelJobFields, 'kind'>): Promise<ModelJob> {
  return createModelJob(corral.context, { model, backendIds: backendIds(), ...fields })
}
async function until(job: ModelJob, fits: (job: ModelJob) => boolean): Promise<ModelJob> {
  let now = job
  await waitFor(
    async () => {
      now = await getModelJob(corral.context, job.id)
      return fits(now)
    },
    { timeoutMs: 20_000, what: 'the state of the job' },
  )
  return now
}
const hasEnded = (job: ModelJob) => job.endedAtMs !== null
const hasModel = (index: number, name = model) =>
  corral.gateway.fleet.views()[index]?.catalogue?.has(name) === true
/** What is there already is not pulled again. */
const empty: SimulatorOptions = { models: [] }

describe('model jobs', () => {
  test('a pull goes to each server with progress per layer, and its end is in the lists', async () => {
    await start([
      { ...empty, pullMs: 3000 },
      { ...empty, pullMs: 0 },
    ])
    const job = await create({ kind: 'pull' })
    expect(job).toMatchObject({ state: 'queued', requestedBy: 'operator' })
    const running = await until(
      job,
      ({ backends: [one] }) => one?.state === 'running' && (one.progress?.completedBytes ?? 0) > 0,
    )
    const [slow] = running.backends
    expect(slow?.progress?.layers[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(slow?.progress?.totalBytes).toBeGreaterThan(slow?.progress?.completedBytes ?? 0)
    const ended = await until(job, hasEnded)
    expect(ended).toMatchObject({ state: 'done', backends: [{ state: 'done' }, { state: 'done' }] })
    expect(ended.backends[0]?.progress).toMatchObject({ status: 'success' })
    expect([hasModel(0), hasModel(1)]).toEqual([true, true])
    const [row] = await corral.database.listAudit({ limit: 1 })
    expect(row).toMatchObject({ action: 'model.pull', targetName: model })
  })

  test('a cancelled pull ends at the server within a second, and goes on when it is resumed', async () => {
    await start([{ ...empty, pullMs: 3000 }])
    const job = await create({ kind: 'pull' })
    await until(job, (now) => (now.backends[0]?.progress?.completedBytes ?? 0) > 0)
    const askedAtMs = performance.now()
    await cancelModelJob(corral.context, job.id)
    await herd[0]?.waitFor(
      (request) => request.path === '/api/pull' && request.abortedAt !== undefined,
    )
    expect(performance.now() - askedAtMs).toBeLessThan(withinMs)
    const cancelled = await until(job, hasEnded)
    expect(cancelled).toMatchObject({ state: 'cancelled', backends: [{ state: 'cancelled' }] })
    expect(hasModel(0)).toBe(false)
    await resumeModelJob(corral.context, job.id)
    const done = await until(job, hasEnded)
    expect(done).toMatchObject({ state: 'done', backends: [{ attempts: 2 }] })
    expect(hasModel(0)).toBe(true)
  })

  test('copies, loads, unloads and deletes, each on the servers that were named', async () => {
    await start([{}, {}])
    const [first = ''] = backendIds()
    const on = { backendIds: [first] }
    await until(await create({ kind: 'copy', ...on, destination: 'mine:latest' }), hasEnded)
    expect([hasModel(0, 'mine:latest'), hasModel(1, 'mine:latest')]).toEqual([true, false])
    await until(await create({ kind: 'load', ...on, keepAlive: '30m' }), hasEnded)
    expect(herd.map((simulator) => simulator.loaded().length)).toEqual([1, 0])
    const loaded = herd[0]?.requests.find((request) => request.path === '/api/generate')
    expect(JSON.parse(loaded?.body.toString() ?? '{}')).toMatchObject({ keep_alive: '30m' })
    await until(await create({ kind: 'unload', ...on }), hasEnded)
    await waitFor(() => herd[0]?.loaded().length === 0)
    const embedding = { ...on, model: 'embed:270m' }
    expect((await until(await create({ kind: 'load', ...embedding }), hasEnded)).state).toBe('done')
    expect(herd[0]?.loaded()).toHaveLength(1)
    const removed = await until(await create({ kind: 'delete', ...on, model: 'mine' }), hasEnded)
    expect(removed.state).toBe('done')
    expect(hasModel(0, 'mine:latest')).toBe(false)
    const again = await until(await create({ kind: 'delete', ...on, model: 'mine' }), hasEnded)
    expect(again.state).toBe('done')
  })

  test('a failure is told in the words of the server, and the others go on', async () => {
    await start([{ ...empty, network: 'down' }, empty])
    const job = await until(await create({ kind: 'pull' }), hasEnded)
    expect(job.state).toBe('failed')
    expect(job.backends.map((one) => one.state)).toEqual(['failed', 'done'])
    expect(job.backends[0]?.error).toContain('no such host')
    herd[0]?.addFault({ path: '/api/pull' }, { kind: 'die', afterFrames: 2 }, 1)
    const broken = await until(await resumeModelJob(corral.context, job.id), hasEnded)
    expect(broken.backends[0]).toMatchObject({ state: 'failed', attempts: 2 })
  })

  test('a server that dies in the middle fails its part; it is resumed when it is back', async () => {
    await start([{ ...empty, pullMs: 2000 }])
    await corral.set({ healthIntervalMs: 100 })
    const job = await create({ kind: 'pull' })
    await until(job, (now) => (now.backends[0]?.progress?.layers.length ?? 0) > 0)
    await herd[0]?.kill()
    const failed = await until(job, hasEnded)
    expect(failed).toMatchObject({ state: 'failed', backends: [{ state: 'failed' }] })
    expect(failed.backends[0]?.error).toBeTruthy()
    await herd[0]?.restart()
    await resumeModelJob(corral.context, job.id)
    expect(await until(job, hasEnded)).toMatchObject({ state: 'done' })
  })

  test('two at once on a server, the third waits', async () => {
    await start([{ ...empty, pullMs: 1500 }])
    const names = ['gemma3:270m', 'tooly:270m', 'thinky:270m']
    const jobs = []
    for (const name of names) jobs.push(await create({ kind: 'pull', model: name }))
    await waitFor(() => herd[0]?.requests.filter((one) => one.path === '/api/pull').length === 2)
    expect(await getModelJob(corral.context, jobs[2]?.id ?? '')).toMatchObject({
      backends: [{ state: 'queued', attempts: 0 }],
    })
    for (const job of jobs) await until(job, hasEnded)
  })

  test('what cannot be done is refused before it is a job', async () => {
    await start([{}])
    const [id = ''] = backendIds()
    const refused = { code: 'admin.invalid_input' }
    await expect(create({ kind: 'copy' })).rejects.toMatchObject(refused)
    await expect(create({ kind: 'pull', destination: 'x' })).rejects.toMatchObject(refused)
    await expect(create({ kind: 'pull', keepAlive: '5m' })).rejects.toMatchObject(refused)
    await expect(create({ kind: 'pull', model: 'two words' })).rejects.toMatchObject(refused)
    await expect(create({ kind: 'pull', backendIds: [] })).rejects.toMatchObject(refused)
    await expect(create({ kind: 'pull', backendIds: [id, 'gone'] })).rejects.toMatchObject({
      code: 'admin.not_found',
    })
  })
})

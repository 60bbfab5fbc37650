import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { buildPrograms, type Programs } from '../lessons/build-programs'
import { runCli } from '../lessons/run-cli'
import {
  type CorralProcess,
  createDataFolder,
  removeDataFolder,
  startCorralProcess,
} from '../support/start-corral-process'
import { waitFor } from '../support/wait-for'

let programs: Programs
let ollama: Simulator
const dataFolder = createDataFolder()
const running: CorralProcess[] = []

beforeAll(async () => {
  programs = await buildPrograms('model-jobs-survive')
  ollama = await startSimulator({ models: [], pullMs: 12_000 })
}, 60_000)
afterAll(async () => {
  for (const corral of running) await corral.kill()
  await ollama?.stop()
  removeDataFolder(dataFolder)
})

async function start(): Promise<CorralProcess> {
  const env = { OLLAMA_HOST: ollama.url, LOG_LEVEL: 'warn' }
  const corral = await startCorralProcess({ command: [programs.server], dataFolder, env })
  running.push(corral)
  return corral
}
async function cli<T>(...args: string[]): Promise<T> {
  return JSON.parse(await runCli(programs.cli, [...args, '--json'], { dataFolder })) as T
}
type Job = { id: string; state: string; backends: { state: string; attempts: number }[] }

test('a pull survives kill -9 of its gateway: the next one goes on when the lease has ended', async () => {
  const first = await start()
  const made = ['models', 'pull', 'gemma3:270m', '--backend', 'all', '--detach']
  const { id } = await cli<Job>(...made)
  const find = async () => (await cli<Job[]>('jobs', 'list')).find((job) => job.id === id)
  await ollama.waitFor((request) => request.path === '/api/pull')
  await first.kill()
  expect(await find()).toMatchObject({ state: 'running', backends: [{ state: 'running' }] })
  await start()
  await waitFor(async () => (await find())?.state === 'done', {
    timeoutMs: 90_000,
    what: 'the end',
  })
  expect(await find()).toMatchObject({ backends: [{ state: 'done', attempts: 2 }] })
  expect(ollama.requests.filter((request) => request.path === '/api/pull')).toHaveLength(2)
}, 150_000)

test('a pull survives a restart by SIGTERM without waiting for a lease', async () => {
  const before = running.at(-1)
  const [backend] = await cli<{ name: string }[]>('backends', 'list')
  const name = backend?.name ?? ''
  await cli('models', 'remove', 'gemma3:270m', '--backend', name)
  const { id } = await cli<Job>('models', 'pull', 'gemma3:270m', '--backend', name, '--detach')
  const pulls = () => ollama.requests.filter((request) => request.path === '/api/pull').length
  await waitFor(() => pulls() === 3)
  before?.signal('SIGTERM')
  await before?.exited
  const find = async () => (await cli<Job[]>('jobs', 'list')).find((job) => job.id === id)
  expect(await find()).toMatchObject({ backends: [{ state: 'queued' }] })
  await start()
  await waitFor(() => pulls() === 4, { timeoutMs: 12_000, what: 'the pull to go on' })
  await cli('jobs', 'cancel', id)
  await waitFor(async () => (await find())?.state === 'cancelled')
}, 90_000)

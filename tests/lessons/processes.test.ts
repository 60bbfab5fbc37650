import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '@/lib/db/open-database'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import {
  type CorralProcess,
  createDataFolder,
  removeDataFolder,
  startCorralProcess,
  statusOf,
} from '../support/start-corral-process'
import { waitFor } from '../support/wait-for'
import { buildPrograms, type Programs } from './build-programs'
import { ask, type GenerationPath, readObjects } from './generations'
import { runCli } from './run-cli'
import { type SimulatorProcess, startSimulatorProcess } from './start-simulator-process'

let programs: Programs
let herd: SimulatorProcess[] = []
let corral: CorralProcess | null = null
const folders: string[] = []

beforeAll(async () => {
  programs = await buildPrograms('processes')
}, 60_000)
afterEach(async () => {
  await corral?.kill()
  corral = null
  for (const simulator of herd) {
    simulator.signal('SIGCONT')
    await simulator.kill()
  }
  herd = []
})
afterAll(() => {
  for (const folder of folders) removeDataFolder(folder)
})

type Row = { group: string; label: string; promptTokens: number; completionTokens: number }

async function startHerd(size: number, args: string[]): Promise<void> {
  herd = await Promise.all(
    Array.from({ length: size }, () => startSimulatorProcess(programs.simulator, args)),
  )
}

async function startGateway(dataFolder = createDataFolder()): Promise<CorralProcess> {
  folders.push(dataFolder)
  const env = {
    OLLAMA_HOST: herd.map((simulator) => simulator.url).join(','),
    RATE_LIMIT_REQUESTS: '0',
    LOG_LEVEL: 'warn',
  }
  corral = await startCorralProcess({ command: [programs.server], dataFolder, env })
  const { url } = corral
  await waitFor(async () => (await statusOf(`${url}/readyz`)) === 200, { what: 'readiness' })
  return corral
}

async function cli<T>(gateway: CorralProcess, ...args: string[]): Promise<T> {
  const text = await runCli(programs.cli, [...args, '--json'], { dataFolder: gateway.dataFolder })
  return JSON.parse(text) as T
}

/** A client that has read the last line of its answer has seen its end. */
async function chat(
  gateway: CorralProcess,
  how: { tokens: number; path?: GenerationPath; key?: string },
): Promise<{ id: string; status: number; isWhole: boolean; backend: string; isBroken: boolean }> {
  const { path = '/api/chat', tokens, key = gateway.key } = how
  const limits = { options: { num_predict: tokens }, max_tokens: tokens, max_output_tokens: tokens }
  const response = await ask(gateway, { path, key, body: limits })
  const id = response.headers.get('x-request-id') ?? ''
  const backend = response.headers.get('x-corral-backend') ?? ''
  let text = ''
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true })
    }
  } catch {
    // Corral was killed: what came until then may still hold the end.
  }
  const last = readObjects(text).at(-1)
  const isWhole = path === '/api/chat' ? last?.done === true : response.ok
  return { id, status: response.status, isWhole, backend, isBroken: last?.error !== undefined }
}

describe('kill -9', () => {
  test('under load at random moments: every exchange whose end a client saw is on record, once', async () => {
    await startHerd(2, ['--tokens-per-second', '400'])
    const seen: string[] = []
    let gateway = await startGateway()
    for (let round = 0; round < 5; round++) {
      let stopped = false
      const running = gateway
      const client = async () => {
        while (!stopped) {
          const answer = await chat(running, { tokens: 1 + Math.floor(Math.random() * 20) }).catch(
            () => null,
          )
          if (answer?.isWhole) seen.push(answer.id)
        }
      }
      const clients = Array.from({ length: 20 }, client)
      const before = seen.length
      await waitFor(() => seen.length >= before + 40)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 700))
      await running.kill()
      stopped = true
      await Promise.all(clients)
      gateway = await startGateway(running.dataFolder)
    }
    expect(new Set(seen).size).toBe(seen.length)
    const known = gateway
    await waitFor(
      async () => {
        const records = await listRecords(known)
        const ids = new Set(records.map((record) => record.id))
        return seen.every((id) => ids.has(id))
      },
      { timeoutMs: 30_000, what: `all of ${seen.length} records` },
    )
    const ids = (await listRecords(known)).map((record) => record.id)
    expect(new Set(ids).size, 'none twice').toBe(ids.length)
    const rows = await cli<{ rows: { requests: number }[] }>(known, 'usage', '--by', 'key')
    const rolled = rows.rows.reduce((sum, row) => sum + row.requests, 0)
    expect(rolled, 'the roll-ups count each record once').toBe(ids.length)
  }, 120_000)
})

describe('A backend is lost under load of 50 clients', () => {
  for (const [name, lose, find] of [
    ['by kill -9', 'SIGKILL', null],
    ['as a black hole: packets unanswered, sockets open', 'SIGSTOP', 'SIGCONT'],
  ] as const) {
    test(`${name}: no client sees an error but those whose answer had begun, and it is used again`, async () => {
      await startHerd(2, ['--tokens-per-second', '150', '--parallel', '64'])
      const gateway = await startGateway()
      await cli(gateway, 'settings', 'set', 'healthIntervalMs', '500')
      await cli(gateway, 'settings', 'set', 'healthTimeoutMs', '1000')
      const [victim] = herd
      const victimName = await nameOf(gateway, victim)
      const answers: Awaited<ReturnType<typeof chat>>[] = []
      let stopped = false
      const client = async () => {
        while (!stopped) answers.push(await chat(gateway, { tokens: 30 }))
      }
      const clients = Promise.all(Array.from({ length: 50 }, client))
      clients.catch(() => {})
      await waitFor(() => answers.some((answer) => answer.backend === victimName), {
        timeoutMs: 30_000,
      })
      victim?.signal(lose)
      const lostAt = answers.length
      // Every client has since asked and been answered several times.
      await waitFor(() => answers.length > lostAt + 300, { timeoutMs: 60_000 })
      if (find) victim?.signal(find)
      else await restart(victim)
      const backAt = answers.length
      const isUsedAgain = () =>
        answers.slice(backAt).some((answer) => answer.backend === victimName)
      await waitFor(isUsedAgain, { timeoutMs: 60_000, what: 'new work for the backend' })
      stopped = true
      await clients
      expect([...new Set(answers.map((answer) => answer.status))]).toEqual([200])
      const broken = answers.filter((answer) => !answer.isWhole)
      // An answer that had begun ends with its dialect's error, and only the lost backend's do.
      for (const answer of broken)
        expect(answer).toMatchObject({ isBroken: true, backend: victimName })
      expect(broken.length).toBeLessThanOrEqual(50)
    }, 180_000)
  }

  async function nameOf(gateway: CorralProcess, simulator: SimulatorProcess | undefined) {
    const all = await cli<{ name: string; url: string }[]>(gateway, 'backends', 'list')
    return all.find((backend) => backend.url === simulator?.url)?.name ?? ''
  }

  async function restart(simulator: SimulatorProcess | undefined): Promise<void> {
    await simulator?.kill()
    const args = [
      '--port',
      String(simulator?.port),
      '--tokens-per-second',
      '150',
      '--parallel',
      '64',
    ]
    herd.push(await startSimulatorProcess(programs.simulator, args))
  }
})

describe('corral usage', () => {
  test('--by key adds up to exactly the tokens that the backends reported, after mixed load', async () => {
    await startHerd(3, ['--tokens-per-second', '2000'])
    const gateway = await startGateway()
    const keys = [gateway.key]
    for (const name of ['one', 'two']) {
      keys.push((await cli<{ key: string }>(gateway, 'keys', 'create', name)).key)
    }
    const paths: GenerationPath[] = [
      '/api/chat',
      '/api/generate',
      '/v1/chat/completions',
      '/v1/responses',
      '/v1/messages',
    ]
    const calls = Array.from({ length: 150 }, (_, index) => ({
      key: keys[index % keys.length] ?? '',
      path: paths[index % paths.length] ?? '/api/chat',
      tokens: 1 + (index % 17),
    }))
    const queue = [...calls]
    const client = async () => {
      for (let next = queue.pop(); next; next = queue.pop()) {
        const answer = await chat(gateway, next)
        expect(answer.status).toBe(200)
      }
    }
    await Promise.all(Array.from({ length: 15 }, client))
    const states = await Promise.all(herd.map((simulator) => simulator.state()))
    const reported = {
      prompt: states.reduce((sum, state) => sum + state.tokens.prompt, 0),
      completion: states.reduce((sum, state) => sum + state.tokens.completion, 0),
    }
    expect(reported.completion).toBeGreaterThan(500)
    type Report = {
      rows: Row[]
      total: { requests: number; promptTokens: number; completionTokens: number }
    }
    let report: Report = { rows: [], total: { requests: 0, promptTokens: 0, completionTokens: 0 } }
    await waitFor(
      async () => {
        report = await cli<Report>(gateway, 'usage', '--by', 'key', '--since', '24h')
        return report.total.requests === calls.length
      },
      { timeoutMs: 20_000, what: 'every record' },
    )
    expect({
      prompt: report.total.promptTokens,
      completion: report.total.completionTokens,
    }).toEqual(reported)
    expect(report.rows).toHaveLength(keys.length)
    const sum = report.rows.reduce((all, row) => all + row.completionTokens, 0)
    expect(sum).toBe(reported.completion)
  }, 90_000)
})

describe('SIGTERM', () => {
  test('stops accepting, lets running streams finish, says 503 on /readyz meanwhile, and ends with 0', async () => {
    await startHerd(1, ['--tokens-per-second', '30', '--answer-tokens', '120'])
    const gateway = await startGateway()
    const response = await ask(gateway, { body: { options: { num_predict: 120 } } })
    const id = response.headers.get('x-request-id')
    const reader = response.body?.getReader()
    let text = new TextDecoder().decode((await reader?.read())?.value)
    const asked = await beginRequest(gateway, '/readyz')
    gateway.signal('SIGTERM')
    await waitFor(async () => (await statusOf(`${gateway.url}/healthz`)) === null, {
      what: 'the end of accepting',
    })
    expect(await asked.finish()).toMatch(/^HTTP\/1\.1 503 [\s\S]*stopping/)
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      text += new TextDecoder().decode(read.value)
    }
    expect(readObjects(text).at(-1)).toMatchObject({ done: true, eval_count: 120 })
    expect(await gateway.exited).toEqual({ code: 0, signal: null })
    const again = await startGateway(gateway.dataFolder)
    const records = await listRecords(again)
    expect(records.find((record) => record.id === id)).toMatchObject({
      status: 200,
      completionTokens: 120,
    })
  }, 60_000)

  test('a port that is taken is one sentence, exit code 1, and nothing is made', async () => {
    await startHerd(1, [])
    const gateway = await startGateway()
    const dataFolder = createDataFolder()
    folders.push(dataFolder)
    const child = spawn(process.execPath, [programs.server], {
      cwd: dataFolder,
      env: {
        PATH: process.env.PATH ?? '',
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: String(gateway.port),
        CORRAL_DATA: path.join(dataFolder, 'data'),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const [problem, [code]] = await Promise.all([readText(child.stderr), once(child, 'close')])
    expect(problem).toMatch(/^Port \d+ is taken\.[^\n]*\n$/)
    expect(code).toBe(1)
    expect(readdirSync(dataFolder)).toEqual([])
  }, 60_000)
})

/** Straight from the file: a second reader beside the server, as the command line is. */
async function listRecords(gateway: CorralProcess): Promise<UsageRecord[]> {
  const database = await openDatabase({ url: `file:${path.join(gateway.dataFolder, 'corral.db')}` })
  try {
    const records: UsageRecord[] = []
    for (let last: string | undefined; ; last = records.at(-1)?.id) {
      const page = await database.listUsageRecords({
        limit: 1000,
        ...(last !== undefined && { beforeId: last }),
      })
      records.push(...page)
      if (page.length < 1000) return records
    }
  } finally {
    await database.close()
  }
}

/** A request whose head is on its way when something happens. */
async function beginRequest(gateway: CorralProcess, target: string) {
  const socket = connect(gateway.port, '127.0.0.1')
  await once(socket, 'connect')
  await new Promise<void>((resolve) => {
    socket.write(`GET ${target} HTTP/1.1\r\nHost: corral\r\n`, () => resolve())
  })
  // Answered after it: what came before on another socket has been read as well.
  await statusOf(`${gateway.url}/healthz`)
  return {
    async finish(): Promise<string> {
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.write('\r\n')
      await once(socket, 'close')
      return text
    },
  }
}

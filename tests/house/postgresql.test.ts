import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AdminContext, commandLineOperator } from '@/lib/admin/actor'
import { disableKey } from '@/lib/admin/keys'
import { openControlPlane } from '@/lib/admin/open-control-plane'
import { readEnv } from '@/lib/core/env'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { addUser, password } from '../console/add-user'
import { openBrowser, untilConsole } from '../console/open-browser'
import { ask } from '../lessons/generations'
import { ensureBuilt } from '../support/ensure-built'
import {
  type CorralProcess,
  type CorralProcessOptions,
  removeDataFolder,
  startCorralProcess,
} from '../support/start-corral-process'
import { createPostgresDatabase } from '../support/start-postgres'
import { waitFor } from '../support/wait-for'
import { root } from './list-sources'

const databaseUrl = await createPostgresDatabase()
const shared = {
  DATABASE_URL: databaseUrl ?? '',
  CORRAL_SECRET: 'one secret that all machines have',
  RATE_LIMIT_REQUESTS: '0',
  LOG_LEVEL: 'warn',
}

let simulator: Simulator
let gateways: CorralProcess[] = []
let office: CorralProcess
let operator: AdminContext & { close(): Promise<void> }

/** As on a machine of its own: with a data folder of its own. */
function startNode(
  role: 'gateway' | 'console',
  options: Pick<CorralProcessOptions, 'joins' | 'dataFolder'> = {},
): Promise<CorralProcess> {
  return startCorralProcess({
    command: ['dist/server.mjs'],
    workingFolder: root,
    env: { ...shared, OLLAMA_HOST: simulator.url, CORRAL_ROLE: role },
    ...options,
  })
}

/** Its start has looked at the servers, too. */
function untilAsked(gateway: CorralProcess): Promise<void> {
  return waitFor(async () => (await ask(gateway)).status === 200, { what: 'an answer' })
}

async function chat(node: CorralProcess | undefined): Promise<string> {
  if (!node) throw new Error('a gateway is missing')
  const answer = await ask(node)
  expect(answer.status).toBe(200)
  await answer.text()
  return answer.headers.get('x-request-id') ?? ''
}

describe.skipIf(databaseUrl === null)('Two gateways and a console on one PostgreSQL', () => {
  beforeAll(async () => {
    await ensureBuilt()
    simulator = await startSimulator()
    const first = await startNode('gateway')
    gateways = [first, await startNode('gateway', { joins: first })]
    office = await startNode('console', { joins: first })
    const env = readEnv({ ...shared, CORRAL_DATA: office.dataFolder })
    operator = await openControlPlane(commandLineOperator, env)
    for (const gateway of gateways) {
      await untilAsked(gateway)
    }
    await untilConsole(office.url)
  }, 300_000)
  afterAll(async () => {
    await operator?.close()
    for (const node of [...gateways, office]) {
      await node?.kill()
      if (node) removeDataFolder(node.dataFolder)
    }
    await simulator?.stop()
  })

  test('each request is in the log once, also of a gateway that was killed after it', async () => {
    const [first, second] = gateways
    const ids = [await chat(first), await chat(second), await chat(first)]
    await first?.kill()
    gateways = [
      await startNode('gateway', { joins: second, dataFolder: first?.dataFolder }),
      ...gateways.slice(1),
    ]

    await addUser(operator, 'ana', { role: 'viewer' })
    const browser = openBrowser({ url: office.url })
    expect((await browser.signIn('ana', password)).status).toBe(200)
    const timesListed = async () => {
      const page = await browser.ask('/console/data/requests?range=15m')
      expect(page.status).toBe(200)
      const { rows } = (page.json() as { page: { rows: { id: string }[] } }).page
      return ids.map((id) => rows.filter((row) => row.id === id).length)
    }
    await waitFor(async () => (await timesListed()).every((times) => times === 1), {
      what: 'each request in the log, once',
    })
  }, 60_000)

  test('a key that is disabled is refused by both within a second', async () => {
    await disableKey(operator, 'first')
    for (const gateway of gateways) {
      // The second that is promised, and room for a noisy machine.
      await waitFor(async () => (await ask(gateway)).status === 403, {
        timeoutMs: 4000,
        what: 'a refusal',
      })
    }
  }, 60_000)
})

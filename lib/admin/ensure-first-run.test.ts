import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestKeySecret, parseKeyToken } from '@/lib/auth/key-token'
import { systemClock } from '@/lib/core/clock'
import { type Env, readEnv } from '@/lib/core/env'
import { deriveSealKey } from '@/lib/core/seal'
import { endFirstRun } from '@/lib/core/secrets'
import type { Database } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import { ensureFirstRun, nameBackends } from './ensure-first-run'

let folder: string
let database: Database
const sealKey = deriveSealKey('a secret of tests, long enough to seal with')
const nobody = 'http://127.0.0.1:9'

function envOf(more: Record<string, string> = {}, name = 'data'): Env {
  return readEnv({ CORRAL_DATA: path.join(folder, name), OLLAMA_HOST: nobody, ...more })
}

function start(env: Env, over: Database = database) {
  const signal = AbortSignal.timeout(30_000)
  return ensureFirstRun({ database: over, clock: systemClock, sealKey, env, signal })
}

function show(env: Env): void {
  endFirstRun({ dataFolder: env.dataFolder, text: '', show: () => {} })
}

describe('ensureFirstRun', () => {
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'corral-first-'))
    database = await openDatabase({ url: `file:${path.join(folder, 'corral.db')}` })
    await database.migrate()
  })
  afterEach(async () => {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('makes the admin, a first key with the four of clients, the frontend and memory patterns', async () => {
    const { show } = await start(envOf())
    expect(show?.adminUser).toBe('admin')
    expect(await database.findUserByName('admin')).toMatchObject({ role: 'admin', active: true })
    const parts = parseKeyToken(show?.keyToken ?? '')
    const key = await database.findKeyWithSecretDigestsByPrefix(parts?.prefix ?? '')
    expect(key?.permissions).toEqual(['inference', 'embeddings', 'models:read', 'models:manage'])
    expect(key?.secrets[0]?.digest).toBe(digestKeySecret(parts?.secret ?? ''))
    expect((await database.listFrontends()).map((one) => one.isDefault)).toEqual([true])
    const rules = (await database.listMemoryRules()).map(({ match, gb }) => [match, gb])
    expect(rules).toEqual([
      ['8x7b', 45],
      ['70b', 40],
      ['34b', 20],
      ['13b', 8],
      ['7b', 4.5],
    ])
  })

  it('shows nothing and asks no backend at a second start', async () => {
    const env = envOf()
    await start(env)
    show(env)
    const rule = (await database.listMemoryRules())[0]
    await database.removeMemoryRule(rule?.id ?? '', {
      actor: 'test',
      actorUserId: null,
      via: 'cli',
      address: null,
      action: 'memory.remove',
      targetKind: 'memory rule',
      targetId: null,
      targetName: null,
    })
    expect(await start(env)).toEqual({ show: null, backends: [] })
    expect(await database.listMemoryRules()).toHaveLength(4)
  })

  it('keeps a backend that does not answer and says why in words', async () => {
    const { backends } = await start(envOf())
    expect(backends).toMatchObject([
      { name: 'local', problem: 'local refused the connection at http://127.0.0.1:9.' },
    ])
    expect((await database.listBackends()).map((one) => one.url)).toEqual([nobody])
  })

  it('says the version and the models of a backend that it finds', async () => {
    const server = createServer((request, response) => {
      const body =
        request.url === '/api/version'
          ? { version: '0.32.15' }
          : { models: [{ name: 'llama3.2:latest' }] }
      response.end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { backends } = await start(envOf({ OLLAMA_HOST: `127.0.0.1:${port}` }))
    server.close()
    expect(backends).toMatchObject([
      { problem: null, version: '0.32.15', models: ['llama3.2:latest'] },
    ])
  })

  it('seeds backends, limits, origins and address rules that the environment names', async () => {
    await start(
      envOf({
        OLLAMA_SERVERS: 'http://127.0.0.2:9,http://127.0.0.3:9/base',
        ALLOWED_IPS: '10.0.0.0/8',
        DENIED_IPS: '10.6.6.6',
        RATE_LIMIT_REQUESTS: '7',
        RATE_LIMIT_WINDOW_MINUTES: '2',
      }),
    )
    const urls = (await database.listBackends()).map((one) => one.url)
    expect(urls.toSorted()).toEqual([nobody, 'http://127.0.0.2:9', 'http://127.0.0.3:9/base'])
    const rules = (await database.listAddressRules()).map((one) => [one.effect, one.network])
    expect(rules.toSorted()).toEqual([
      ['allow', '10.0.0.0/8'],
      ['deny', '10.6.6.6'],
    ])
    expect(await database.readSettings()).toEqual({
      rateLimitRequests: 7,
      rateLimitWindowSeconds: 120,
    })
  })

  it('has one winner when two nodes start at once on one database', async () => {
    const envs = [envOf({}, 'one'), envOf({}, 'two')]
    const results = await Promise.all(envs.map((env) => start(env)))
    expect(results.filter((result) => result.show !== null)).toHaveLength(1)
    expect(await database.countUsers()).toBe(1)
    expect(await database.listKeys()).toHaveLength(1)
    expect(await database.listMemoryRules()).toHaveLength(5)
    const winner = results.find((result) => result.show !== null)
    const prefix = parseKeyToken(winner?.show?.keyToken ?? '')?.prefix
    expect((await database.listKeys())[0]?.prefix).toBe(prefix)
  })

  const steps = ['createUser', 'createMemoryRule', 'createBackend', 'createKey'] as const
  it.each(steps)('goes on with the same secrets after it was killed at %s', async (step) => {
    const env = envOf()
    await expect(start(env, killedAfter(step))).rejects.toThrow('killed')
    const { show } = await start(env)
    expect(show).not.toBeNull()
    const prefix = parseKeyToken(show?.keyToken ?? '')?.prefix
    expect((await database.listKeys()).map((key) => key.prefix)).toEqual([prefix])
    expect(await database.listMemoryRules()).toHaveLength(5)
    expect(await database.listBackends()).toHaveLength(1)
  })
})

/** The step is done in the database, and then the process is gone. */
function killedAfter(step: keyof Database): Database {
  const done = database[step] as (...args: unknown[]) => Promise<unknown>
  const killed = async (...args: unknown[]) => {
    await done(...args)
    throw new Error('killed')
  }
  return { ...database, [step]: killed }
}

describe('nameBackends', () => {
  it('gives every address a name of its own', () => {
    const urls = ['http://127.0.0.1:11434', 'http://gpu-1:11434', 'http://gpu-1:11435/two']
    expect(nameBackends(urls).map((one) => one.name)).toEqual(['local', 'gpu-1', 'gpu-1-11435-two'])
  })
})

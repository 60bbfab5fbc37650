import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EnvName, envNames } from '@/lib/schemas/env'
import { type ConsoleEnvName, consoleEnvNames } from '../console/console-knobs'
import { findFreePort } from '../support/find-free-port'
import {
  type CorralProcess,
  createDataFolder,
  removeDataFolder,
  startCorralProcess,
  statusOf,
} from '../support/start-corral-process'
import { waitFor } from '../support/wait-for'
import { buildPrograms } from './build-programs'
import { callRaw } from './call-raw'
import { runCli } from './run-cli'
import { type ScriptedBackend, startScriptedBackend } from './start-scripted-backend'

const root = path.resolve(import.meta.dirname, '../..')
const nextProgram = path.join(root, 'node_modules/next/dist/bin/next')
let one: ScriptedBackend
let other: ScriptedBackend
/** Started with every variable set, and with none but where it must listen and look. */
let changed: CorralProcess
let plain: CorralProcess
/** Started with those variables that would hide what another one does. */
let third: CorralProcess
let consolePort = 0
let consoleProcess: ChildProcess
let programs: Awaited<ReturnType<typeof buildPrograms>>
let databaseFile = ''
let logFile = ''

const sealingSecret = 'kJ8fQ2mZ7xW4pR9tY6vB3nC5hD1sL0aG'

beforeAll(async () => {
  programs = await buildPrograms('env-knobs')
  one = await startScriptedBackend({})
  other = await startScriptedBackend({})
  const dataFolder = createDataFolder()
  databaseFile = path.join(dataFolder, 'elsewhere.db')
  logFile = path.join(dataFolder, 'log', 'corral.log')
  plain = await startCorralProcess({ command: [programs.server], env: { OLLAMA_HOST: one.url } })
  third = await startCorralProcess({
    command: [programs.server],
    host: '127.0.0.2',
    env: { LOG_FORMAT: 'pretty', LOG_LEVEL: 'error' },
  })
  consolePort = await findFreePort()
  consoleProcess = spawn(
    process.execPath,
    [nextProgram, 'start', root, '-p', String(consolePort)],
    {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        CORRAL_ROLE: 'console',
        CORRAL_DATA: third.dataFolder,
      },
      stdio: 'ignore',
    },
  )
  await waitFor(async () => (await statusOf(`http://127.0.0.1:${consolePort}/healthz`)) !== null, {
    timeoutMs: 30_000,
    what: 'the console',
  })
  changed = await startCorralProcess({
    command: [programs.server],
    dataFolder,
    env: {
      OLLAMA_HOST: one.url,
      OLLAMA_SERVERS: other.url,
      DATABASE_URL: `file:${databaseFile}`,
      CORRAL_SECRET: sealingSecret,
      ADMIN_USER: 'warden',
      ADMIN_PASSWORD: 'a wide gate and a grey mare',
      TRUSTED_PROXIES: '127.0.0.0/8',
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
      LOG_DESTINATION: `file:${logFile}`,
      ALLOWED_IPS: '127.0.0.0/8,10.9.0.0/16',
      DENIED_IPS: '10.9.9.9',
      RATE_LIMIT_REQUESTS: '7',
      RATE_LIMIT_WINDOW_MINUTES: '3',
      OLLAMA_ORIGINS: 'https://chat.example.com',
    },
  })
}, 120_000)

afterAll(async () => {
  consoleProcess?.kill('SIGKILL')
  for (const corral of [changed, plain, third]) {
    await corral?.kill()
    if (corral) removeDataFolder(corral.dataFolder)
  }
  await one?.stop()
  await other?.stop()
})

const statusFrom = async (corral: CorralProcess, address: string) =>
  (await call(corral, { 'X-Forwarded-For': address })).status
const call = (corral: CorralProcess, headers: Record<string, string> = {}) =>
  callRaw(`${corral.url}/health`, { method: 'GET', headers })
const cli = async (corral: CorralProcess, ...args: string[]) =>
  JSON.parse(
    await runCli(programs.cli, [...args, '--json'], {
      dataFolder: corral.dataFolder,
      env: corral === changed ? { DATABASE_URL: `file:${databaseFile}` } : {},
    }),
  ) as unknown
const setting = async (corral: CorralProcess, name: string) =>
  ((await cli(corral, 'settings', 'get', name)) as { value: unknown }).value
const urlsOf = async (corral: CorralProcess) =>
  ((await cli(corral, 'backends', 'list')) as { url: string }[]).map((backend) => backend.url)

/** Each variable, seen on a server that was started with another value and on one that was not. */
const cases: Record<
  Exclude<EnvName, ConsoleEnvName>,
  () => Promise<[changed: unknown, unchanged: unknown]>
> = {
  HOST: async () => [
    await statusOf(`http://127.0.0.1:${third.port}/healthz`),
    await statusOf(`${plain.url}/healthz`),
  ],
  PORT: async () => [
    await statusOf(`${changed.url}/healthz`),
    await statusOf('http://127.0.0.1:8080/healthz'),
  ],
  TRUSTED_PROXIES: () => onBoth((corral) => statusFrom(corral, '192.0.2.1')),
  CORRAL_ROLE: async () => [
    await statusOf(`http://127.0.0.1:${consolePort}/api/version`),
    await statusOf(`${plain.url}/api/version`),
  ],
  CORRAL_DATA: async () => [
    existsSync(path.join(changed.dataFolder, 'journal')),
    existsSync(path.join(changed.dataFolder, 'data')),
  ],
  DATABASE_URL: () =>
    onBoth(async (corral) => existsSync(path.join(corral.dataFolder, 'corral.db'))),
  CORRAL_SECRET: () => onBoth(async (corral) => existsSync(path.join(corral.dataFolder, 'secret'))),
  ADMIN_USER: () =>
    onBoth(async (corral) =>
      JSON.stringify(await cli(corral, 'users', 'list')).includes('"warden"'),
    ),
  ADMIN_PASSWORD: () => onBoth(async (corral) => corral.password),
  LOG_LEVEL: async () => [
    third.output().includes('Corral serves'),
    plain.output().includes('Corral serves'),
  ],
  LOG_FORMAT: async () => [third.output().includes('"msg"'), plain.output().includes('"msg"')],
  LOG_DESTINATION: () => onBoth(async (corral) => corral.output().includes('"msg"')),
  OLLAMA_HOST: async () => [await urlsOf(plain), await urlsOf(third)],
  OLLAMA_SERVERS: () => onBoth(async (corral) => (await urlsOf(corral)).includes(other.url)),
  ALLOWED_IPS: () => onBoth((corral) => statusFrom(corral, '192.0.2.1')),
  DENIED_IPS: async () => [
    await statusFrom(changed, '10.9.9.9'),
    await statusFrom(changed, '10.9.9.8'),
  ],
  RATE_LIMIT_REQUESTS: () => onBoth((corral) => setting(corral, 'rateLimitRequests')),
  RATE_LIMIT_WINDOW_MINUTES: () => onBoth((corral) => setting(corral, 'rateLimitWindowSeconds')),
  OLLAMA_ORIGINS: () =>
    onBoth(async (corral) =>
      JSON.stringify(await setting(corral, 'corsOrigins')).includes('chat.example.com'),
    ),
}

async function onBoth(
  observe: (corral: CorralProcess) => Promise<unknown>,
): Promise<[unknown, unknown]> {
  return [await observe(changed), await observe(plain)]
}

describe('Dead knobs: every variable of the environment changes something that can be seen', () => {
  test('every variable has a case', () => {
    const covered = [...Object.keys(cases), ...consoleEnvNames]
    expect(covered.sort()).toEqual([...envNames].sort())
  })

  for (const [name, observe] of Object.entries(cases)) {
    test(name, async () => {
      const [after, before] = await observe()
      expect(after).not.toEqual(before)
    }, 60_000)
  }
})

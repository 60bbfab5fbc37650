import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CorralProcess,
  createDataFolder,
  removeDataFolder,
  startCorralProcess,
} from '../support/start-corral-process'
import { waitFor } from '../support/wait-for'
import { buildPrograms, type Programs } from './build-programs'
import { callRaw } from './call-raw'
import { runCli } from './run-cli'
import { type ScriptedBackend, startScriptedBackend } from './start-scripted-backend'

const sealingSecret = 'kJ8fQ2mZ7xW4pR9tY6vB3nC5hD1sL0aG'
const password = 'a wide gate and a grey mare'
const credential = 'backend-credential-5e8d1f60a7'
const prompt = 'the-prompt-of-this-test-2f91c4'

let programs: Programs
let backend: ScriptedBackend
let refusing: ScriptedBackend
let corral: CorralProcess
let created = ''
const answers: Buffer[] = []

beforeAll(async () => {
  programs = await buildPrograms('credentials')
  backend = await startScriptedBackend({
    '/api/chat': (_request, response) => {
      response.setHeader('Content-Type', 'application/x-ndjson')
      response.end('{"message":{"content":"x"},"done":true,"prompt_eval_count":1,"eval_count":1}\n')
    },
  })
  refusing = await startScriptedBackend({
    '/api/chat': (request, response) => {
      response.statusCode = 401
      response.end(JSON.stringify({ error: `not ${request.headers.authorization}` }))
    },
  })
  corral = await startCorralProcess({
    command: [programs.server],
    dataFolder: createDataFolder(),
    env: {
      OLLAMA_HOST: backend.url,
      CORRAL_SECRET: sealingSecret,
      ADMIN_PASSWORD: password,
      LOG_LEVEL: 'trace',
    },
  })
  await cli(['settings', 'set', 'logLevel', 'trace'])
  await cli(['backends', 'add', 'sealed', refusing.url, '--credential-stdin'], credential)
  created = (JSON.parse(await cli(['keys', 'create', 'second', '--json'])) as { key: string }).key
  await cli(['keys', 'update', 'second', '--permissions', 'inference,backend:pin'])
  await goEveryWayIn()
  await waitFor(async () => (await cli(['usage', '--json'])).includes('"requests"'))
}, 120_000)

afterAll(async () => {
  await corral?.kill()
  await backend?.stop()
  await refusing?.stop()
  if (corral) removeDataFolder(corral.dataFolder)
})

function cli(args: string[], stdin?: string): Promise<string> {
  return runCli(programs.cli, args, {
    dataFolder: corral.dataFolder,
    env: { CORRAL_SECRET: sealingSecret },
    ...(stdin !== undefined && { stdin }),
  })
}

/** Each way to give a key, on paths that work, that fail, and that nobody knows. */
async function goEveryWayIn(): Promise<void> {
  const body = JSON.stringify({
    model: 'gemma3:270m',
    messages: [{ role: 'user', content: prompt }],
  })
  for (const key of [corral.key, created]) {
    const basic = Buffer.from(`me:${key}`).toString('base64')
    const given: Record<string, string>[] = [
      { Authorization: `Bearer ${key}` },
      { Authorization: `Token ${key}` },
      { Authorization: `Basic ${basic}` },
      { 'x-api-key': key },
      { 'x-api-key': key, Authorization: `Bearer ${key}`, 'Proxy-Authorization': `Bearer ${key}` },
      { 'x-api-key': key, Cookie: `token=${key}`, Referer: `http://h/k/${key}/` },
      { 'x-api-key': key, Connection: 'x-mine', 'X-Mine': key },
      { 'x-api-key': key, 'X-Corral-Backend': 'sealed' },
    ]
    for (const headers of given) await call('/api/chat', { headers, body })
    const encoded = key.replace('_', '%5F')
    const tails = [
      'api/chat',
      'nope',
      '/api//chat',
      'api/%2e%2e/chat',
      'v1/nope',
      'console',
      'api/chat?a=%zz',
    ]
    for (const tail of tails) {
      await call(`/k/${key}/${tail}`, { body })
      await call(`/k/${encoded}/${tail}`, { body })
      await call(`/f/default/k/${key}/${tail}`, { body })
    }
    await call(`/k/${key}`, { method: 'GET' })
    await call(`/k/${key}/api/chat`, { body: '{"model": broken' })
    await call(`/k/${key}/api/chat`, { method: 'PUT', body })
    await call(`/k/${key}x/api/chat`, { body })
    await call('/api/chat', { headers: { Authorization: `Bearer ${key}x` }, body })
  }
}

async function call(target: string, how: Parameters<typeof callRaw>[1]): Promise<void> {
  const { headers, body } = await callRaw(`${corral.url}${target}`, how)
  answers.push(Buffer.from(JSON.stringify(headers)), body)
}

/** Everything that the data folder keeps, but the file that shows the first key once. */
function readStored(): Buffer {
  const files = readdirSync(corral.dataFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'first-run.txt')
    .map((entry) => path.join(entry.parentPath, entry.name))
  const names = files.map((file) => path.relative(corral.dataFolder, file))
  expect(names).toContain('corral.db')
  expect(names.some((name) => name.startsWith('journal'))).toBe(true)
  return Buffer.concat(files.map((file) => readFileSync(file)))
}

describe('Credentials', () => {
  const places: Record<string, () => Buffer> = {
    'what backends were sent': () => Buffer.concat([backend.traffic(), refusing.traffic()]),
    'the log': () => Buffer.from(corral.output()),
    'every byte of the database and the journal': readStored,
    'what clients read': () => Buffer.concat(answers),
  }
  const secrets: Record<string, () => string[]> = {
    'a client key': () => [corral.key, created].flatMap(formsOf),
    'the sealing secret': () => [sealingSecret],
    "the admin's password": () => [password],
  }
  for (const [place, read] of Object.entries(places)) {
    for (const [what, list] of Object.entries(secrets)) {
      test(`${what} is nowhere in ${place}`, () => {
        const bytes = read()
        expect(bytes.length).toBeGreaterThan(200)
        for (const text of list()) {
          expect(text.length).toBeGreaterThan(10)
          expect(bytes.includes(text), text).toBe(false)
        }
      })
    }
  }

  test("a backend's credential reaches that backend and nothing else", () => {
    expect(refusing.traffic().includes(`Bearer ${credential}`)).toBe(true)
    expect(backend.traffic().includes(credential)).toBe(false)
    expect(readStored().includes(credential)).toBe(false)
    expect(corral.output()).not.toContain(credential)
    expect(Buffer.concat(answers).includes(credential)).toBe(false)
  })

  test('a prompt is in no log line, no record and no journal line', () => {
    expect(backend.traffic().includes(prompt)).toBe(true)
    expect(corral.output()).not.toContain(prompt)
    expect(readStored().includes(prompt)).toBe(false)
  })

  test('no command shows a secret again', async () => {
    const shown: string[] = []
    const commands = [
      'backends list',
      'keys list',
      'users list',
      'settings list',
      'logs tail',
      'health',
    ]
    for (const command of commands) shown.push(await cli([...command.split(' '), '--json']))
    const all = shown.join('\n')
    expect(all.length).toBeGreaterThan(1000)
    for (const text of [corral.key, created].flatMap(formsOf)) expect(all).not.toContain(text)
    for (const text of [credential, sealingSecret, password]) expect(all).not.toContain(text)
  }, 60_000)

  test('a known default is refused as a secret and as a password', async () => {
    const wrong: Record<string, string>[] = [
      { CORRAL_SECRET: 'changeme' },
      { CORRAL_SECRET: '0123456789abcdef0123456789abcdef' },
      { ADMIN_PASSWORD: 'changeme' },
    ]
    for (const env of wrong) {
      const dataFolder = createDataFolder()
      const start = startCorralProcess({ command: [programs.server], dataFolder, env })
      await expect(start).rejects.toThrow(/CORRAL_SECRET|ADMIN_PASSWORD/)
      expect(readdirSync(dataFolder), 'nothing half-made').toEqual([])
      removeDataFolder(dataFolder)
    }
  }, 60_000)
})

/** A key, its secret alone, and both as they look in a path and in Basic. */
function formsOf(key: string): string[] {
  const [, , secret = ''] = key.split('_')
  return [key, secret, Buffer.from(`me:${key}`).toString('base64'), key.replace('_', '%5F')]
}

import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { waitFor } from '../support/wait-for'
import { callRaw } from './call-raw'
import {
  type CorralProcess,
  createDataFolder,
  removeDataFolder,
  startCorral,
  statusOf,
} from './start-corral'
import { type ScriptedBackend, startScriptedBackend } from './start-scripted-backend'

/** Longer than every limit that was ever found hidden in a gateway: 60, 90, 120 and 300 s. */
const silenceMs = 400_000
const uploadMs = 330_000
const startMs = 60_000

const root = path.resolve(import.meta.dirname, '../..')
const doors = {
  'server.ts': [path.join(root, 'dist/server.mjs')],
  'next start': [path.join(root, 'node_modules/next/dist/bin/next'), 'start', root],
} as const
type DoorName = keyof typeof doors
const doorNames = Object.keys(doors) as DoorName[]

const line = (fields: object) => `${JSON.stringify({ model: 'gemma3:270m', ...fields })}\n`
const firstLine = line({ message: { role: 'assistant', content: 'At last.' }, done: false })
const lastLine = line({
  message: { role: 'assistant', content: '' },
  done: true,
  done_reason: 'stop',
  prompt_eval_count: 3,
  eval_count: 2,
})

let backend: ScriptedBackend
const corrals = new Map<DoorName, CorralProcess>()

beforeAll(async () => {
  if (!existsSync(path.join(root, '.next/BUILD_ID'))) {
    throw new Error('Corral is not built: "npm test" builds it first')
  }
  backend = await startScriptedBackend({
    '/api/chat': async (_request, response, body) => {
      await wait(silenceMs)
      response.setHeader('Content-Type', 'application/x-ndjson')
      const { stream } = JSON.parse(body.toString()) as { stream: boolean }
      if (!stream) return response.end(lastLine)
      response.write(firstLine)
      return response.end(lastLine)
    },
    '/api/generate': async (_request, response) => {
      response.setHeader('Content-Type', 'application/x-ndjson')
      response.write(line({ response: 'Wait', done: false }))
      await wait(silenceMs)
      response.end(line({ response: '', done: true, prompt_eval_count: 1, eval_count: 1 }))
    },
    [`/api/blobs/${digest}`]: (_request, response, body) => {
      response.statusCode = body.equals(blob) ? 201 : 400
      response.end()
    },
  })
  for (const name of doorNames) {
    const [program, ...args] = doors[name]
    const corral = await startCorral({
      command: [program, ...args],
      dataFolder: createDataFolder(),
      workingFolder: root,
      env: { OLLAMA_HOST: backend.url, HOSTNAME: '127.0.0.1' },
    })
    corrals.set(name, corral)
    await waitFor(async () => (await statusOf(`${corral.url}/readyz`)) === 200, {
      timeoutMs: 30_000,
      what: `a ready gateway behind ${name}`,
    })
  }
}, startMs * 2)

afterAll(async () => {
  for (const corral of corrals.values()) {
    await corral.kill()
    removeDataFolder(corral.dataFolder)
  }
  await backend?.stop()
})

const digest = `sha256:${'ab'.repeat(32)}`
const blob = Buffer.alloc(110, 'x')

async function* slowly(): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < blob.length; sent++) {
    yield blob.subarray(sent, sent + 1)
    await wait(uploadMs / blob.length)
  }
}

function ask(name: DoorName, target: string, body: object) {
  const corral = corrals.get(name)
  return callRaw(`${corral?.url}${target}`, {
    headers: { 'x-api-key': corral?.key ?? '' },
    body: JSON.stringify({ model: 'gemma3:270m', ...body }),
  })
}

describe.concurrent('Cold load: there is no hidden time limit', () => {
  for (const name of doorNames) {
    const messages = [{ role: 'user', content: 'Wake up.' }]

    test(
      `${name}: a stream of a backend that was silent for 400 s arrives`,
      async () => {
        const answer = await ask(name, '/api/chat', { messages, stream: true })
        expect(answer.status, answer.body.toString()).toBe(200)
        expect(answer.body.toString()).toBe(firstLine + lastLine)
      },
      silenceMs + startMs,
    )

    test(
      `${name}: a whole answer of a backend that was silent for 400 s arrives`,
      async () => {
        const answer = await ask(name, '/api/chat', { messages, stream: false })
        expect(answer.status, answer.body.toString()).toBe(200)
        expect(answer.body.toString()).toBe(lastLine)
      },
      silenceMs + startMs,
    )

    test(
      `${name}: a stream that is silent for 400 s after its first token goes on`,
      async () => {
        const answer = await ask(name, '/api/generate', { prompt: 'Wake up.' })
        expect(answer.status, answer.body.toString()).toBe(200)
        expect(answer.body.toString()).toContain('"eval_count":1')
      },
      silenceMs + startMs,
    )

    test(
      `${name}: an upload that takes longer than 300 s arrives whole`,
      async () => {
        const corral = corrals.get(name)
        const answer = await callRaw(`${corral?.url}/api/blobs/${digest}`, {
          headers: { 'x-api-key': corral?.key ?? '', 'Content-Length': String(blob.length) },
          body: slowly(),
        })
        expect(answer.status, answer.body.toString()).toBe(201)
      },
      silenceMs + startMs,
    )
  }
})

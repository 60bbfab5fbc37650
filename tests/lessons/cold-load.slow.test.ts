import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Corral, type DoorName, startCorral } from '../support/start-corral'
import { callRaw } from './call-raw'
import { type ScriptedBackend, startScriptedBackend } from './start-scripted-backend'

/** Longer than every limit that was ever found hidden in a gateway: 60, 90, 120 and 300 s. */
const silenceMs = 400_000
const uploadMs = 330_000
const startMs = 60_000
const buildMs = 600_000
const doors: readonly DoorName[] = ['server', 'next']

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
const corrals = new Map<DoorName, Corral>()

beforeAll(async () => {
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
  for (const door of doors) {
    const corral = await startCorral({ door, backends: [backend.url] })
    corrals.set(door, corral)
    await corral.untilKnown(['gemma3:270m'])
  }
}, buildMs)

afterAll(async () => {
  for (const corral of corrals.values()) await corral.stop()
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

function ask(door: DoorName, target: string, body: object) {
  const corral = corrals.get(door)
  return callRaw(`${corral?.url}${target}`, {
    headers: { 'x-api-key': corral?.key ?? '' },
    body: JSON.stringify({ model: 'gemma3:270m', ...body }),
  })
}

describe.concurrent('Cold load: there is no hidden time limit', () => {
  for (const door of doors) {
    const messages = [{ role: 'user', content: 'Wake up.' }]

    test(
      `through the ${door} door, a stream of a backend that was silent for 400 s arrives`,
      async () => {
        const answer = await ask(door, '/api/chat', { messages, stream: true })
        expect(answer.status, answer.body.toString()).toBe(200)
        expect(answer.body.toString()).toBe(firstLine + lastLine)
      },
      silenceMs + startMs,
    )

    test(
      `through the ${door} door, a whole answer of a backend that was silent for 400 s arrives`,
      async () => {
        const answer = await ask(door, '/api/chat', { messages, stream: false })
        expect(answer.status, answer.body.toString()).toBe(200)
        expect(answer.body.toString()).toBe(lastLine)
      },
      silenceMs + startMs,
    )

    test(
      `through the ${door} door, a stream that is silent for 400 s after its first token goes on`,
      async () => {
        const answer = await ask(door, '/api/generate', { prompt: 'Wake up.' })
        expect(answer.status, answer.body.toString()).toBe(200)
        expect(answer.body.toString()).toContain('"eval_count":1')
      },
      silenceMs + startMs,
    )

    test(
      `through the ${door} door, an upload that takes longer than 300 s arrives whole`,
      async () => {
        const corral = corrals.get(door)
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

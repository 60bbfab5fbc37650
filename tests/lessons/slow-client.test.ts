import { execFileSync } from 'node:child_process'
import http, { type IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CorralProcess,
  createDataFolder,
  removeDataFolder,
  startCorralProcess,
} from '../support/start-corral-process'
import { waitFor } from '../support/wait-for'
import { buildPrograms } from './build-programs'
import { type ScriptedBackend, startScriptedBackend } from './start-scripted-backend'

const mib = 1024 * 1024
const streamBytes = 200 * mib
const content = 'x'.repeat(64 * 1024)
const line = Buffer.from(`${JSON.stringify({ message: { content }, done: false })}\n`)
const end = Buffer.from('{"done":true,"prompt_eval_count":1,"eval_count":1}\n')
const lines = Math.ceil(streamBytes / line.length)

let backend: ScriptedBackend
let corral: CorralProcess
let written = 0

beforeAll(async () => {
  const { server } = await buildPrograms('slow-client')
  backend = await startScriptedBackend({
    '/api/chat': async (_request, response) => {
      written = 0
      response.setHeader('Content-Type', 'application/x-ndjson')
      for (let sent = 0; sent < lines && !response.destroyed; sent++) {
        written += line.length
        if (response.write(line)) continue
        await new Promise<void>((resolve) => {
          response.once('drain', resolve)
          response.once('close', resolve)
        })
      }
      response.end(end)
    },
  })
  corral = await startCorralProcess({
    command: [server],
    dataFolder: createDataFolder(),
    env: { OLLAMA_HOST: backend.url, LOG_LEVEL: 'warn' },
  })
}, 90_000)
afterAll(async () => {
  await corral?.kill()
  await backend?.stop()
  if (corral) removeDataFolder(corral.dataFolder)
})

describe('A slow client slows its backend', () => {
  test('while a client does not read, the backend is held back and memory stays flat', async () => {
    const answer = await open()
    answer.pause()
    const before = residentBytes()
    await untilStill()
    expect(written).toBeLessThan(streamBytes / 4)
    expect(residentBytes() - before).toBeLessThan(64 * mib)

    let read = 0
    let most = 0
    const sampling = setInterval(() => {
      most = Math.max(most, residentBytes())
    }, 500)
    answer.on('data', (chunk: Buffer) => {
      read += chunk.length
    })
    answer.resume()
    await new Promise<void>((resolve, reject) => answer.once('end', resolve).once('error', reject))
    clearInterval(sampling)
    expect(read).toBe(lines * line.length + end.length)
    expect(Math.max(most, residentBytes()) - before).toBeLessThan(128 * mib)
  }, 90_000)

  test('a client that never reads and leaves sets its backend free', async () => {
    const answer = await open()
    answer.pause()
    await untilStill()
    answer.destroy()
    const held = written
    await waitFor(isFree, { what: 'the end of the request' })
    expect(written - held).toBeLessThan(streamBytes / 4)
  }, 90_000)

  async function isFree(): Promise<boolean> {
    const response = await fetch(`${corral.url}/health`)
    const { servers } = (await response.json()) as {
      servers: Record<string, { in_flight: number }>
    }
    return Object.values(servers).every((server) => server.in_flight === 0)
  }

  function open(): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = http.request(`${corral.url}/api/chat`, {
        method: 'POST',
        headers: { 'x-api-key': corral.key },
        agent: false,
      })
      request.once('response', resolve).once('error', reject)
      request.end('{"model":"gemma3:270m","messages":[]}')
    })
  }

  /** Until nothing more has been written for a while: every buffer on the way is full. */
  async function untilStill(): Promise<void> {
    let last = -1
    await waitFor(
      async () => {
        const now = written
        await wait(500)
        const still = now > 0 && now === last && now === written
        last = now
        return still
      },
      { timeoutMs: 30_000 },
    )
  }

  function residentBytes(): number {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(corral.pid)]).toString()) * 1024
  }
})

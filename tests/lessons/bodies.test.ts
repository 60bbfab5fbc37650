import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { waitFor } from '../support/wait-for'
import { callRaw } from './call-raw'
import { type ScriptedBackend, startScriptedBackend } from './start-scripted-backend'

/** One, two, three and four bytes a character, a joined emoji, both directions, a lone mark. */
const words = 'Grüße, 世界! Привет 👩‍👩‍👧‍👦 𝄞 שלום नमस्ते e\u0301 \u2028 ﬁ'
const line = `${JSON.stringify({ model: 'scripted', message: { role: 'assistant', content: words }, done: false })}\n`
const end = `${JSON.stringify({ model: 'scripted', done: true, prompt_eval_count: 1, eval_count: 1 })}\n`
const answer = Buffer.from(line + end)

let ollama: Simulator
let scripted: ScriptedBackend
let corral: TestGateway
let heard: Buffer[] = []

beforeAll(async () => {
  ollama = await startSimulator({ models: [{ name: 'gemma3:270m', sizeBytes: 1 }] })
  scripted = await startScriptedBackend(
    {
      '/api/chat': async (request, response, body) => {
        heard.push(body)
        response.setHeader('Content-Type', 'application/x-ndjson')
        const split = Number(request.headers['x-split'] ?? 0)
        if (split === 0) return response.end(answer)
        response.setHeader('Content-Length', answer.length)
        for (let at = 0; at < answer.length; at += split) {
          response.write(answer.subarray(at, at + split))
          await new Promise((resolve) => setImmediate(resolve))
        }
        return response.end()
      },
      '/api/delete': (_request, response, body) => {
        heard.push(body)
        response.end()
      },
    },
    { model: 'scripted' },
  )
  corral = await startTestGateway({ backends: [ollama.url, scripted.url] })
})
afterAll(async () => {
  await corral?.stop()
  await ollama?.stop()
  await scripted?.stop()
})

const keyed = (headers: Record<string, string> = {}) => ({ 'x-api-key': corral.key, ...headers })

describe('Non-ASCII', () => {
  const body = Buffer.from(
    `{"model":"scripted", "messages":[{"role":"user","content":"${words}"}], "n": 12345678901234567890}`,
  )

  test('a body reaches the backend byte for byte, whatever its letters and its spaces', async () => {
    heard = []
    const got = await callRaw(`${corral.url}/api/chat`, { headers: keyed(), body })
    expect(got.status).toBe(200)
    expect(heard).toEqual([body])
  })

  test('a body that comes in pieces cut within letters reaches the backend byte for byte', async () => {
    heard = []
    const pieces = async function* () {
      for (const byte of body) yield Uint8Array.of(byte)
    }
    const got = await callRaw(`${corral.url}/api/chat`, { headers: keyed(), body: pieces() })
    expect(got.status).toBe(200)
    expect(heard).toEqual([body])
  })

  for (const split of [0, 1, 2, 3, 5]) {
    test(`an answer cut every ${split || answer.length} bytes reaches the client byte for byte`, async () => {
      const got = await callRaw(`${corral.url}/api/chat`, {
        headers: keyed({ 'X-Split': String(split) }),
        body,
      })
      expect(got.body).toEqual(answer)
    })
  }

  test('an alias changes the name and not one other byte', async () => {
    await corral.database.createAlias(
      { alias: 'ünï', targets: ['scripted'] },
      {
        actor: 'test',
        actorUserId: null,
        via: 'cli',
        address: null,
        action: 'alias.create',
        targetKind: 'alias',
        targetId: null,
        targetName: null,
      },
    )
    await corral.settled()
    heard = []
    const aliased = Buffer.from(body.toString().replace('"scripted"', '"ünï"'))
    const got = await callRaw(`${corral.url}/api/chat`, { headers: keyed(), body: aliased })
    expect(got.status, got.body.toString()).toBe(200)
    expect(heard).toEqual([body])
  })
})

describe('DELETE with a body, HEAD, form content type', () => {
  test('DELETE with a body arrives with its body', async () => {
    heard = []
    const got = await callRaw(`${corral.url}/api/delete`, {
      method: 'DELETE',
      headers: keyed({ 'X-Corral-Backend': 'gpu-2' }),
      body: '{"model":"scripted"}',
    })
    expect(got.status).toBe(200)
    expect(heard.map(String)).toEqual(['{"model":"scripted"}'])
  })

  test('HEAD is answered as GET, without a body', async () => {
    for (const path of ['/', '/api/tags', '/api/version']) {
      const got = await callRaw(`${corral.url}${path}`, { method: 'HEAD', headers: keyed() })
      expect(got.status).toBe(200)
      expect(Number(got.headers['content-length'])).toBeGreaterThan(0)
      expect(got.body).toHaveLength(0)
    }
    const missing = await callRaw(`${corral.url}/api/blobs/sha256:${'0'.repeat(64)}`, {
      method: 'HEAD',
      headers: keyed({ 'X-Corral-Backend': 'gpu-1' }),
    })
    expect(missing.status).toBe(404)
  })

  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json', '']) {
    test(`the content type "${type}" does not matter, as in Ollama`, async () => {
      const got = await callRaw(`${corral.url}/api/chat`, {
        headers: keyed(type ? { 'Content-Type': type } : {}),
        body: '{"model":"gemma3:270m","messages":[],"stream":false}',
      })
      expect(got.status, got.body.toString()).toBe(200)
    })
  }
})

describe('zstd bodies, and every other coding', () => {
  const plain = Buffer.from(
    `{"model":"scripted","messages":[{"role":"user","content":"${words}"}]}`,
  )
  const codings: Record<string, Buffer> = {
    gzip: gzipSync(plain),
    br: brotliCompressSync(plain),
    zstd: rawZstd(plain),
  }

  for (const [coding, body] of Object.entries(codings)) {
    test(`${coding}: the model is read, and the backend gets the inflated body`, async () => {
      heard = []
      const got = await callRaw(`${corral.url}/api/chat`, {
        headers: keyed({ 'Content-Encoding': coding }),
        body,
      })
      expect(got.status, got.body.toString()).toBe(200)
      expect(heard).toEqual([plain])
    })

    test(`${coding}: half a body is 400, and never reaches a backend`, async () => {
      heard = []
      const got = await callRaw(`${corral.url}/api/chat`, {
        headers: keyed({ 'Content-Encoding': coding }),
        body: body.subarray(0, body.length / 2),
      })
      expect(got.status).toBe(400)
      expect(heard).toEqual([])
    })
  }

  test('a bomb is 413 before it is inflated whole, in every coding', async () => {
    const bytes = 160 * 1024 * 1024
    const held = process.memoryUsage().arrayBuffers
    const bombs = {
      gzip: gzipSync(Buffer.alloc(bytes)),
      br: brotliCompressSync(Buffer.alloc(bytes), {
        params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
      }),
      zstd: zstdBomb(bytes),
    }
    for (const [coding, body] of Object.entries(bombs)) {
      const got = await callRaw(`${corral.url}/api/chat`, {
        headers: keyed({ 'Content-Encoding': coding }),
        body,
      })
      expect(got.status, coding).toBe(413)
      expect(JSON.parse(got.body.toString())).toHaveProperty('error')
    }
    expect(process.memoryUsage().arrayBuffers - held).toBeLessThan(bytes)
  })

  test('a coding that nobody knows is 415', async () => {
    const got = await callRaw(`${corral.url}/api/chat`, {
      headers: keyed({ 'Content-Encoding': 'snappy' }),
      body: plain,
    })
    expect(got.status).toBe(415)
  })
})

describe('Upload answered early', () => {
  const bytes = 200 * 1024 * 1024
  const piece = Buffer.alloc(64 * 1024, 7)
  let sent = 0

  async function* upload() {
    for (let i = 0; i < bytes / piece.length; i++) {
      sent += piece.length
      yield piece
    }
  }

  test('a blob that is there already gets its 200 through, while 200 MB are on their way', async () => {
    const small = Buffer.from('a blob')
    const digest = `sha256:${createHash('sha256').update(small).digest('hex')}`
    const url = `${corral.url}/api/blobs/${digest}`
    const pin = { 'X-Corral-Backend': 'gpu-1' }
    const first = await callRaw(url, { headers: keyed(pin), body: small })
    expect(first.status).toBe(201)
    const framings: Record<string, string>[] = [
      { 'Content-Length': String(bytes) },
      { 'Transfer-Encoding': 'chunked' },
    ]
    for (const framing of framings) {
      sent = 0
      const again = await callRaw(url, { headers: keyed({ ...pin, ...framing }), body: upload() })
      expect(again.status, JSON.stringify(framing)).toBe(200)
      expect(sent, 'nobody had to send it all').toBeLessThan(bytes)
    }
    await waitFor(() => corral.gateway.inFlight.count() === 0)
  })
})

/** A zstd frame of raw blocks: valid, and readable without a compressor. */
function rawZstd(content: Buffer): Buffer {
  return Buffer.concat([zstdHead, block(content.length, 0, true), content])
}

/** A zstd frame of blocks that each repeat one zero 128 KiB times. */
function zstdBomb(bytes: number): Buffer {
  const blocks = Math.ceil(bytes / blockBytes)
  const repeated = (last: boolean) => Buffer.concat([block(blockBytes, 1, last), Buffer.of(0)])
  const all = Array.from({ length: blocks }, (_, index) => repeated(index === blocks - 1))
  return Buffer.concat([zstdHead, ...all])
}

const blockBytes = 128 * 1024
/** Magic number, no content size, no checksum, a window of 8 MiB. */
const zstdHead = Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68)

function block(size: number, type: 0 | 1, last: boolean): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE((size << 3) | (type << 1) | (last ? 1 : 0), 0, 3)
  return header
}

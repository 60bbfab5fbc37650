import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { hello, type Target } from './clients'

const run = promisify(execFile)
const hasCurl = spawnSync('curl', ['--version']).status === 0

export function describePlainClients(target: () => Target): void {
  const chat = JSON.stringify({ model: 'gemma3:270m', messages: hello, stream: false })

  describe('plain fetch', () => {
    test('a form content type, Basic and Token authorization: Ollama does not mind', async () => {
      const { url, key } = target().corral
      const basic = Buffer.from(`anyone:${key}`).toString('base64')
      for (const authorization of [`Bearer ${key}`, `Token ${key}`, `Basic ${basic}`]) {
        const answer = await fetch(`${url}/api/chat`, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
          body: chat,
        })
        expect(answer.status).toBe(200)
        expect((await answer.json()).message.role).toBe('assistant')
      }
    })

    test('a stream arrives piece by piece, and says so in its type', async () => {
      const { url, key } = target().corral
      const answer = await fetch(`${url}/api/generate`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify({ model: 'slow:270m', prompt: 'x', options: { num_predict: 4 } }),
      })
      expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
      expect(answer.headers.get('x-corral-backend')).toBe('gpu-1')
      expect(answer.headers.get('x-corral-model')).toBe('slow:270m')
      expect(answer.headers.get('x-corral-attempts')).toBe('1')
      let pieces = 0
      let text = ''
      const reader = answer.body?.getReader()
      for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
        pieces += 1
        text += Buffer.from(next.value).toString('utf8')
      }
      expect(text.trim().split('\n')).toHaveLength(5)
      expect(pieces).toBeGreaterThan(1)
    })

    test('letters beyond ASCII go both ways, a body in gzip is read', async () => {
      const { url, key } = target().corral
      const text = 'žluťoučký kůň 你好 🐎'
      const body = JSON.stringify({ model: 'gemma3:270m', prompt: text, stream: false })
      const send = async (bytes: BodyInit, headers: Record<string, string>) => {
        const answer = await fetch(`${url}/api/generate`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, ...headers },
          body: bytes,
        })
        expect(answer.status).toBe(200)
        return (await answer.json()).response
      }
      const zipped = await new Response(
        new Blob([body]).stream().pipeThrough(new CompressionStream('gzip')),
      ).arrayBuffer()
      const plain = await send(body, {})
      expect(await send(zipped, { 'content-encoding': 'gzip' })).toBe(plain)
      const seen = await target().ollama.waitFor((request) => request.body.includes('🐎'))
      expect(seen.body.toString('utf8')).toBe(body)
    })

    test('a page of an allowed origin may call, with the headers of every SDK', async () => {
      const { url, key } = target().corral
      const asked = 'authorization,x-api-key,anthropic-version,anthropic-beta,x-stainless-lang'
      const preflight = await fetch(`${url}/v1/messages`, {
        method: 'OPTIONS',
        headers: {
          origin: 'http://localhost:3000',
          'access-control-request-method': 'POST',
          'access-control-request-headers': asked,
        },
      })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
      const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase() ?? ''
      for (const name of asked.split(',')) expect(allowed.split(',')).toContain(name)
      const answer = await fetch(`${url}/api/tags`, {
        headers: { authorization: `Bearer ${key}`, origin: 'http://localhost:3000' },
      })
      expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
      const foreign = await fetch(`${url}/api/tags`, {
        headers: { authorization: `Bearer ${key}`, origin: 'https://example.com' },
      })
      expect(foreign.status).toBe(403)
    })

    test('a refusal carries its headers: challenge, retry, limits, request id', async () => {
      const { url } = target().corral
      const anonymous = await fetch(`${url}/api/tags`)
      expect(anonymous.status).toBe(401)
      expect(anonymous.headers.get('www-authenticate')).toBe('Bearer')
      expect(anonymous.headers.get('x-request-id')).toMatch(/^req_/)
      const key = await target().corral.addKey({
        rateLimit: { requests: 1, windowSeconds: 3600 },
      })
      const ask = () => fetch(`${url}/api/tags`, { headers: { 'x-api-key': key } })
      expect((await ask()).status).toBe(200)
      const refused = await ask()
      expect(refused.status).toBe(429)
      expect(refused.headers.get('ratelimit-limit')).toBe('1')
      expect(refused.headers.get('ratelimit-remaining')).toBe('0')
      expect(refused.headers.get('ratelimit-reset')).toMatch(/^\d+$/)
      const seconds = refused.headers.get('retry-after')
      expect(await refused.json()).toEqual({
        error: `Rate limit exceeded. Try again in ${seconds} seconds.`,
      })
      expect(refused.headers.get('server')).toBeNull()
      expect(refused.headers.get('x-powered-by')).toBeNull()
    })
  })

  describe.skipIf(!hasCurl)('curl', () => {
    const curl = async (...args: string[]) => {
      const { key } = target().corral
      const { stdout } = await run('curl', ['-sS', '-H', `Authorization: Bearer ${key}`, ...args])
      return stdout
    }

    test('-d sends a form content type, and the chat is answered', async () => {
      const answer = await curl(`${target().corral.url}/api/chat`, '-d', chat)
      expect(JSON.parse(answer)).toMatchObject({ done: true, message: { role: 'assistant' } })
    })

    test('-N streams, --compressed gets what it can read', async () => {
      const body = JSON.stringify({ model: 'gemma3:270m', prompt: 'x' })
      const answer = await curl(
        '-N',
        '--compressed',
        `${target().corral.url}/api/generate`,
        '-d',
        body,
      )
      const lines = answer.trim().split('\n')
      expect(JSON.parse(lines.at(-1) ?? '').done).toBe(true)
    })

    test('-I asks with HEAD', async () => {
      for (const path of ['/', '/api/tags', '/api/version']) {
        expect(await curl('-I', `${target().corral.url}${path}`)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
      }
    })

    test('DELETE keeps its body', async () => {
      const { url } = target().corral
      const copy = JSON.stringify({ source: 'gemma3:270m', destination: 'curled:1' })
      expect(await curl(`${url}/api/copy`, '-d', copy, '-w', '%{http_code}')).toBe('200')
      const body = JSON.stringify({ model: 'curled:1' })
      const status = () =>
        curl('-X', 'DELETE', `${url}/api/delete`, '-d', body, '-w', '%{http_code}')
      expect(await status()).toBe('200')
      expect(await status()).toBe(`{"error":"model 'curled:1' not found"}404`)
    })

    test('--http1.0 is answered, Expect: 100-continue too, and a blob that is there already', async () => {
      const { url } = target().corral
      expect(await curl('--http1.0', `${url}/api/version`)).toBe('{"version":"0.32.15"}')
      const expecting = await curl('-H', 'Expect: 100-continue', `${url}/api/chat`, '-d', chat)
      expect(JSON.parse(expecting).done).toBe(true)
      const digest = 'sha256:fb749afe39d513ed0e1610c744afc22154b8f5c664b19c684265673c2527ecb7'
      const blob = ['--data-binary', 'hello corral', '-w', '%{http_code}']
      expect(await curl(`${url}/api/blobs/${digest}`, ...blob)).toBe('201')
      expect(await curl(`${url}/api/blobs/${digest}`, ...blob)).toBe('200')
    })
  })
}

import { createHash, randomBytes } from 'node:crypto'
import OpenAI, { toFile } from 'openai'
import { describe, expect, test } from 'vitest'
import { exchangeRaw } from '@/simulator/raw-exchange'
import type { Target } from './clients'

const mebibyte = 1024 * 1024

/** Bodies that are no JSON, and clients that leave before their answer has begun. */
export function describeUploads(target: () => Target): void {
  const bearer = () => ({ authorization: `Bearer ${target().corral.key}` })

  describe('uploads', () => {
    test('a blob larger than any JSON body goes through, whole and unchanged', async () => {
      const bytes = randomBytes(66 * mebibyte)
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
      const blob = `${target().corral.url}/api/blobs/${digest}`
      const sent = await fetch(blob, { method: 'POST', headers: bearer(), body: bytes })
      expect(sent.status, await sent.text()).toBe(201)
      const asked = await fetch(blob, { method: 'HEAD', headers: bearer() })
      expect(asked.status).toBe(200)
    })

    test('an upload that is answered before it has been read gets its answer', async () => {
      const { corral } = target()
      const bytes = Buffer.from('a blob that is there already')
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
      const blob = `/api/blobs/${digest}`
      const first = await fetch(`${corral.url}${blob}`, {
        method: 'POST',
        headers: bearer(),
        body: bytes,
      })
      expect(first.status).toBe(201)
      const again = await exchangeRaw(corral.port, {
        method: 'POST',
        path: blob,
        headers: [
          ['Authorization', `Bearer ${corral.key}`],
          ['Content-Length', String(50 * mebibyte)],
        ],
        body: Buffer.alloc(mebibyte),
      })
      expect(again.status).toBe(200)
    })

    test('a transcription is passed on as the form that it is', async () => {
      const { corral, ollama } = target()
      const openai = new OpenAI({
        baseURL: `${corral.url}/v1`,
        apiKey: corral.key,
        maxRetries: 0,
      })
      const file = await toFile(Buffer.from('RIFF of a horse'), 'horse.wav')
      const heard = await openai.audio.transcriptions.create({ file, model: 'gemma3:270m' })
      expect(heard.text).not.toBe('')
      const seen = await ollama.waitFor(({ path }) => path === '/v1/audio/transcriptions')
      expect(seen.body.toString('latin1')).toContain('RIFF of a horse')
    })
  })

  describe('a client that leaves', () => {
    for (const path of ['/api/generate', '/v1/completions']) {
      test(`${path}, not streamed: the backend is told before its answer has begun`, async () => {
        const { corral, ollama } = target()
        const prompt = `left alone at ${path}`
        const abort = new AbortController()
        const answer = fetch(`${corral.url}${path}`, {
          method: 'POST',
          headers: bearer(),
          body: JSON.stringify({ model: 'slow:270m', prompt, stream: false }),
          signal: abort.signal,
        }).catch((error: Error) => error.name)
        await ollama.waitFor(({ body }) => body.includes(prompt))
        abort.abort()
        expect(await answer).toBe('AbortError')
        // 250 ms is promised: four times the room.
        await ollama.waitFor(
          ({ body, abortedAt }) => abortedAt !== undefined && body.includes(prompt),
          1000,
        )
      })
    }
  })
}

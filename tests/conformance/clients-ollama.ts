import { Ollama } from 'ollama'
import { describe, expect, test } from 'vitest'
import {
  denyingKey,
  hello,
  limitedKey,
  type Target,
  thrownBy,
  unknownKey,
  weatherTool,
} from './clients'

export function describeOllamaPackage(target: () => Target): void {
  const connect = (key = target().corral.key) =>
    new Ollama({ host: target().corral.url, headers: { Authorization: `Bearer ${key}` } })

  describe('the ollama package', () => {
    test('list, ps, show and version', async () => {
      const client = connect()
      const { models } = await client.list()
      expect(models.map((model) => model.name)).toContain('gemma3:270m')
      expect((await client.show({ model: 'tooly:270m' })).capabilities).toContain('tools')
      await client.generate({ model: 'gemma3:270m', prompt: '' })
      await expect
        .poll(async () => (await client.ps()).models.map((model) => model.name), {
          timeout: 10_000,
        })
        .toContain('gemma3:270m')
      expect((await client.version()).version).toBe('0.32.15')
    })

    test('chat and generate, whole and streamed, with the key in the path too', async () => {
      const { corral } = target()
      const inPath = new Ollama({ host: `${corral.url}/k/${corral.key}` })
      for (const client of [connect(), inPath]) {
        const whole = await client.chat({ model: 'gemma3:270m', messages: hello })
        expect(whole.done).toBe(true)
        let streamed = ''
        let last = null
        for await (const part of await client.chat({
          model: 'gemma3:270m',
          messages: hello,
          stream: true,
        })) {
          streamed += part.message.content
          last = part
        }
        expect(streamed).toBe(whole.message.content)
        expect(last).toMatchObject({ done: true, eval_count: whole.eval_count })
        let generated = ''
        for await (const part of await client.generate({
          model: 'gemma3:270m',
          prompt: 'x',
          stream: true,
        })) {
          generated += part.response
        }
        expect((await client.generate({ model: 'gemma3:270m', prompt: 'x' })).response).toBe(
          generated,
        )
      }
    })

    test('tools, thinking and a format', async () => {
      const client = connect()
      const called = await client.chat({
        model: 'tooly:270m',
        messages: hello,
        tools: [weatherTool],
      })
      expect(called.message.tool_calls?.[0]?.function).toMatchObject({
        name: 'get_weather',
        arguments: { city: 'Paris' },
      })
      const thought = await client.chat({ model: 'thinky:270m', messages: hello, think: true })
      expect(thought.message.thinking).not.toBe('')
      const json = await client.chat({ model: 'gemma3:270m', messages: hello, format: 'json' })
      expect(typeof JSON.parse(json.message.content)).toBe('object')
    })

    test('embed, one and many, and the older embeddings', async () => {
      const client = connect()
      const many = await client.embed({ model: 'embed:270m', input: ['a', 'b'] })
      expect(many.embeddings).toHaveLength(2)
      const one = await client.embeddings({ model: 'embed:270m', prompt: 'a' })
      expect(one.embedding).toHaveLength(many.embeddings[0]?.length ?? 0)
    })

    test('create, copy and delete are seen in the list at once, pull tells its progress', async () => {
      const client = connect()
      const names = async () => (await client.list()).models.map((model) => model.name)
      await client.create({ model: 'made:1', from: 'gemma3:270m', system: 'Be brief.' })
      await client.copy({ source: 'gemma3:270m', destination: 'made:2' })
      await expect
        .poll(names, { timeout: 10_000 })
        .toEqual(expect.arrayContaining(['made:1', 'made:2']))
      await client.delete({ model: 'made:1' })
      await client.delete({ model: 'made:2' })
      await expect.poll(names, { timeout: 10_000 }).not.toContain('made:2')
      const statuses: string[] = []
      let completed = 0
      for await (const part of await client.pull({ model: 'gemma3:270m', stream: true })) {
        statuses.push(part.status)
        if (part.completed) completed = part.completed
      }
      expect(statuses[0]).toBe('pulling manifest')
      expect(statuses.at(-1)).toBe('success')
      expect(completed).toBeGreaterThan(0)
    })

    test('abort ends the stream here and at the backend', async () => {
      const { ollama } = target()
      const client = connect()
      const stream = await client.chat({
        model: 'slow:270m',
        messages: [{ role: 'user', content: 'to be aborted' }],
        stream: true,
      })
      const thrown = await thrownBy(async () => {
        for await (const part of stream) {
          expect(part.done).toBe(false)
          client.abort()
        }
      })
      expect(thrown).toMatchObject({ name: 'AbortError' })
      // 250 ms is promised: four times the room.
      await ollama.waitFor(
        ({ abortedAt, body }) => abortedAt !== undefined && body.includes('to be aborted'),
        1000,
      )
    })

    test('what is refused throws the status and the words', async () => {
      const chat = { model: 'gemma3:270m', messages: hello }
      expect(await thrownBy(() => connect(unknownKey).chat(chat))).toMatchObject({
        name: 'ResponseError',
        status_code: 401,
        error: 'Unknown API key. Check that it was copied whole.',
      })
      const denied = connect(await denyingKey(target()))
      expect(await thrownBy(() => denied.chat(chat))).toMatchObject({
        status_code: 403,
        error: 'This API key may not use the model "gemma3:270m". Ask an admin to allow it.',
      })
      expect((await denied.list()).models.map((model) => model.name)).not.toContain('gemma3:270m')
      const limited = connect(await limitedKey(target()))
      await limited.chat(chat)
      expect(await thrownBy(() => limited.chat({ ...chat, stream: true }))).toMatchObject({
        status_code: 429,
        error: expect.stringMatching(/^Rate limit exceeded\. Try again in \d+ seconds\.$/),
      })
      expect(await thrownBy(() => connect().chat({ ...chat, model: 'nope' }))).toMatchObject({
        status_code: 404,
        error: "model 'nope' not found",
      })
    })
  })
}

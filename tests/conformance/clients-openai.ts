import OpenAI from 'openai'
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

export function describeOpenaiPackage(target: () => Target): void {
  const connect = (apiKey = target().corral.key) =>
    new OpenAI({ baseURL: `${target().corral.url}/v1`, apiKey, maxRetries: 0 })
  const chat = { model: 'gemma3:270m', messages: hello }

  describe('the openai package', () => {
    test('chat: whole, streamed with usage when asked for, and without when not', async () => {
      const client = connect()
      const whole = await client.chat.completions.create(chat)
      expect(whole.usage?.completion_tokens).toBeGreaterThan(0)
      for (const asked of [true, false]) {
        let text = ''
        let finished = ''
        const usages = []
        const stream = await client.chat.completions.create({
          ...chat,
          stream: true,
          ...(asked && { stream_options: { include_usage: true } }),
        })
        for await (const chunk of stream) {
          text += chunk.choices[0]?.delta.content ?? ''
          finished = chunk.choices[0]?.finish_reason ?? finished
          if (chunk.usage) usages.push(chunk.usage.completion_tokens)
          expect(chunk.choices.length === 1 || asked).toBe(true)
        }
        expect(text).toBe(whole.choices[0]?.message.content)
        expect(finished).toBe('stop')
        expect(usages).toEqual(asked ? [whole.usage?.completion_tokens] : [])
      }
    })

    test('chat: tools and their result, JSON', async () => {
      const client = connect()
      const asked = { model: 'tooly:270m', messages: hello, tools: [weatherTool] }
      const called = await client.chat.completions.create(asked)
      const message = called.choices[0]?.message
      const call = message?.tool_calls?.[0]
      expect(called.choices[0]?.finish_reason).toBe('tool_calls')
      if (!message || call?.type !== 'function') throw new Error('no tool was called')
      expect(JSON.parse(call.function.arguments)).toEqual({ city: 'Paris' })
      const after = await client.chat.completions.create({
        ...asked,
        messages: [...hello, message, { role: 'tool', tool_call_id: call.id, content: '22 C' }],
      })
      expect(after.choices[0]?.finish_reason).toBe('stop')
      const json = await client.chat.completions.create({
        ...chat,
        response_format: { type: 'json_object' },
      })
      expect(typeof JSON.parse(json.choices[0]?.message.content ?? '')).toBe('object')
    })

    test('completions, embeddings and models', async () => {
      const client = connect()
      const completed = await client.completions.create({ model: 'gemma3:270m', prompt: 'x' })
      let text = ''
      for await (const chunk of await client.completions.create({
        model: 'gemma3:270m',
        prompt: 'x',
        stream: true,
      })) {
        text += chunk.choices[0]?.text ?? ''
      }
      expect(text).toBe(completed.choices[0]?.text)
      const embedded = await client.embeddings.create({ model: 'embed:270m', input: ['x', 'y'] })
      expect(embedded.data.map((each) => each.embedding.length)).toEqual([640, 640])
      const listed = await client.models.list()
      expect(listed.data.map((model) => model.id)).toContain('gemma3:270m')
      expect((await client.models.retrieve('gemma3:270m')).owned_by).toBe('library')
    })

    test('responses: whole, streamed, with a tool', async () => {
      const client = connect()
      const whole = await client.responses.create({ model: 'gemma3:270m', input: 'hello' })
      let text = ''
      const types = []
      for await (const event of await client.responses.create({
        model: 'gemma3:270m',
        input: 'hello',
        stream: true,
      })) {
        types.push(event.type)
        if (event.type === 'response.output_text.delta') text += event.delta
      }
      expect(text).toBe(whole.output_text)
      expect(types.at(-1)).toBe('response.completed')
      const { parameters } = weatherTool.function
      const called = await client.responses.create({
        model: 'tooly:270m',
        input: 'hello',
        tools: [{ type: 'function', strict: null, name: 'get_weather', parameters }],
      })
      expect(called.output.map((item) => item.type)).toContain('function_call')
    })

    test('what is refused throws the class of its status', async () => {
      const refusal = (client: OpenAI, model = 'gemma3:270m') =>
        thrownBy(() => client.chat.completions.create({ ...chat, model }))
      const unknown = await refusal(connect(unknownKey))
      expect(unknown).toBeInstanceOf(OpenAI.AuthenticationError)
      expect(unknown).toMatchObject({ type: 'authentication_error', code: 'auth.key_unknown' })
      const denied = await refusal(connect(await denyingKey(target())))
      expect(denied).toBeInstanceOf(OpenAI.PermissionDeniedError)
      expect(denied).toMatchObject({ type: 'permission_error', param: null })
      const limited = connect(await limitedKey(target()))
      await limited.chat.completions.create(chat)
      const refused = await refusal(limited)
      if (!(refused instanceof OpenAI.RateLimitError)) throw refused
      expect(refused.message).toContain('Rate limit exceeded. Try again in')
      expect(refused.headers?.get('retry-after')).toMatch(/^\d+$/)
      expect(refused.requestID).toMatch(/^req_/)
      const missing = await refusal(connect(), 'nope')
      expect(missing).toBeInstanceOf(OpenAI.NotFoundError)
      expect(missing).toMatchObject({ type: 'not_found_error', code: null })
      const wrong = await thrownBy(() =>
        connect().chat.completions.create({ ...chat, messages: [] }),
      )
      expect(wrong).toBeInstanceOf(OpenAI.BadRequestError)
    })

    test('a stream that breaks throws, with our words', async () => {
      const { ollama } = target()
      ollama.addFault({ path: '/v1/chat/completions' }, { kind: 'crash', afterTokens: 3 }, 1)
      const stream = await connect().chat.completions.create({ ...chat, stream: true })
      let chunks = 0
      const broken = await thrownBy(async () => {
        for await (const _ of stream) chunks += 1
      })
      expect(chunks).toBeGreaterThan(0)
      expect(broken).toMatchObject({
        error: expect.objectContaining({ code: 'backends.broke_off', type: 'api_error' }),
      })
    })
  })
}

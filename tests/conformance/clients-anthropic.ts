import Anthropic from '@anthropic-ai/sdk'
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

export function describeAnthropicPackage(target: () => Target): void {
  const connect = (apiKey = target().corral.key) =>
    new Anthropic({ baseURL: target().corral.url, apiKey, maxRetries: 0 })
  const ask = { model: 'gemma3:270m', max_tokens: 100, messages: hello }

  describe('the @anthropic-ai/sdk package', () => {
    test('messages: whole and streamed, with x-api-key and with a bearer token', async () => {
      const { url, key } = target().corral
      const bearer = new Anthropic({ baseURL: url, apiKey: null, authToken: key, maxRetries: 0 })
      for (const client of [connect(), bearer]) {
        const whole = await client.messages.create(ask)
        expect(whole.stop_reason).toBe('end_turn')
        const streamed = await client.messages.stream(ask).finalMessage()
        expect(streamed.content).toEqual(whole.content)
        expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens)
      }
    })

    test('tools and their result', async () => {
      const tools = [
        {
          name: 'get_weather',
          input_schema: { ...weatherTool.function.parameters, type: 'object' as const },
        },
      ]
      const base = { ...ask, model: 'tooly:270m', tools }
      const called = await connect().messages.stream(base).finalMessage()
      const use = called.content.find((block) => block.type === 'tool_use')
      expect([called.stop_reason, use?.input]).toEqual(['tool_use', { city: 'Paris' }])
      const after = await connect().messages.create({
        ...base,
        messages: [
          ...hello,
          { role: 'assistant', content: called.content },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: use?.id ?? '', content: '22 C' }],
          },
        ],
      })
      expect(after.content[0]?.type).toBe('text')
    })

    test('what is refused throws the class of its status', async () => {
      const refusal = (client: Anthropic, model = 'gemma3:270m') =>
        thrownBy(() => client.messages.create({ ...ask, model }))
      const unknown = await refusal(connect(unknownKey))
      expect(unknown).toBeInstanceOf(Anthropic.AuthenticationError)
      expect(unknown).toMatchObject({ error: bodyOf('authentication_error') })
      const denied = await refusal(connect(await denyingKey(target())))
      expect(denied).toBeInstanceOf(Anthropic.PermissionDeniedError)
      expect(denied).toMatchObject({ error: bodyOf('permission_error') })
      const limited = connect(await limitedKey(target()))
      await limited.messages.create(ask)
      const refused = await refusal(limited)
      expect(refused).toBeInstanceOf(Anthropic.RateLimitError)
      expect(refused).toMatchObject({ error: bodyOf('rate_limit_error') })
      const missing = await refusal(connect(), 'nope')
      expect(missing).toBeInstanceOf(Anthropic.NotFoundError)
      expect(missing).toMatchObject({ error: bodyOf('not_found_error') })
      const wrong = await thrownBy(() => connect().messages.create({ ...ask, max_tokens: 0 }))
      expect(wrong).toBeInstanceOf(Anthropic.BadRequestError)
    })

    test('a stream that breaks throws, with our words', async () => {
      const { ollama } = target()
      ollama.addFault({ path: '/v1/messages' }, { kind: 'crash', afterTokens: 3 }, 1)
      const broken = await thrownBy(() => connect().messages.stream(ask).finalMessage())
      expect(broken).toBeInstanceOf(Anthropic.APIError)
      expect(String(broken)).toContain('The backend broke off before its answer was complete.')
    })
  })
}

function bodyOf(type: string) {
  const error = { type, message: expect.any(String) }
  return { type: 'error', error, request_id: expect.stringMatching(/^req_/) }
}

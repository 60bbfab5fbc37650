import { ChatOllama, OllamaEmbeddings } from '@langchain/ollama'
import { APICallError, embed, embedMany, generateText, jsonSchema, streamText, tool } from 'ai'
import { createOllama } from 'ollama-ai-provider-v2'
import { describe, expect, test } from 'vitest'
import { denyingKey, limitedKey, type Target, thrownBy, unknownKey, weatherTool } from './clients'

export function describeFrameworks(target: () => Target): void {
  const bearer = (key = target().corral.key) => ({ Authorization: `Bearer ${key}` })

  describe('@langchain/ollama', () => {
    const connect = (model: string, key?: string) =>
      new ChatOllama({
        model,
        baseUrl: target().corral.url,
        headers: bearer(key),
        maxRetries: 0,
      })

    test('invoke, stream and tools', async () => {
      const whole = await connect('gemma3:270m').invoke('hello')
      expect(whole.usage_metadata?.output_tokens).toBeGreaterThan(0)
      let streamed = ''
      for await (const chunk of await connect('gemma3:270m').stream('hello')) {
        streamed += String(chunk.content)
      }
      expect(streamed).toBe(whole.content)
      const called = await connect('tooly:270m').bindTools([weatherTool]).invoke('hello')
      expect(called.tool_calls?.[0]).toMatchObject({
        name: 'get_weather',
        args: { city: 'Paris' },
      })
    })

    test('embeddings', async () => {
      const embeddings = new OllamaEmbeddings({
        model: 'embed:270m',
        baseUrl: target().corral.url,
        headers: bearer(),
      })
      expect(await embeddings.embedQuery('a')).toHaveLength(640)
      expect(await embeddings.embedDocuments(['a', 'b'])).toHaveLength(2)
    })

    test('what is refused throws the status and the words', async () => {
      for (const { key, status, words } of await refusedKeys(target())) {
        const refused = await thrownBy(() => connect('gemma3:270m', key).invoke('hello'))
        expect(refused).toMatchObject({ status_code: status })
        expect(String(refused)).toContain(words)
      }
      const missing = await thrownBy(() => connect('nope').invoke('hello'))
      expect(String(missing)).toContain("model 'nope' not found")
    })
  })

  describe('the Vercel AI SDK with ollama-ai-provider-v2', () => {
    const connect = (key?: string) =>
      createOllama({ baseURL: `${target().corral.url}/api`, headers: bearer(key) })
    const ask = (model: string, key?: string) => ({
      model: connect(key)(model),
      prompt: 'hello',
      maxRetries: 0,
    })

    test('generateText and streamText', async () => {
      const whole = await generateText(ask('gemma3:270m'))
      expect(whole.text).not.toBe('')
      expect(whole.usage.outputTokens).toBeGreaterThan(0)
      const stream = streamText(ask('gemma3:270m'))
      let streamed = ''
      for await (const part of stream.textStream) streamed += part
      expect(streamed).toBe(whole.text)
      expect((await stream.usage).outputTokens).toBe(whole.usage.outputTokens)
    })

    test('tools', async () => {
      const { description, parameters } = weatherTool.function
      const get_weather = tool({
        description,
        inputSchema: jsonSchema<{ city: string }>({ ...parameters, type: 'object' } as const),
      })
      const called = await generateText({ ...ask('tooly:270m'), tools: { get_weather } })
      expect(called.toolCalls[0]).toMatchObject({
        toolName: 'get_weather',
        input: { city: 'Paris' },
      })
    })

    test('embed and embedMany', async () => {
      const model = connect().embedding('embed:270m')
      expect((await embed({ model, value: 'a' })).embedding).toHaveLength(640)
      expect((await embedMany({ model, values: ['a', 'b'] })).embeddings).toHaveLength(2)
    })

    test('what is refused throws the status and the words', async () => {
      for (const { key, status, words } of await refusedKeys(target())) {
        const refused = await thrownBy(() => generateText(ask('gemma3:270m', key)))
        if (!APICallError.isInstance(refused)) throw refused
        expect(refused.statusCode).toBe(status)
        // The package reads another form of error than Ollama's: its message is the reason phrase.
        expect(refused.responseBody).toContain(words)
      }
    })
  })
}

async function refusedKeys(target: Target) {
  const spent = await limitedKey(target)
  const { url } = target.corral
  await fetch(`${url}/api/version`, { headers: { authorization: `Bearer ${spent}` } })
  return [
    { key: unknownKey, status: 401, words: 'Unknown API key' },
    { key: await denyingKey(target), status: 403, words: 'may not use the model' },
    { key: spent, status: 429, words: 'Rate limit exceeded. Try again in' },
  ]
}

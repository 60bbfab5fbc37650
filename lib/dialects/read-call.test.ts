import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCorralError } from '@/lib/core/errors'
import { readRecordings } from '@/tests/read-recordings'
import { type Operation, recognizeOperation } from './operations'
import { type Call, readCall } from './read-call'
import { rewriteBody } from './rewrite-body'

function operationAt(method: string, target: string): Operation {
  const recognized = recognizeOperation({ method, path: target, extraPaths: ['/api/extra'] })
  if (recognized.kind !== 'operation') throw new Error(`${method} ${target}`)
  return recognized.operation
}

const chat = operationAt('POST', '/api/chat')
const generate = operationAt('POST', '/api/generate')
const show = operationAt('POST', '/api/show')
const openaiChat = operationAt('POST', '/v1/chat/completions')

function read(operation: Operation, body: unknown): Call {
  return readCall(operation, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))
}

function codeOf(work: () => unknown): string {
  try {
    work()
    return 'none'
  } catch (error) {
    return isCorralError(error) ? `${error.status} ${error.code}: ${error.message}` : String(error)
  }
}

describe('the model of a call', () => {
  test('is `model`, or `name` where Ollama takes it and `model` is absent or ""', () => {
    expect(read(show, { model: '', name: 'x' }).model).toBe('x')
    expect(read(show, { model: null, name: 'x' }).model).toBe('x')
    expect(read(show, { name: 'x' }).model).toBe('x')
    expect(read(show, { model: 'm', name: 'x' }).model).toBe('m')
    expect(codeOf(() => read(chat, { name: 'x' }))).toContain('400 routing.model_missing')
  })

  test('is found whatever the case and spelling of its key', () => {
    for (const key of ['Model', 'MODEL', '\\u006d\\u006Fdel']) {
      expect(read(chat, `{"${key}":"m","messages":[]}`).model).toBe('m')
    }
  })

  test('that is missing is refused in the words of the route', () => {
    expect(codeOf(() => read(chat, {}))).toBe('400 routing.model_missing: model is required')
    expect(codeOf(() => read(show, {}))).toBe('400 routing.model_missing: model is required')
    expect(codeOf(() => read(generate, {}))).toBe("404 routing.model_not_found: model '' not found")
  })

  test('that is no string, or no name by its length, is refused', () => {
    expect(codeOf(() => read(chat, { model: 'm'.repeat(5000) }))).toContain('body_field_wrong')
    expect(codeOf(() => read(chat, { model: 3 }))).toContain('400 http.body_field_wrong')
    expect(codeOf(() => read(chat, { model: { a: 1 } }))).toContain('400 http.body_field_wrong')
  })

  test('every recorded request names the model that was recorded', () => {
    for (const recording of readRecordings()) {
      const target = recording.path.split('?')[0] ?? ''
      const recognized = recognizeOperation({
        method: recording.method,
        path: target,
        extraPaths: [],
      })
      if (recognized.kind !== 'operation' || recognized.operation.body !== 'json') continue
      const { operation } = recognized
      const text = recording.requestBody.toString()
      if (/bad-json|empty-body|no-model/.test(recording.name)) {
        expect(codeOf(() => readCall(operation, recording.requestBody))).toContain(
          `${recording.status} `,
        )
        continue
      }
      const call = readCall(operation, recording.requestBody)
      const parsed = JSON.parse(text)
      expect(call.model).toBe(parsed.model || parsed.name || null)
      if (operation.name === 'copy') {
        expect(call.copy).toEqual({ source: parsed.source, destination: parsed.destination })
      }
    }
  })

  test('every request of the real command line is read', () => {
    const file = path.join(import.meta.dirname, '../../tests/recordings/cli-requests.json')
    const requests: { method: string; path: string; body: string }[] = JSON.parse(
      readFileSync(file, 'utf8'),
    )
    let read = 0
    for (const request of requests) {
      const target = (request.path.split('?')[0] ?? '').replace(/^\/k\/[^/]+/, '')
      const recognized = recognizeOperation({
        method: request.method,
        path: target,
        extraPaths: [],
      })
      if (recognized.kind !== 'operation' || recognized.operation.body !== 'json') continue
      const call = readCall(recognized.operation, Buffer.from(request.body))
      const parsed = JSON.parse(request.body)
      expect(call.model).toBe(parsed.model || parsed.name || null)
      read++
    }
    expect(read).toBeGreaterThan(10)
  })
})

describe('a body that could mean two things', () => {
  test('a key that decides, standing twice in any case, is refused', () => {
    for (const body of [
      '{"model":"a","Model":"b"}',
      '{"model":"a","\\u006dodel":"b"}',
      '{"model":"a","name":"x","NAME":"y"}',
      '{"model":"a","stream":true,"Stream":false}',
      '{"model":"a","\u017Ftream":true,"stream":false}',
      '{"model":"a","stream_options":{},"STREAM_OPTIONS":{}}',
      '{"model":"a","model":null}',
    ]) {
      expect(codeOf(() => read(chat, body))).toContain('400 http.body_key_twice')
    }
    const create = operationAt('POST', '/api/create')
    const hidden = '{"model":"a","remote_host":"https://x","Remote_Host":null}'
    expect(codeOf(() => read(create, hidden))).toContain('http.body_key_twice')
  })

  test('an empty body and one that is no JSON object are refused', () => {
    expect(codeOf(() => read(chat, ''))).toBe('400 http.body_empty: missing request body')
    expect(codeOf(() => read(chat, '[]'))).toContain('400 http.body_not_json')
    expect(codeOf(() => read(chat, '{"model":"a"'))).toContain('400 http.body_not_json')
    expect(codeOf(() => read(chat, 'model=a'))).toContain('400 http.body_not_json')
  })

  test('an extra path may come without a body', () => {
    expect(read(operationAt('POST', '/api/extra'), '').model).toBe(null)
  })
})

describe('what else is read', () => {
  test('stream has the default of its route, and null is the default', () => {
    expect(read(chat, { model: 'm' }).stream).toBe(true)
    expect(read(chat, { model: 'm', stream: null }).stream).toBe(true)
    expect(read(chat, { model: 'm', stream: false }).stream).toBe(false)
    expect(read(openaiChat, { model: 'm' }).stream).toBe(false)
    expect(read(openaiChat, { model: 'm', stream: true }).stream).toBe(true)
    expect(codeOf(() => read(chat, { model: 'm', stream: 'yes' }))).toContain('body_field_wrong')
  })

  test('num_ctx and keep_alive as asked', () => {
    const call = read(chat, { model: 'm', keep_alive: -1, options: { num_ctx: 8192, NUM_CTX: 1 } })
    expect(call).toMatchObject({ numCtx: 8192, keepAlive: '-1' })
    expect(read(chat, { model: 'm', keep_alive: '5m0s' })).toMatchObject({
      keepAlive: '5m0s',
      numCtx: null,
    })
  })

  test('images, in the place of each dialect', () => {
    const image = { type: 'image', source: {} }
    const messages: unknown[][] = [
      [{ role: 'user', images: ['aGk='] }],
      [{ content: [{ type: 'image_url', image_url: { url: 'data:' } }] }],
      [{ content: [image] }],
      [{ content: [{ type: 'tool_result', content: [image] }] }],
    ]
    for (const each of messages) {
      expect(read(chat, { model: 'm', messages: each }).needs.images).toBe(true)
    }
    const responses = operationAt('POST', '/v1/responses')
    const input = [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:' }] }]
    expect(read(responses, { model: 'm', input }).needs.images).toBe(true)
    expect(read(generate, { model: 'm', images: ['aGk='] }).needs.images).toBe(true)
    expect(
      read(chat, { model: 'm', messages: [{ images: [], content: 'image' }] }).needs.images,
    ).toBe(false)
  })

  test('tools count when there are some: clients always send an empty list', () => {
    expect(read(chat, { model: 'm', tools: [] }).needs.tools).toBe(false)
    expect(read(chat, { model: 'm', tools: [{}] }).needs.tools).toBe(true)
  })

  test('thinking counts where it was asked for', () => {
    const asks = (body: object) => read(chat, { model: 'm', ...body }).needs.thinking
    expect([asks({ think: true }), asks({ think: 'low' }), asks({ think: false })]).toEqual([
      true,
      true,
      false,
    ])
    expect([asks({ reasoning_effort: 'high' }), asks({ reasoning_effort: 'none' })]).toEqual([
      true,
      false,
    ])
    expect([asks({ reasoning: { effort: 'low' } }), asks({ reasoning: {} })]).toEqual([true, false])
    expect([
      asks({ thinking: { type: 'enabled' } }),
      asks({ thinking: { type: 'disabled' } }),
    ]).toEqual([true, false])
    expect(asks({ think: null })).toBe(false)
  })

  test('an empty prompt, or no messages, loads or unloads', () => {
    expect(read(generate, { model: 'm' }).promptEmpty).toBe(true)
    expect(read(generate, { model: 'm', prompt: '' }).promptEmpty).toBe(true)
    expect(read(generate, { model: 'm', prompt: 'x' }).promptEmpty).toBe(false)
    expect(read(chat, { model: 'm', messages: [] }).promptEmpty).toBe(true)
    expect(read(chat, '{"model":"m","messages":[ ]}').promptEmpty).toBe(true)
    expect(read(chat, { model: 'm', messages: [{}] }).promptEmpty).toBe(false)
  })

  test('characters of the input, in all dialects, images left out', () => {
    const messages = [
      { role: 'user', content: 'žluť\n"x"' },
      {
        content: [
          { type: 'text', text: 'abc' },
          { type: 'image', source: { data: 'x'.repeat(999) } },
        ],
      },
    ]
    expect(read(chat, { model: 'm', messages, system: 'hi' }).inputChars).toBe(8 + 3 + 2)
    const embed = operationAt('POST', '/api/embed')
    expect(read(embed, { model: 'm', input: ['ab', 'cde'] }).inputChars).toBe(5)
    expect(read(embed, { model: 'm', input: 'abc' }).inputChars).toBe(3)
    expect(read(generate, { model: 'm', prompt: 'abc', suffix: 'd' }).inputChars).toBe(4)
  })

  test('characters of a large prompt are estimated from its beginning', () => {
    const prompt = 'žluť '.repeat(100_000)
    expect(read(generate, { model: 'm', prompt }).inputChars).toBeCloseTo(500_000, -3)
  })

  test('what a creation is made from', () => {
    const create = operationAt('POST', '/api/create')
    expect(read(create, { model: 'm', from: 'x:cloud', remote_host: 'https://h' })).toMatchObject({
      from: 'x:cloud',
      remoteHost: 'https://h',
    })
  })

  test('a body of 64 MiB is read: nothing large is decoded', () => {
    const image = 'A'.repeat(32 * 1024 * 1024)
    const prompt = 'word '.repeat(6 * 1024 * 1024)
    const body = Buffer.from(JSON.stringify({ model: 'm', prompt, images: [image] }))
    expect(readCall(generate, body).needs.images).toBe(true)
  })
})

describe('rewriteBody', () => {
  const bodyWith = fc.record(
    {
      model: fc.string({ minLength: 1 }),
      messages: fc.jsonValue(),
      stream: fc.boolean(),
      stream_options: fc.oneof(
        fc.constant(null),
        fc.constant({}),
        fc.record({ include_usage: fc.oneof(fc.boolean(), fc.constant(null)), x: fc.jsonValue() }),
      ),
      extra: fc.jsonValue(),
    },
    { requiredKeys: ['model'] },
  )

  test('changes what it should and nothing else, in any JSON', () => {
    fc.assert(
      fc.property(
        bodyWith,
        fc.string({ minLength: 1 }),
        fc.constantFrom(0, 1),
        (body, model, indent) => {
          const bytes = Buffer.from(JSON.stringify(body, null, indent))
          const call = readCall(openaiChat, bytes)
          const rewritten = Buffer.from(rewriteBody(bytes, call, { model, includeUsage: true }))
          const expected = {
            ...body,
            model,
            stream_options: { ...(body.stream_options ?? {}), include_usage: true },
          }
          expect(JSON.parse(rewritten.toString())).toEqual(JSON.parse(JSON.stringify(expected)))
          const again = readCall(openaiChat, rewritten)
          expect([again.model, again.includeUsage]).toEqual([model, true])
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('every byte outside the value stays as it is', () => {
    fc.assert(
      fc.property(
        bodyWith,
        fc.string({ minLength: 1 }),
        fc.constantFrom(0, 3),
        (body, model, indent) => {
          const bytes = Buffer.from(JSON.stringify(body, null, indent))
          const call = readCall(openaiChat, bytes)
          const span = call.edits.model
          if (!span) throw new Error('the model has no span')
          const rewritten = Buffer.from(rewriteBody(bytes, call, { model }))
          const expected = Buffer.concat([
            bytes.subarray(0, span.start),
            Buffer.from(model === body.model ? JSON.stringify(body.model) : JSON.stringify(model)),
            bytes.subarray(span.end),
          ])
          expect(rewritten.equals(expected)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('big integers, key order and spelling survive', () => {
    const body = Buffer.from('{ "z": 9007199254740993, "Model" :"a" ,"b":1e400,"c":"\\u00e9/\\/" }')
    const rewritten = rewriteBody(body, readCall(chat, body), { model: 'b"c' })
    expect(Buffer.from(rewritten).toString()).toBe(
      '{ "z": 9007199254740993, "Model" :"b\\"c" ,"b":1e400,"c":"\\u00e9/\\/" }',
    )
  })

  test('the name is replaced where the name was the model', () => {
    const body = Buffer.from('{"model":"","name":"x"}')
    const rewritten = rewriteBody(body, readCall(show, body), { model: 'y' })
    expect(Buffer.from(rewritten).toString()).toBe('{"model":"","name":"y"}')
  })

  test('the same object comes back when nothing changes', () => {
    const body = Buffer.from('{"model":"m","stream_options":{"include_usage":true}}')
    const call = readCall(openaiChat, body)
    expect(rewriteBody(body, call, {})).toBe(body)
    expect(rewriteBody(body, call, { model: 'm', includeUsage: true })).toBe(body)
  })

  test('stream_options is left alone where the route does not read it', () => {
    expect(read(chat, { model: 'm', stream_options: 3 }).includeUsage).toBe(false)
    expect(codeOf(() => read(openaiChat, { model: 'm', stream_options: 3 }))).toContain(
      'body_field_wrong',
    )
    const twice = '{"model":"m","stream_options":{"include_usage":false,"Include_Usage":true}}'
    expect(codeOf(() => read(openaiChat, twice))).toContain('http.body_key_twice')
  })
})

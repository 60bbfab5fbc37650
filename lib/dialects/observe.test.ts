import { describe, expect, test } from 'vitest'
import { type Recording, readRecordings } from '@/tests/read-recordings'
import { createObserver, type Observation, type Observer } from './observe'
import { type Operation, type OperationName, recognizeOperation } from './operations'

const recordings = readRecordings()

describe('recorded answers', () => {
  for (const recording of recordings.filter(isObserved)) {
    const { version, name } = recording
    test(`${version} ${name}: the result is the same wherever the bytes are cut`, () => {
      const body = Buffer.concat(recording.frames)
      const whole = observe(recording, [body])
      expect(whole.observation.ending).toBe(expectedEnding(recording))
      expect(observe(recording, recording.frames)).toEqual(whole)
      const step = isStreamed(recording) || body.length < 4000 ? 1 : 251
      for (let at = 1; at < body.length; at += step) {
        const cut = observe(recording, [body.subarray(0, at), body.subarray(at)])
        if (!isEqual(cut, whole)) expect({ at, ...cut }).toEqual({ at, ...whole })
      }
      const bytes = [...body].map((_, at) => body.subarray(at, at + 1))
      expect(observe(recording, bytes)).toEqual(whole)
    })
  }

  test('a stream that stops before its end is broken, however cleanly the socket closed', () => {
    for (const recording of streams().filter((each) => !isCutOff(each))) {
      const body = Buffer.concat(recording.frames)
      const endAt = firstEnd(recording, body)
      for (const at of placesBefore(endAt - 1)) {
        const { observation } = observe(recording, [body.subarray(0, at)])
        if (observation.ending !== 'broken') {
          expect({ name: recording.name, at, ending: observation.ending }).toBe('broken')
        }
      }
      expect(observe(recording, [body]).observation.ending).not.toBe('broken')
    }
  })

  test('bytes pass untouched, in the very chunk that came', () => {
    for (const recording of streams().filter((each) => each.name !== 'crash-v1-chat-stream')) {
      const observer = observerOf(recording)
      for (const frame of recording.frames) expect(observer.push(frame)).toBe(frame)
    }
  })
})

describe('counts', () => {
  const final: Partial<Observation> = {
    estimated: false,
    ending: 'complete',
    upstreamErrorText: null,
  }
  const cases: [string, Partial<Observation>][] = [
    ['chat-stream', { promptTokens: 15, completionTokens: 24, finishReason: 'length', ...final }],
    ['chat', { promptTokens: 15, completionTokens: 24, finishReason: 'length', ...final }],
    ['generate-stream', { promptTokens: 14, completionTokens: 24, ...final }],
    ['load', { promptTokens: 0, completionTokens: 0, finishReason: 'load', ...final }],
    ['unload', { promptTokens: 0, completionTokens: 0, finishReason: 'unload', ...final }],
    ['embed-many', { promptTokens: 6, completionTokens: 0, ...final }],
    ['embed-empty', { completionTokens: 0, ending: 'complete' }],
    ['v1-embeddings', { promptTokens: 4, completionTokens: 0, ...final }],
    ['v1-chat', { promptTokens: 15, completionTokens: 12, finishReason: 'length', ...final }],
    ['v1-chat-stream-usage', { promptTokens: 15, completionTokens: 12, ...final }],
    ['v1-chat-tools-stream', { finishReason: 'tool_calls', estimated: true, ending: 'complete' }],
    ['v1-completions', { promptTokens: 14, completionTokens: 8, ...final }],
    ['v1-completions-stream', { completionTokens: 8, estimated: true, ending: 'complete' }],
    [
      'v1-messages',
      { promptTokens: 15, completionTokens: 12, finishReason: 'max_tokens', ...final },
    ],
    ['v1-messages-stream', { promptTokens: 15, completionTokens: 12, ...final }],
    ['v1-responses', { promptTokens: 13, completionTokens: 12, ...final }],
    ['v1-responses-stream', { promptTokens: 13, completionTokens: 12, ...final }],
    ['pull-stream', { promptTokens: null, completionTokens: null, ...final }],
    ['show', { promptTokens: null, completionTokens: null, ...final }],
  ]
  test.each(cases)('%s: the numbers are those that the server sent', (name, expected) => {
    const recording = find('0.32.15', name)
    expect(observe(recording, recording.frames).observation).toMatchObject(expected)
  })

  test('durations of the final line come out in milliseconds', () => {
    const recording = find('0.32.15', 'chat-stream')
    const { observation } = observe(recording, recording.frames)
    expect(observation).toMatchObject({ loadMs: 0.463, prefillMs: 28.621, decodeMs: 227.731 })
  })

  test('a client that left in mid-stream leaves the chunks so far, marked as estimates', () => {
    const recording = find('0.32.15', 'chat-stream')
    const observer = observerOf(recording)
    for (const frame of recording.frames.slice(0, 5)) observer.push(frame)
    expect(observer.end(false).observation).toMatchObject({
      promptTokens: 25,
      completionTokens: 5,
      estimated: true,
      ending: 'broken',
    })
  })

  test('an older server that leaves prompt_eval_count out on a cache hit gets an estimate', () => {
    const observer = observerFor('chat')
    observer.push(Buffer.from('{"message":{"content":"a"},"done":false}\n'))
    observer.push(Buffer.from('{"message":{"content":""},"done":true,"eval_count":7}\n'))
    expect(observer.end(true).observation).toMatchObject({
      promptTokens: 25,
      completionTokens: 7,
      estimated: true,
      ending: 'complete',
    })
  })

  test('embeddings of 3 MB are counted from their end, without being kept', () => {
    const vectors = JSON.stringify(Array.from({ length: 300_000 }, (_, i) => i / 7))
    const native = `{"model":"e","embeddings":[${vectors}],"load_duration":2000000,"prompt_eval_count":9}`
    const openai = `{"object":"list","data":[{"embedding":${vectors}}],"usage":{"prompt_tokens":9,"total_tokens":9}}\n`
    for (const [name, text] of [
      ['embed', native],
      ['openai_embeddings', openai],
    ] as const) {
      for (const size of [64 * 1024, 1000, text.length]) {
        const observer = observerFor(name, { streamed: false })
        const body = Buffer.from(text)
        for (let at = 0; at < body.length; at += size) observer.push(body.subarray(at, at + size))
        expect(observer.terminal).toBe(true)
        const { observation } = observer.end(true)
        expect(observation).toMatchObject({ promptTokens: 9, estimated: false, ending: 'complete' })
      }
    }
  })
})

describe('text that looks like an end', () => {
  const tricks = [
    '"done":true}',
    '{"error":"no"}',
    'data: [DONE]',
    '\n{"done":true}\n',
    '"},"done":false}',
    'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    '"finish_reason":"stop"',
    '"model":""',
  ]
  test('in generated content it never ends a stream, and every chunk counts', () => {
    for (const trick of tricks) {
      const content = JSON.stringify(trick)
      const lines: [OperationName, string][] = [
        ['chat', `{"message":{"role":"assistant","content":${content}},"done":false}\n`],
        ['generate', `{"response":${content},"done":false}\n`],
        [
          'openai_chat',
          `data: {"model":"m","choices":[{"index":0,"delta":{"content":${content}},"finish_reason":null}]}\n\n`,
        ],
        [
          'openai_completions',
          `data: {"choices":[{"text":${content},"index":0,"finish_reason":null}],"model":"m"}\n\n`,
        ],
        [
          'anthropic_messages',
          `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":${content}}}\n\n`,
        ],
        [
          'openai_responses',
          `event: response.output_text.delta\ndata: {"delta":${content},"type":"response.output_text.delta"}\n\n`,
        ],
      ]
      for (const [name, line] of lines) {
        const observer = observerFor(name)
        expect(observer.push(Buffer.from(line)).toString()).toBe(line)
        expect({ name, trick, terminal: observer.terminal }).toEqual({
          name,
          trick,
          terminal: false,
        })
        expect(observer.end(true).observation).toMatchObject({
          completionTokens: 1,
          ending: 'broken',
        })
      }
    }
  })

  test('a tool that is called with done:true does not end the chat', () => {
    const observer = observerFor('chat')
    observer.push(
      Buffer.from(
        '{"message":{"tool_calls":[{"function":{"arguments":{"done":true,"error":"x"}}}]},"done":false}\n',
      ),
    )
    expect(observer.terminal).toBe(false)
  })

  test('a large answer whose content names usage is counted by its own usage', () => {
    const inner = JSON.stringify({ usage: { prompt_tokens: 1 }, text: 'x'.repeat(400_000) })
    const text = `{"choices":[{"message":{"content":${JSON.stringify(inner)}},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":6}}`
    const observer = observerFor('openai_chat', { streamed: false })
    for (let at = 0; at < text.length; at += 5000)
      observer.push(Buffer.from(text.slice(at, at + 5000)))
    expect(observer.end(true).observation).toMatchObject({ promptTokens: 5, completionTokens: 6 })
  })
})

describe('an injected usage event', () => {
  test('is taken out at every cut, and nothing else is', () => {
    for (const version of ['0.24.0', '0.32.15']) {
      const recording = find(version, 'v1-chat-stream-usage')
      const body = Buffer.concat(recording.frames)
      const wanted = body.toString().replace(/data: [^\n]*"choices":\[\],"usage"[^\n]*\n\n/, '')
      expect(wanted.length).toBeLessThan(body.length)
      for (let at = 1; at < body.length; at++) {
        const observer = observerOf(recording, true)
        const out = [observer.push(body.subarray(0, at)), observer.push(body.subarray(at))]
        const { rest, observation } = observer.end(true)
        const text = Buffer.concat([...out, rest]).toString()
        if (text !== wanted) expect({ at, text }).toEqual({ at, text: wanted })
        expect(observation.promptTokens).toBe(15)
        expect(observation.completionTokens).toBe(12)
      }
    }
  })

  test('whole events pass at once, in the chunk that came', () => {
    const recording = find('0.32.15', 'v1-chat-stream-usage')
    const observer = observerOf(recording, true)
    for (const frame of recording.frames.slice(0, -1)) expect(observer.push(frame)).toBe(frame)
  })

  test('half an event of a backend that broke is never passed on', () => {
    const observer = observerFor('openai_chat', { takeUsageOut: true })
    expect(observer.push(Buffer.from('data: {"choices":[{"del')).byteLength).toBe(0)
    expect(observer.midEvent).toBe(false)
    expect(observer.end(false).rest.byteLength).toBe(0)
  })

  test('an event larger than 8 MiB is passed on rather than kept', () => {
    const observer = observerFor('openai_chat', { takeUsageOut: true })
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    let passed = 0
    for (let i = 0; i < 12; i++) passed += observer.push(chunk).byteLength
    expect(passed).toBe(12 * chunk.length)
    expect(observer.midEvent).toBe(true)
  })
})

describe('a crash', () => {
  test('on /v1/chat/completions: the empty chunk is swallowed, the stream is broken', () => {
    for (const takeUsageOut of [true, false]) {
      const recording = find('0.32.15', 'crash-v1-chat-stream')
      const observer = observerOf(recording, takeUsageOut)
      const out = recording.frames.map((frame) => Buffer.from(observer.push(frame)))
      const { rest, observation } = observer.end(true)
      const text = Buffer.concat([...out, rest]).toString()
      expect(text).toBe(Buffer.concat(recording.frames.slice(0, -1)).toString())
      expect(observation.ending).toBe('broken')
      expect(observation.completionTokens).toBe(recording.frames.length - 1)
    }
  })

  test('says in the record what the backend said', () => {
    const recording = find('0.32.15', 'crash-chat-stream')
    expect(observe(recording, recording.frames).observation).toMatchObject({
      ending: 'upstream-error',
      upstreamErrorText: 'an error was encountered while running the model: unexpected EOF',
      estimated: true,
    })
  })
})

test('midEvent says whether the client was left inside a line or event', () => {
  const ndjson = observerFor('chat')
  ndjson.push(Buffer.from('{"done":false}\n'))
  expect(ndjson.midEvent).toBe(false)
  ndjson.push(Buffer.from('{"mess'))
  expect(ndjson.midEvent).toBe(true)
  ndjson.end(true)
  expect(ndjson.midEvent).toBe(true)
  const sse = observerFor('anthropic_messages')
  sse.push(Buffer.from('event: ping\ndata: {"type":"ping"}\n'))
  expect(sse.midEvent).toBe(true)
  sse.push(Buffer.from('\n'))
  expect(sse.midEvent).toBe(false)
})

test('a line of more than 8 MiB is passed over, and the end after it is still seen', () => {
  const observer = observerFor('chat')
  const chunk = Buffer.alloc(1024 * 1024, 'x')
  for (let i = 0; i < 10; i++) expect(observer.push(chunk)).toBe(chunk)
  observer.push(Buffer.from('\n{"done":true,"eval_count":3,"prompt_eval_count":4}\n'))
  expect(observer.end(true).observation).toMatchObject({ completionTokens: 3, ending: 'complete' })
})

test('events with CRLF line ends are read as well', () => {
  const observer = observerFor('openai_chat', { takeUsageOut: true })
  const events =
    'data: {"choices":[{"delta":{"content":"a"},"finish_reason":null}]}\r\n\r\n' +
    'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}\r\n\r\ndata: [DONE]\r\n\r\n'
  const out = Buffer.from(observer.push(Buffer.from(events))).toString()
  expect(out).not.toContain('usage')
  expect(out).toContain('[DONE]')
  expect(observer.end(true).observation).toMatchObject({ promptTokens: 3, ending: 'complete' })
})

function streams(): Recording[] {
  return recordings.filter((each) => isObserved(each) && isStreamed(each))
}

function isObserved(recording: Recording): boolean {
  return operationOf(recording) !== null && recording.frames.length > 0
}

function operationOf(recording: Recording): Operation | null {
  const path = recording.path.split('?')[0] ?? ''
  const recognized = recognizeOperation({ method: recording.method, path, extraPaths: [] })
  return recognized.kind === 'operation' ? recognized.operation : null
}

function isStreamed(recording: Recording): boolean {
  return recording.responseHeaders.some(
    ([name, value]) => name === 'Content-Type' && /x-ndjson|event-stream/.test(value),
  )
}

function expectedEnding(recording: Recording): Observation['ending'] {
  if (recording.status >= 400) return 'upstream-error'
  if (isCutOff(recording)) return 'broken'
  return /\n?\{"error"/.test(Buffer.concat(recording.frames).toString())
    ? 'upstream-error'
    : 'complete'
}

// Every place near the end, and one in 61 before: each costs the whole stream.
function placesBefore(end: number): number[] {
  return Array.from({ length: end }, (_, at) => at).filter((at) => at % 61 === 0 || at > end - 400)
}

// Recorded streams without an end: a crash behind /v1, and version 0.24 tired of white space.
function isCutOff({ version, name }: Recording): boolean {
  return name.startsWith('crash-v1') || (version === '0.24.0' && name === 'chat-json-format')
}

// The number of bytes after which the end of a stream can be seen.
function firstEnd(recording: Recording, body: Buffer): number {
  const observer = observerOf(recording)
  for (let at = 0; at < body.length; at++) {
    observer.push(body.subarray(at, at + 1))
    if (observer.terminal) return at + 1
  }
  throw new Error(`${recording.name} has no end`)
}

function observerOf(recording: Recording, takeUsageOut = false): Observer {
  const operation = operationOf(recording)
  if (!operation) throw new Error(recording.name)
  return createObserver({
    operation,
    streamed: isStreamed(recording),
    status: recording.status,
    inputChars: 100,
    takeUsageOut,
  })
}

function observerFor(
  name: OperationName,
  options: { streamed?: boolean; takeUsageOut?: boolean } = {},
): Observer {
  const operation = recordings.map(operationOf).find((each) => each?.name === name)
  if (!operation) throw new Error(name)
  return createObserver({
    operation,
    streamed: true,
    status: 200,
    inputChars: 100,
    takeUsageOut: false,
    ...options,
  })
}

function observe(recording: Recording, chunks: Uint8Array[]) {
  const observer = observerOf(recording)
  const terminal = chunks.map((chunk) => {
    observer.push(chunk)
    return observer.terminal
  })
  return { observation: observer.end(true).observation, terminal: terminal.at(-1) }
}

function isEqual(a: ReturnType<typeof observe>, b: ReturnType<typeof observe>): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function find(version: string, name: string): Recording {
  const found = recordings.find((each) => each.version === version && each.name === name)
  if (!found) throw new Error(`${version} ${name} is not recorded`)
  return found
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { renderNow } from './clock-text'
import { renderGoJson } from './go-json'
import type { World } from './world'

const PATHS = new Set(['/api/chat', '/v1/chat/completions'])
const PHASES = 10
const TOKENS_DEFAULT = 100
const PROMPT_TOKENS = 16

export type Bench = {
  /** Takes a request for one of the bench's routes; false leaves it to the others. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
  inFlight(): number
  stop(): void
}

/** `stampAt`: where in the chunk the time stands, which each turn writes anew; below 0: nowhere. */
type Stream = {
  response: ServerResponse
  chunk: Buffer
  stampAt: number
  left: number
  finish(): void
}
type Wheel = { phases: Set<Stream>[]; next: number; timer: NodeJS.Timeout }
type Asked = {
  model: string
  stream: boolean
  tokens: number
  flushMs: number
  includeUsage: boolean
}

/**
 * Many streams at a fixed pace for little CPU: one timer for all streams of an interval, ten
 * phases each, and one prebuilt chunk, in which only `created_at` changes. `options.num_predict` or
 * `max_tokens` is the number of flushes, `options.flush_ms` the interval of one request. No machine,
 * no fault, no record.
 */
export function createBench(world: World, options: { flushMs: number }): Bench {
  const wheels = new Map<number, Wheel>()
  let running = 0

  const join = (flushMs: number, stream: Stream) => {
    const wheel = wheels.get(flushMs) ?? startWheel(flushMs)
    wheels.set(flushMs, wheel)
    const phase = wheel.phases[(wheel.next + PHASES - 1) % PHASES]
    phase?.add(stream)
    stream.response.on('close', () => phase?.delete(stream))
  }

  const answerStream = (response: ServerResponse, asked: Asked, isNative: boolean) => {
    const wire = isNative ? renderNative(asked) : renderOpenAi(asked)
    response.removeHeader('Connection')
    response.writeHead(200, ['Content-Type', wire.type, 'Transfer-Encoding', 'chunked'])
    response.flushHeaders()
    const finish = () => {
      response.end(wire.last())
      world.tokens.prompt += isNative || asked.includeUsage ? PROMPT_TOKENS : 0
      world.tokens.completion += isNative || asked.includeUsage ? asked.tokens : 0
    }
    const { chunk } = wire
    const keyAt = chunk.indexOf(stampKey)
    const stampAt = keyAt < 0 ? -1 : keyAt + stampKey.length
    join(asked.flushMs, { response, chunk, stampAt, left: asked.tokens, finish })
  }

  return {
    inFlight: () => running,
    stop: () => {
      for (const wheel of wheels.values()) clearInterval(wheel.timer)
    },
    answer: (request, response) => {
      const path = request.url?.split('?', 1)[0] ?? ''
      if (request.method !== 'POST' || !PATHS.has(path)) return false
      running += 1
      response.on('close', () => {
        running -= 1
      })
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        const isNative = path === '/api/chat'
        const asked = readAsked(Buffer.concat(pieces), { isNative, flushMs: options.flushMs })
        if (asked.stream) return answerStream(response, asked, isNative)
        answerWhole(response, asked, isNative)
        world.tokens.prompt += PROMPT_TOKENS
        world.tokens.completion += asked.tokens
      })
      return true
    },
  }
}

const stampKey = '"created_at":"'

function startWheel(flushMs: number): Wheel {
  const wheel: Wheel = {
    phases: Array.from({ length: PHASES }, () => new Set<Stream>()),
    next: 0,
    timer: setInterval(() => turn(wheel), flushMs / PHASES),
  }
  return wheel
}

function turn(wheel: Wheel): void {
  const phase = wheel.phases[wheel.next]
  wheel.next = (wheel.next + 1) % PHASES
  const stamp = renderStamp()
  for (const stream of phase ?? []) {
    const { response, chunk, stampAt } = stream
    if (stream.left === 0) {
      phase?.delete(stream)
      stream.finish()
      continue
    }
    // A client that does not read gets its flush later; nothing is piled up for it.
    if (response.writableNeedDrain || response.socket?.writableNeedDrain) continue
    stream.left -= 1
    if (stampAt >= 0) chunk.write(stamp, stampAt, 'latin1')
    response.socket?.write(chunk)
  }
}

function readAsked(body: Buffer, route: { isNative: boolean; flushMs: number }): Asked {
  const parsed = parseLeniently(body.toString('utf8'))
  const options = parsed.options ?? {}
  return {
    model: parsed.model ?? 'bench',
    stream: parsed.stream ?? route.isNative,
    tokens: options.num_predict ?? parsed.max_tokens ?? TOKENS_DEFAULT,
    flushMs: Math.max(1, options.flush_ms ?? parsed.flush_ms ?? route.flushMs),
    includeUsage: parsed.stream_options?.include_usage === true,
  }
}

type BenchBody = {
  model?: string
  stream?: boolean
  max_tokens?: number
  flush_ms?: number
  options?: { num_predict?: number; flush_ms?: number }
  stream_options?: { include_usage?: boolean }
}

function parseLeniently(text: string): BenchBody {
  try {
    return JSON.parse(text) as BenchBody
  } catch {
    return {}
  }
}

function answerWhole(response: ServerResponse, asked: Asked, isNative: boolean): void {
  const text = 'The herd grazes by the river'
  const body = isNative
    ? renderGoJson({
        model: asked.model,
        created_at: renderNow(),
        message: { role: 'assistant', content: text },
        ...renderEnd(asked),
      })
    : `${renderGoJson({ ...openAiBase(asked, 'chat.completion'), choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'length' }], usage: usageOf(asked) })}\n`
  const type = isNative ? 'application/json; charset=utf-8' : 'application/json'
  response.removeHeader('Connection')
  response.writeHead(200, ['Content-Type', type, 'Content-Length', String(Buffer.byteLength(body))])
  response.end(body)
}

type Rendered = { type: string; chunk: Buffer; last(): string }

function renderNative(asked: Asked): Rendered {
  const chunk = {
    model: asked.model,
    created_at: renderStamp(),
    message: { role: 'assistant', content: ' herd' },
    done: false,
  }
  return {
    type: 'application/x-ndjson',
    chunk: frame(`${renderGoJson(chunk)}\n`),
    last: () =>
      `${renderGoJson({ model: asked.model, created_at: renderNow(), message: { role: 'assistant', content: '' }, ...renderEnd(asked) })}\n`,
  }
}

function renderOpenAi(asked: Asked): Rendered {
  const base = openAiBase(asked, 'chat.completion.chunk')
  const render = (value: object) => `data: ${renderGoJson({ ...base, ...value })}\n\n`
  const counted = asked.includeUsage ? render({ choices: [], usage: usageOf(asked) }) : ''
  return {
    type: 'text/event-stream',
    chunk: frame(
      render({ choices: [{ index: 0, delta: { content: ' herd' }, finish_reason: null }] }),
    ),
    last: () =>
      `${render({ choices: [{ index: 0, delta: {}, finish_reason: 'length' }] })}${counted}data: [DONE]\n\n`,
  }
}

function renderEnd(asked: Asked): object {
  return {
    done: true,
    done_reason: 'length',
    total_duration: 1_000_000,
    load_duration: 1_000,
    prompt_eval_count: PROMPT_TOKENS,
    prompt_eval_duration: 1_000,
    eval_count: asked.tokens,
    eval_duration: 1_000,
  }
}

function openAiBase(asked: Asked, object: string): object {
  return {
    id: 'chatcmpl-1',
    object,
    created: 1_795_240_105,
    model: asked.model,
    system_fingerprint: 'fp_ollama',
  }
}

function usageOf(asked: Asked): object {
  const total = PROMPT_TOKENS + asked.tokens
  return { prompt_tokens: PROMPT_TOKENS, completion_tokens: asked.tokens, total_tokens: total }
}

/** Now, always as wide: the last digit keeps the zeros before it, which Go would leave out. */
function renderStamp(): string {
  const ms = performance.timeOrigin + performance.now()
  const micros = String(Math.floor((ms % 1) * 1000)).padStart(3, '0')
  return `${new Date(ms).toISOString().slice(0, 23)}${micros}001Z`
}

// One HTTP chunk, written past Node's own framing, which would cost three writes.
function frame(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
}

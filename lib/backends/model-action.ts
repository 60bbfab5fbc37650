import * as z from 'zod'
import type { ModelJobOrder, ModelJobProgress } from '@/lib/db/contract-duties'
import type { ByteSink } from '@/lib/http/byte-source'
import { readAhead } from '@/lib/http/read-ahead'
import type { Dialer, DialRequest, Upstream } from './dial'
import { createPullProgress } from './pull-progress'
import { renderFailure } from './render-failure'

export type ModelAction = Pick<ModelJobOrder, 'kind' | 'model' | 'destination' | 'keepAlive'>
export type ModelActionResult = { kind: 'done' | 'aborted' } | { kind: 'failed'; error: string }

/** How an Ollama is reached; `basePath` stands before every path. */
export type ModelActionTarget = { origin: string; basePath: string; credential: string | null }

const answerBytesMax = 65_536
const lineBytesMax = 65_536

/**
 * F3: pulls, deletes, copies, loads or unloads one model on one Ollama. Waits as long as it takes:
 * a large model loads for minutes, and its digest is verified in silence. A pull that is aborted
 * goes on where it stopped when it is asked for again: Ollama keeps the layers. Never throws.
 */
export async function runModelAction(options: {
  dialer: Dialer
  target: ModelActionTarget
  action: ModelAction
  signal: AbortSignal
  monotonicMs: () => number
  onProgress: (progress: ModelJobProgress) => void
}): Promise<ModelActionResult> {
  const { action, signal } = options
  try {
    const result =
      action.kind === 'pull' ? await pull(options) : await ask(options, requestOf(action))
    return signal.aborted && result.kind === 'failed' ? { kind: 'aborted' } : result
  } catch (error) {
    return signal.aborted ? { kind: 'aborted' } : failed(renderFailure(error))
  }
}

type Options = Parameters<typeof runModelAction>[0]
type Asked = {
  method: 'POST' | 'DELETE'
  path: string
  body: object
  /** Where the model is one that cannot generate. */
  otherwise?: Asked
}

/**
 * An empty prompt loads a model, and unloads it with a `keep_alive` of 0 (Ollama's API page). One
 * that cannot generate embeds a single character instead.
 */
function requestOf({ kind, model, destination, keepAlive }: ModelAction): Asked {
  switch (kind) {
    case 'pull':
      return { method: 'POST', path: '/api/pull', body: { model, stream: true } }
    case 'delete':
      return { method: 'DELETE', path: '/api/delete', body: { model } }
    case 'copy':
      return { method: 'POST', path: '/api/copy', body: { source: model, destination } }
    case 'load':
      return emptyPrompt({ model, ...(keepAlive !== null && { keep_alive: plain(keepAlive) }) })
    case 'unload':
      return emptyPrompt({ model, keep_alive: 0 })
  }
}

function emptyPrompt(body: { model: string; keep_alive?: string | number }): Asked {
  return {
    method: 'POST',
    path: '/api/generate',
    body: { ...body, stream: false },
    otherwise: { method: 'POST', path: '/api/embed', body: { ...body, input: '.' } },
  }
}

/** Seconds go as a number, a Go duration as text. */
function plain(keepAlive: string): string | number {
  return /^-?\d+$/.test(keepAlive) ? Number(keepAlive) : keepAlive
}

async function ask(options: Options, asked: Asked): Promise<ModelActionResult> {
  const answered = await dial(options, asked)
  if ('kind' in answered) return answered
  const text = await readText(answered, options.signal)
  if (answered.status < 300) return { kind: 'done' }
  // Whoever wanted it gone has what they wanted.
  if (options.action.kind === 'delete' && answered.status === 404) return { kind: 'done' }
  if (asked.otherwise && answered.status === 400 && /does not support generate/.test(text)) {
    return ask(options, asked.otherwise)
  }
  return failed(errorOf(text) ?? `answered ${answered.status}`)
}

async function pull(options: Options): Promise<ModelActionResult> {
  const answered = await dial(options, requestOf(options.action))
  if ('kind' in answered) return answered
  if (answered.status >= 300) {
    const text = await readText(answered, options.signal)
    return failed(errorOf(text) ?? `answered ${answered.status}`)
  }
  return readPull(answered, options)
}

async function dial(
  { dialer, target, signal }: Options,
  { method, path, body }: Asked,
): Promise<Upstream | ModelActionResult> {
  const bytes = Buffer.from(JSON.stringify(body))
  const { credential } = target
  const request: DialRequest = {
    origin: target.origin,
    method,
    path: `${target.basePath}${path}`,
    headers: [
      ...['Content-Type', 'application/json', 'User-Agent', 'corral'],
      ...['Content-Length', String(bytes.byteLength)],
      ...(credential === null ? [] : ['Authorization', `Bearer ${credential}`]),
    ],
    body: bytes,
    signal,
    connectWithinMs: Number.POSITIVE_INFINITY,
    headersTimeoutMs: 0,
    bodyTimeoutMs: 0,
  }
  const result = await dialer.dial(request)
  return result.kind === 'answered' ? result.upstream : failed(renderFailure(result.error))
}

const lineSchema = z.object({
  status: z.string().max(500).catch(''),
  error: z.string().optional().catch(undefined),
  digest: z.string().max(200).optional().catch(undefined),
  total: z.number().min(0).optional().catch(undefined),
  completed: z.number().min(0).optional().catch(undefined),
})

/** Lines of progress, then `success`; an error may stand in any of them, after a 200. */
function readPull(answered: Upstream, options: Options): Promise<ModelActionResult> {
  const { signal, monotonicMs, onProgress } = options
  const progress = createPullProgress({ monotonicMs })
  return new Promise((resolve) => {
    let rest = ''
    let result: ModelActionResult | null = null
    const decoder = new TextDecoder()
    const finish = (ending: ModelActionResult) => {
      signal.removeEventListener('abort', onAbort)
      resolve(ending)
    }
    const giveUp = (ending: ModelActionResult) => {
      answered.body.cancel(new Error('not wanted any more'))
      finish(ending)
    }
    const onAbort = () => giveUp({ kind: 'aborted' })
    const take = (line: string) => {
      const parsed = lineSchema.safeParse(parseJson(line))
      if (!parsed.success) return
      if (parsed.data.error !== undefined) result = failed(parsed.data.error)
      else if (parsed.data.status === 'success') result = { kind: 'done' }
      onProgress(progress.take(parsed.data))
    }
    const sink: ByteSink = {
      chunk(bytes) {
        const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) if (line.trim() !== '') take(line)
        if (rest.length > lineBytesMax) giveUp(failed('sent a line that is too long'))
        return true
      },
      end() {
        if (rest.trim() !== '') take(rest)
        finish(result ?? failed('ended before the model was whole'))
      },
      fail: (error) => finish(result ?? failed(renderFailure(error))),
    }
    if (signal.aborted) onAbort()
    else {
      signal.addEventListener('abort', onAbort)
      answered.body.start(sink)
    }
  })
}

async function readText(answered: Upstream, signal: AbortSignal): Promise<string> {
  const read = await readAhead(answered.body, answerBytesMax, (cancel) => {
    signal.addEventListener('abort', cancel)
    return () => signal.removeEventListener('abort', cancel)
  })
  read?.longer?.letGo()
  return read === null || read.longer ? '' : new TextDecoder().decode(read.bytes)
}

function errorOf(text: string): string | null {
  const parsed = z.object({ error: z.string() }).safeParse(parseJson(text))
  return parsed.success ? parsed.data.error : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function failed(error: string): ModelActionResult {
  return { kind: 'failed', error: error.slice(0, 500) }
}

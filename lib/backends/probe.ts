import type { Agent } from 'undici'
import type { BackendAddress } from './backend-address'
import { lookupBackend } from './backend-lookup'

export type ProbeTarget = { address: BackendAddress; credential: string | null }
export type ProbeRequest = {
  target: ProbeTarget
  method: 'GET' | 'HEAD' | 'POST'
  /** The body of a POST. */
  json?: unknown
  path: string
  timeoutMs: number
  /** 0 leaves the body unread. */
  bodyBytesMax: number
  signal: AbortSignal
}
export type ProbeAnswer = {
  status: number
  body: Buffer
  /** From the call to the head of the answer. */
  latencyMs: number
}
export type Prober = {
  /** Follows no redirect. Rejects with an error that `renderFailure` puts into words. */
  probe(request: ProbeRequest): Promise<ProbeAnswer>
  /** Ends every socket. */
  close(): void
}

/** Named so that a failure can be told in words: the backend was silent for that long. */
export class ProbeTimeout extends Error {
  override readonly name = 'ProbeTimeout'
  constructor(readonly timeoutMs: number) {
    super(`no answer in ${timeoutMs} ms`)
  }
}

/**
 * Our own questions to backends, on sockets of their own: a connection each, since an idle one
 * proves nothing about whether the machine still accepts any.
 */
export function createProber(options: {
  /** Read for each connection. */
  connectTimeoutMs: () => number
  monotonicMs: () => number
}): Prober {
  // Loading undici takes longer than most commands of the command line, which never probe.
  let agent: Promise<Agent> | null = null
  return {
    async probe(wanted) {
      agent ??= openAgent(options.connectTimeoutMs)
      return probe({ ...wanted, agent: await agent, monotonicMs: options.monotonicMs })
    },
    close() {
      agent?.then((opened) => opened.destroy()).catch(() => undefined)
    },
  }
}

async function openAgent(connectTimeoutMs: () => number): Promise<Agent> {
  const { Agent, buildConnector } = await import('undici')
  return new Agent({
    connect: (target, done) => {
      buildConnector({ timeout: connectTimeoutMs(), lookup: lookupBackend })(target, done)
    },
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 0,
  })
}

async function probe(
  wanted: ProbeRequest & { agent: Agent; monotonicMs: () => number },
): Promise<ProbeAnswer> {
  const { request } = await import('undici')
  const { address, credential } = wanted.target
  const deadline = startDeadline(wanted.timeoutMs, wanted.signal)
  const beganMs = wanted.monotonicMs()
  try {
    const answer = await request(address.origin + address.basePath + wanted.path, {
      dispatcher: wanted.agent,
      method: wanted.method,
      ...(wanted.json !== undefined && { body: JSON.stringify(wanted.json) }),
      signal: deadline.signal,
      headers: {
        accept: 'application/json, */*',
        'user-agent': 'corral',
        ...(wanted.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
      },
    })
    const latencyMs = wanted.monotonicMs() - beganMs
    if (wanted.bodyBytesMax === 0) {
      answer.body.on('error', () => {}).destroy()
      return { status: answer.statusCode, body: Buffer.alloc(0), latencyMs }
    }
    const body = await readBounded(answer.body, wanted.bodyBytesMax)
    return { status: answer.statusCode, body, latencyMs }
  } finally {
    deadline.end()
  }
}

/** Aborts at the deadline or with `signal`, whichever comes first. */
function startDeadline(timeoutMs: number, signal: AbortSignal) {
  const controller = new AbortController()
  const stop = () => controller.abort(signal.reason)
  // An answer that arrived while this process was stalled is read before the deadline strikes.
  const timer = setTimeout(() => {
    setImmediate(() => controller.abort(new ProbeTimeout(timeoutMs)))
  }, timeoutMs)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    },
  }
}

async function readBounded(body: AsyncIterable<Buffer>, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    // Leaving the loop destroys the body, and its socket with it.
    if (bytes > bytesMax) throw new Error(`sent more than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}

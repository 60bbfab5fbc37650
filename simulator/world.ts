import type { IncomingMessage } from 'node:http'
import type { Fault, FaultTable } from './faults'
import type { Machine } from './machine'
import type { ModelStore, SimulatedModel } from './model-store'
import type { Traits, Version } from './versions'
import type { Wire } from './wire'

export type SimulatorOptions = {
  /** 0 takes any free port. */
  port?: number
  host?: string
  version?: Version
  models?: SimulatedModel[]
  /** What `/api/pull` finds. A name may carry a registry's host; other hosts refuse connections. */
  library?: SimulatedModel[]
  /** Without a network `registry.ollama.ai` does not resolve. */
  network?: 'up' | 'down'
  memoryBytes?: number
  /** OLLAMA_NUM_PARALLEL */
  parallel?: number
  /** OLLAMA_MAX_QUEUE */
  maxQueue?: number
  /** OLLAMA_KEEP_ALIVE */
  keepAliveMs?: number
  /** OLLAMA_CONTEXT_LENGTH */
  contextLength?: number
  loadMs?: number
  tokensPerSecond?: number
  prefillTokensPerSecond?: number
  /** Tokens of an answer whose request sets no limit. */
  answerTokens?: number
  /** How long a pull of one model takes. */
  pullMs?: number
  cloud?: 'enabled' | 'disabled'
  account?: 'signed-in' | 'signed-out' | 'unavailable'
  /** Where the server keeps models; error texts and modelfiles show it. */
  modelsPath?: string
  name?: string
  /** Streams come from prebuilt buffers at a fixed pace; machine, faults and record are out. */
  bench?: { flushMs: number }
}

export type World = {
  options: Required<Omit<SimulatorOptions, 'bench'>> & Pick<SimulatorOptions, 'bench'>
  traits: Traits
  store: ModelStore
  library: ModelStore
  machine: Machine
  /** Digests of uploaded blobs. */
  blobs: Set<string>
  faults: FaultTable
  tokens: { prompt: number; completion: number }
}

/** A request that the simulator has seen. Times are `performance.now()` milliseconds. */
export type SeenRequest = {
  id: number
  method: string
  /** As on the wire, with the query. */
  path: string
  rawHeaders: string[]
  /** The first 64 KiB. */
  body: Buffer
  bodyBytes: number
  startedAt: number
  /** The client left before the answer's end. */
  abortedAt?: number
  endedAt?: number
  status?: number
  /** Flushes written to the client. */
  frames: number
  /** Tokens that the model generated for it, sent or not. */
  tokens: number
}

/** One request while it is answered. */
export type Exchange = {
  world: World
  request: IncomingMessage
  wire: Wire
  seen: SeenRequest
  /** Aborted when the client has left or the answer was cut. */
  signal: AbortSignal
  /** Without the query. */
  path: string
  /** The last segment of a path with a parameter, decoded. */
  parameter: string
  readBody(): Promise<Buffer>
  /** The body as it comes, for uploads. */
  readChunks(): AsyncIterable<Buffer>
  /** Takes the fault that is meant for this model, if any. */
  faultFor(model: string): Fault | null
}

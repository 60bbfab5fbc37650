import type { Principal } from '@/lib/auth/contract'
import type { RefusedKey } from '@/lib/auth/refused-key'
import type { AttemptLease } from '@/lib/backends/contract'
import type { Clock } from '@/lib/core/clock'
import type { CorralError, ErrorCode } from '@/lib/core/errors'
import type { LinkedList, ListEntry } from '@/lib/core/linked-list'
import type { Frontend } from '@/lib/db/contract'
import type { Observation } from '@/lib/dialects/observe'
import type { Operation } from '@/lib/dialects/operations'
import type { Call } from '@/lib/dialects/read-call'
import type { ByteSource } from '@/lib/http/byte-source'
import type { Selection } from '@/lib/routing/contract'
import type { Capture } from './capture'
import type { Gateway } from './gateway'
import type { Snapshot } from './snapshot'

/** What both doors know of a request: nothing of the body is read before it is asked for. */
export type GatewayRequest = {
  method: string
  /** Path and query as they came. */
  target: string
  httpVersion: string
  /** The header's value, several joined by a comma; null when absent. */
  header(name: string): string | null
  /** Name, value, name, value, … as they came. */
  rawHeaders: readonly string[]
  /** The socket's address; null where the door cannot know it. */
  peer: string | null
  secure: boolean
  body: AsyncIterable<Uint8Array> | null
  /** Calls back once when the client is gone before it has its whole answer. */
  onGone(listener: () => void): void
}

export type GatewayAnswer = {
  status: number
  /** Name, value, name, value, … */
  headers: string[]
  body: Uint8Array | string | ByteSource | null
}

/** One client request, from its first byte to its settlement. */
export type Exchange = {
  readonly id: string
  readonly gateway: Gateway
  readonly snapshot: Snapshot
  readonly request: GatewayRequest
  readonly clock: Clock
  readonly startedAtMs: number
  readonly startedMs: number
  /** Normalised, without prefixes and query: safe to log. */
  path: string
  query: string
  pathKey: string | null
  pathFrontend: string | null
  operation: Operation | null
  parameter: string | null
  address: string | null
  principal: Principal | null
  /** A key whose secret was right, and which is revoked, disabled, expired or of nobody active. */
  refusedKey: RefusedKey | null
  frontend: Frontend | null
  body: Uint8Array | null
  call: Call | null
  model: string | null
  bytesIn: number
  /** Why we ended an upload ourselves, in the middle. */
  uploadRefusal: CorralError | null
  bytesOut: number
  route: Route | null
  attempts: number
  /** Time spent waiting for backends before the answer began. */
  upstreamMs: number
  /** When the answer's head was ready, on the monotonic clock. */
  answeredMs: number | null
  firstTokenMs: number | null
  gone: boolean
  /** A person has asked for its end. */
  stopped: boolean
  /** Told when the client leaves, and when a person stops the request. */
  readonly whenGone: LinkedList<() => void>
  /** Null where what is asked and answered is not kept (H2): nearly always. */
  capture: Capture | null
  /** What was taken and must be given back, once, by the settlement. */
  readonly releases: (() => void)[]
  /** Its place among those that the console sees in flight. */
  seen: ListEntry | null
  settled: boolean
}

/** Where an exchange went, kept for its record. */
export type Route = {
  selection: Selection
  chosenIndex: number
  lease: AttemptLease | null
  dialledAtMs: number
  modelServed: string | null
  modelDigest: string | null
  modelWasLoaded: boolean | null
}

/** The three endings, the one that a person asks for, and the refusal before any of them. */
export type Ending =
  | { kind: 'completed'; status: number; observation: Observation | null }
  | { kind: 'left'; observation: Observation | null }
  | { kind: 'stopped'; observation: Observation | null; errorText: string }
  | {
      kind: 'broken'
      code: ErrorCode
      observation: Observation | null
      errorText: string
      cause?: unknown
    }
  | { kind: 'refused'; status: number; code: ErrorCode; errorText: string; cause?: unknown }

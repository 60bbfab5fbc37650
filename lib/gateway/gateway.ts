import type { Authenticator } from '@/lib/auth/authenticate'
import type { Fleet } from '@/lib/backends/contract'
import type { Dialer } from '@/lib/backends/dial'
import type { Clock } from '@/lib/core/clock'
import type { LinkedList } from '@/lib/core/linked-list'
import { processState } from '@/lib/core/process-state'
import type { NetworkSet } from '@/lib/http/networks'
import type { InFlight } from '@/lib/limits/in-flight'
import type { SlidingWindows } from '@/lib/limits/sliding-window'
import type { CaptureQueue } from '@/lib/usage/capture-queue'
import type { Journal } from '@/lib/usage/journal'
import type { Exchange } from './contract'
import type { ShowCache } from './show-cache'
import type { Snapshot } from './snapshot'

/** What one process needs to serve: made once by `startGateway`, read by every request. */
export type Gateway = {
  readonly nodeId: string
  readonly clock: Clock
  /** 0 to 1, as Math.random. */
  random(): number
  readonly trustedProxies: NetworkSet
  readonly fleet: Fleet
  readonly dialer: Dialer
  readonly authenticator: Authenticator
  readonly windows: SlidingWindows
  readonly inFlight: InFlight
  readonly journal: Journal
  readonly showCache: ShowCache
  /** What was caught of exchanges and waits to be stored (H2). */
  readonly captured: CaptureQueue
  /** What has passed its limits and is not settled, the oldest first. */
  readonly exchanges: LinkedList<Exchange>
  /** Null until the first configuration was read. */
  snapshot: Snapshot | null
  stopping: boolean
  databaseLost: boolean
  /** A model job waits or runs anywhere, as the last poll saw it. */
  openModelJobs: boolean
  /** Counts requests, for strategies that take turns. */
  turn: number
  /** Key uses since the last flush to the database: key id -> ms since the epoch. */
  readonly keyUses: Map<string, number>
}

type Holder = { gateway: Gateway | null; isElsewhere: boolean }
const holder = () => processState<Holder>('gateway', () => ({ gateway: null, isElsewhere: false }))

export function setTheGateway(gateway: Gateway | null): void {
  holder().gateway = gateway
}

/** For a process that is a console only (L8): no gateway will ever be here. */
export function setNoGateway(): void {
  holder().isElsewhere = true
}

export function hasNoGateway(): boolean {
  return holder().isElsewhere
}

/** The gateway of this process, or null before its duties were started. */
export function findTheGateway(): Gateway | null {
  return holder().gateway
}

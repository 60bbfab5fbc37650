import type { BackendHealthState, BackendReport, NodeReport } from '@/lib/db/contract'
import type { BackendEvent } from '@/lib/db/contract-reads'

/** Worst last. `off`: disabled or draining; `unknown`: no gateway looked. */
export type UptimeState = 'unknown' | 'off' | 'up' | 'degraded' | 'down'

export type UptimePart = { fromMs: number; toMs: number; state: UptimeState; downMs: number }
export type Uptime = {
  /** The oldest first; each has its worst state. */
  parts: UptimePart[]
  /** Of the time in which it should have worked and a gateway looked; null when there was none. */
  upShare: number | null
  downMs: number
}

type Interval = { fromMs: number; toMs: number; state: UptimeState }

/**
 * How a server fared, as its gateways saw it: where they differ, the worst. `events` reach back
 * before `fromMs`, so that what held at its beginning is known; a gateway that is silent since
 * says nothing of what came after, and neither does anybody of what comes after `nowMs`.
 */
export function uptimeOf(options: {
  backendId: string
  events: readonly BackendEvent[]
  nodes: readonly NodeReport[]
  fromMs: number
  toMs: number
  partMs: number
  nowMs: number
}): Uptime {
  const { fromMs, toMs, partMs } = options
  const lanes = lanesOf(options)
  const edges = new Set([fromMs, toMs])
  for (let at = fromMs; at < toMs; at += partMs) edges.add(at)
  for (const lane of lanes) {
    for (const interval of lane) {
      edges.add(Math.min(toMs, Math.max(fromMs, interval.fromMs)))
      edges.add(Math.min(toMs, Math.max(fromMs, interval.toMs)))
    }
  }
  const sorted = [...edges].sort((a, b) => a - b)
  const places = lanes.map(() => 0)
  const parts: UptimePart[] = []
  const spent: Record<UptimeState, number> = { unknown: 0, off: 0, up: 0, degraded: 0, down: 0 }
  for (const [index, beginMs] of sorted.entries()) {
    const endMs = sorted[index + 1]
    if (endMs === undefined) break
    const state = worstAt(lanes, places, beginMs)
    spent[state] += endMs - beginMs
    addToParts(parts, { beginMs, endMs, state, ...options })
  }
  const known = spent.up + spent.degraded + spent.down
  return {
    parts,
    upShare: known === 0 ? null : (spent.up + spent.degraded) / known,
    downMs: spent.down,
  }
}

/** What each gateway said, one after another. */
function lanesOf(options: {
  backendId: string
  events: readonly BackendEvent[]
  nodes: readonly NodeReport[]
  nowMs: number
}): Interval[][] {
  const { backendId, events, nodes, nowMs } = options
  const own = events.filter((event) => event.backendId === backendId)
  const ids = new Set([...own.map((event) => event.nodeId), ...nodes.map((node) => node.id)])
  return [...ids].map((id) => {
    const node = nodes.find((one) => one.id === id)
    const said = own.filter((event) => event.nodeId === id)
    const endMs = node === undefined ? (said.at(-1)?.atMs ?? 0) : endOf(node, nowMs)
    const changes = withReport(
      said,
      node?.backends.find((one) => one.id === backendId),
    )
    return changes.map(({ atMs, health }, index) => ({
      fromMs: atMs,
      toMs: changes[index + 1]?.atMs ?? Math.max(atMs, endMs),
      state: stateOf(health),
    }))
  })
}

const silentMs = 10_000

function endOf(node: NodeReport, nowMs: number): number {
  return nowMs - node.seenAtMs < silentMs ? nowMs : node.seenAtMs
}

/** What never changed since we look has no event, but a report that says since when. */
function withReport(
  said: readonly { atMs: number; health: BackendHealthState }[],
  report: BackendReport | undefined,
): readonly { atMs: number; health: BackendHealthState }[] {
  if (said.length > 0 || report === undefined || report.sinceMs <= 0) return said
  return [{ atMs: report.sinceMs, health: report.health }]
}

const rank: Record<UptimeState, number> = { unknown: 0, off: 1, up: 2, degraded: 3, down: 4 }

function worstAt(lanes: readonly Interval[][], places: number[], atMs: number): UptimeState {
  let worst: UptimeState = 'unknown'
  for (const [index, lane] of lanes.entries()) {
    let place = places[index] ?? 0
    while ((lane[place]?.toMs ?? Number.POSITIVE_INFINITY) <= atMs) place++
    places[index] = place
    const interval = lane[place]
    if (interval === undefined || interval.fromMs > atMs) continue
    if (rank[interval.state] > rank[worst]) worst = interval.state
  }
  return worst
}

function addToParts(
  parts: UptimePart[],
  at: {
    beginMs: number
    endMs: number
    state: UptimeState
    fromMs: number
    toMs: number
    partMs: number
  },
): void {
  const fromMs = at.fromMs + Math.floor((at.beginMs - at.fromMs) / at.partMs) * at.partMs
  let part = parts.at(-1)
  if (part === undefined || part.fromMs !== fromMs) {
    part = { fromMs, toMs: Math.min(at.toMs, fromMs + at.partMs), state: at.state, downMs: 0 }
    parts.push(part)
  }
  if (rank[at.state] > rank[part.state]) part.state = at.state
  if (at.state === 'down') part.downMs += at.endMs - at.beginMs
}

function stateOf(health: BackendHealthState): UptimeState {
  switch (health) {
    case 'healthy':
      return 'up'
    case 'degraded':
      return 'degraded'
    case 'unhealthy':
      return 'down'
    case 'draining':
    case 'disabled':
      return 'off'
    case 'unknown':
      return 'unknown'
  }
}

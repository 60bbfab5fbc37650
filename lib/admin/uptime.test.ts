import { describe, expect, it } from 'vitest'
import type { BackendHealthState, NodeReport } from '@/lib/db/contract'
import { uptimeOf } from './uptime'

const hourMs = 3_600_000
const nowMs = Date.UTC(2026, 9, 26, 12)
const window = { backendId: 'b', fromMs: nowMs - 4 * hourMs, toMs: nowMs, partMs: hourMs, nowMs }

const event = (hoursAgo: number, health: BackendHealthState, nodeId = 'n1') => ({
  backendId: 'b',
  nodeId,
  atMs: nowMs - hoursAgo * hourMs,
  health,
  error: null,
})
function node(id: string, seenHoursAgo: number, health?: BackendHealthState): NodeReport {
  return {
    id,
    role: 'all',
    version: '0.1.0',
    startedAtMs: 0,
    seenAtMs: nowMs - seenHoursAgo * hourMs,
    inFlight: 0,
    journalLagRecords: 0,
    eventLoopDelayMs: 0,
    backends: health === undefined ? [] : [report(health)],
  }
}
function report(health: BackendHealthState): NodeReport['backends'][number] {
  return {
    id: 'b',
    health,
    sinceMs: nowMs - 9 * hourMs,
    downSinceMs: null,
    downtimeTotalMs: 0,
    latencyMs: 1,
    lastError: null,
    version: null,
    inFlight: 0,
    circuit: 'closed',
    loaded: [],
  }
}
const states = (found: ReturnType<typeof uptimeOf>) => found.parts.map((part) => part.state)

describe('uptime', () => {
  it('begins with what held before, and shows each part by its worst', () => {
    const events = [event(9, 'healthy'), event(2.5, 'unhealthy'), event(2.25, 'healthy')]
    const found = uptimeOf({ ...window, events, nodes: [node('n1', 0)] })
    expect(states(found)).toEqual(['up', 'down', 'up', 'up'])
    expect(found.downMs).toBe(hourMs / 4)
    expect(found.parts[1]?.downMs).toBe(hourMs / 4)
    expect(found.upShare).toBe(1 - 0.25 / 4)
  })

  it('leaves a gap where no gateway looked', () => {
    const events = [event(3, 'healthy')]
    const found = uptimeOf({ ...window, events, nodes: [node('n1', 1)] })
    expect(states(found)).toEqual(['unknown', 'up', 'up', 'unknown'])
    expect(found.upShare).toBe(1)
    expect(uptimeOf({ ...window, events: [], nodes: [] })).toMatchObject({ upShare: null })
  })

  it('takes the word of the gateway that sees it worst, and counts no time that was wanted', () => {
    const events = [
      event(9, 'healthy', 'n1'),
      event(9, 'healthy', 'n2'),
      event(3, 'unhealthy', 'n2'),
      event(2, 'healthy', 'n2'),
      event(1, 'draining', 'n1'),
      event(1, 'draining', 'n2'),
    ]
    const found = uptimeOf({ ...window, events, nodes: [node('n1', 0), node('n2', 0)] })
    expect(states(found)).toEqual(['up', 'down', 'up', 'off'])
    expect(found.upShare).toBeCloseTo(2 / 3)
  })

  it('reads from its report what never changed', () => {
    const found = uptimeOf({ ...window, events: [], nodes: [node('n1', 0, 'degraded')] })
    expect(states(found)).toEqual(['degraded', 'degraded', 'degraded', 'degraded'])
  })
})

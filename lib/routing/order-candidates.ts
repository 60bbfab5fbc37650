import type { Strategy } from '@/lib/schemas/entities'
import type { BackendView, Candidate } from './contract'
import { estimateDelayMs } from './estimate-delay'

/** A candidate on the way to its place. */
export type Placeable = Candidate & {
  /** Place of its model in an alias's chain. */
  targetIndex: number
  normalizedModel: string | null
  needGb: () => number
}

/**
 * Puts candidates in the order of trying: an alias's first target before its second; healthy,
 * then not yet probed, then degraded; a free slot before none; then the strategy (D4). Equals
 * take turns within their own group, so that a filtered list is shared out as evenly as a whole.
 */
export function orderCandidates(
  candidates: Placeable[],
  by: { strategy: Strategy; turn: number; random: number },
): Placeable[] {
  if (candidates.length < 2) return candidates
  const placed = candidates.map((candidate) => ({
    candidate,
    keys: [...commonKeys(candidate, by.strategy), ...strategyKeys(candidate, by.strategy)],
  }))
  placed.sort((a, b) => compareKeys(a.keys, b.keys))

  const ordered: Placeable[] = []
  for (let start = 0; start < placed.length; ) {
    let end = start + 1
    const first = placed[start]
    while (first && end < placed.length && compareKeys(first.keys, placed[end]?.keys ?? []) === 0) {
      end++
    }
    const equals = placed.slice(start, end).map(({ candidate }) => candidate)
    ordered.push(...shareOut(equals, by))
    start = end
  }
  return ordered
}

function busyShare(backend: BackendView): number {
  return backend.inFlight / Math.max(1, backend.maxParallel)
}

function hasFreeSlot(backend: BackendView): boolean {
  return backend.inFlight < backend.maxParallel
}

function commonKeys({ backend, targetIndex }: Placeable, strategy: Strategy): number[] {
  const health = backend.health === 'degraded' ? 2 : backend.health === 'unknown' ? 1 : 0
  // Warm-first weighs a wait for a slot against a load itself.
  const full = strategy !== 'warm-first' && !hasFreeSlot(backend) ? 1 : 0
  return [targetIndex, health, full]
}

function strategyKeys(candidate: Placeable, strategy: Strategy): number[] {
  const { backend } = candidate
  switch (strategy) {
    case 'warm-first':
      return [estimateDelayMs(candidate), busyShare(backend), backend.priority]
    case 'least-busy':
      return [busyShare(backend), backend.priority]
    case 'priority':
      return [backend.priority, busyShare(backend)]
    case 'fastest':
      // One that was never seen is tried first: else it would never be seen.
      return [backend.timeToFirstTokenMs ?? 0, busyShare(backend), backend.priority]
    case 'round-robin':
    case 'random':
    case 'weighted':
      return []
  }
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function shareOut(
  equals: Placeable[],
  { strategy, turn, random }: { strategy: Strategy; turn: number; random: number },
): Placeable[] {
  if (equals.length < 2) return equals
  if (strategy === 'random') return drawInTurn(equals, () => 1, random)
  if (strategy === 'weighted') return drawInTurn(equals, weightOf, random)
  const from = Math.abs(Math.trunc(turn)) % equals.length
  return [...equals.slice(from), ...equals.slice(0, from)]
}

const weightOf = ({ backend }: Placeable) => Math.max(0, backend.weight)

/** Draws one after another, each with the chance of its weight among those left. */
function drawInTurn(
  equals: Placeable[],
  weigh: (candidate: Placeable) => number,
  random: number,
): Placeable[] {
  const left = [...equals]
  const drawn: Placeable[] = []
  let chance = random
  while (left.length > 0) {
    let point = chance * left.reduce((sum, candidate) => sum + weigh(candidate), 0)
    let index = left.findIndex((candidate) => {
      point -= weigh(candidate)
      return point < 0
    })
    if (index < 0) index = left.length - 1
    drawn.push(...left.splice(index, 1))
    chance = nextChance(chance)
  }
  return drawn
}

/** A further number of [0, 1) out of one: a step of a linear congruential generator. */
function nextChance(chance: number): number {
  const step = (Math.floor(chance * 0x7fffffff) * 48_271 + 11) % 0x7fffffff
  return step / 0x7fffffff
}

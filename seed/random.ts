/** Chance that comes the same way again: mulberry32. */
export type Random = {
  /** 0 to 1. */
  next(): number
  between(low: number, high: number): number
  /** Skewed to the right, as sizes and times are: half lie below the median. */
  around(median: number, spread: number): number
  pick<T>(items: readonly Weighted<T>[]): T
}
export type Weighted<T> = { item: T; weight: number }

export function makeRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    around(median, spread) {
      // Three throws are near enough to a normal one.
      const normal = (next() + next() + next() - 1.5) * 2
      return median * Math.exp(normal * spread)
    },
    pick(items) {
      let rest = next() * items.reduce((sum, { weight }) => sum + weight, 0)
      for (const { item, weight } of items) {
        rest -= weight
        if (rest < 0) return item
      }
      const last = items[items.length - 1]
      if (last === undefined) throw new Error('nothing to pick from')
      return last.item
    },
  }
}

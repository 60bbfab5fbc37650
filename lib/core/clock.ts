// As a global it is a getter, asked for anew each time.
import { performance } from 'node:perf_hooks'

/** Time as an argument: `nowMs` is wall time since the epoch, `monotonicMs` never goes back. */
export type Clock = {
  nowMs(): number
  monotonicMs(): number
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}

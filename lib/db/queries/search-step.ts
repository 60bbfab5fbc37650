const stepMin = 200
// Read from memory these take 4 ms; from a cold disk, of which the step before knew nothing, 0.4 s.
const stepMax = 4000
const growthMax = 4

/** Of the first step nothing is known yet: a cold disk takes 0.1 ms a row. */
export const firstStep = 1000
/** How long a step should last: whoever else waits for the database comes in between. */
export const stepMs = 20

/**
 * How many rows the next step may look at, by how long the last one took: so many that it lasts
 * 20 ms, and no longer than what is left of the time.
 */
export function nextStep(last: { step: number; tookMs: number; leftMs: number }): number {
  const rowsInMs = last.step / Math.max(last.tookMs, 0.1)
  const wanted = Math.floor(rowsInMs * Math.min(stepMs, last.leftMs))
  return Math.max(stepMin, Math.min(wanted, last.step * growthMax, stepMax))
}

/**
 * Runs `work` as soon as everything that had arrived by now was read. Under load many requests are
 * ready at once: each of their steps then runs for one after the other, while its code and data are
 * in the processor's caches, where each request alone would fetch them anew. Where work comes one
 * at a time it runs at once, but for a look now and then. `work` must not throw.
 */
export function inNextTurn(work: () => void): void {
  if (untilLook > 0) {
    untilLook--
    work()
    return
  }
  waiting.push(work)
  if (waiting.length === 1) setImmediate(runWaiting)
}

const lookEvery = 8
let untilLook = 0
let waiting: (() => void)[] = []

function runWaiting(): void {
  const now = waiting
  waiting = []
  if (now.length === 1) untilLook = lookEvery
  for (const work of now) work()
}

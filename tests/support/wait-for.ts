/**
 * Waits for a condition that another part brings about; says so when it never comes. Asks less
 * often the longer it takes and the more an answer costs: others need the processor.
 */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  options: { timeoutMs?: number; what?: string } = {},
): Promise<void> {
  const { timeoutMs = 10_000, what = 'the condition' } = options
  const beganMs = performance.now()
  for (;;) {
    const askedMs = performance.now()
    if (await condition()) return
    const nowMs = performance.now()
    if (nowMs > beganMs + timeoutMs) throw new Error(`${what} did not come in ${timeoutMs} ms`)
    const waitMs = Math.min(10 + (nowMs - beganMs) / 20, 250)
    await new Promise((resolve) => setTimeout(resolve, Math.max(waitMs, 2 * (nowMs - askedMs))))
  }
}

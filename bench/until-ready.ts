import type { Target } from './load-contract'

const waitReadyMs = 120_000

/** Asks until the answer is 200. Throws when that takes too long. */
export async function untilReady({ port, headers }: Target, at: string): Promise<void> {
  const untilMs = performance.now() + waitReadyMs
  for (;;) {
    const status = await fetch(`http://127.0.0.1:${port}${at}`, {
      headers,
      signal: AbortSignal.timeout(waitReadyMs),
    }).then(
      async (answer) => answer.text().then(() => answer.status),
      () => 0,
    )
    if (status === 200) return
    if (performance.now() > untilMs) throw new Error(`port ${port} does not answer ${at}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

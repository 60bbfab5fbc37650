/** True after `ms`; false as soon as the signal fires. A process may end while this waits. */
export function waitUnlessAborted(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(true), ms)
    timer.unref()
    const onAbort = () => end(false)
    signal.addEventListener('abort', onAbort, { once: true })
    function end(waited: boolean) {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      resolve(waited)
    }
  })
}

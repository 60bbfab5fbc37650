export type PacedRead = {
  /** Resolves after a reading that begins after this call; waits for its turn. */
  ask(): Promise<void>
  /** Joins what is under way or waiting; a reading that began within the gap is new enough. */
  join(): Promise<void>
  stop(): void
}

/**
 * Runs `read` one at a time and begins at most one in `gapMs`; everyone who asks meanwhile shares
 * the next. `read` handles its own failures; asking never rejects. `nowMs` is monotonic.
 */
export function createPacedRead(options: {
  read: () => Promise<void>
  gapMs: number
  nowMs: () => number
}): PacedRead {
  let beganMs = Number.NEGATIVE_INFINITY
  let running: Promise<void> | null = null
  let waiting: { promise: Promise<void>; resolve: () => void } | null = null
  let timer: NodeJS.Timeout | null = null
  let stopped = false

  const begin = () => {
    timer = null
    const turn = waiting
    waiting = null
    beganMs = options.nowMs()
    running = options
      .read()
      .catch(() => undefined)
      .then(() => {
        running = null
        turn?.resolve()
        if (waiting !== null) scheduleTurn()
      })
  }
  const scheduleTurn = () => {
    if (stopped || timer !== null || running !== null) return
    const waitMs = beganMs + options.gapMs - options.nowMs()
    if (waitMs <= 0) begin()
    else timer = setTimeout(begin, waitMs)
  }
  const ask = () => {
    if (stopped) return Promise.resolve()
    if (waiting === null) waiting = turnOf()
    const { promise } = waiting
    scheduleTurn()
    return promise
  }

  return {
    ask,
    join() {
      if (waiting !== null) return waiting.promise
      if (running !== null) return running
      if (options.nowMs() - beganMs < options.gapMs) return Promise.resolve()
      return ask()
    },
    stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      timer = null
      waiting?.resolve()
      waiting = null
    },
  }
}

function turnOf(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

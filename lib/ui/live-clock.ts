/** Asks again and again, in step with what the page does. Nothing of the browser is named here. */
export type LiveClock = {
  /** Registers a poll; the answer ends it. */
  add: (poll: LivePoll) => () => void
  pause: () => void
  resume: () => void
  /** The page was hidden, or is seen again: hidden pages ask nothing, and catch up on return. */
  hide: () => void
  show: () => void
  /** Asks now, out of turn: a person acted. */
  hurry: () => void
}

export type LivePoll = { run: () => Promise<void>; intervalMs: number }

export type Ticking = {
  now: () => number
  random: () => number
  /** Calls back once; the answer calls it off. */
  after: (ms: number, act: () => void) => () => void
}

const jitter = 0.15

/** One clock for all polls of a page: they run together, so that one round costs one wake. */
export function makeLiveClock(ticking: Ticking): LiveClock {
  const polls = new Map<LivePoll, { dueMs: number; isRunning: boolean }>()
  let isPaused = false
  let isHidden = false
  let callOff = () => {}

  const plan = () => {
    callOff()
    if (isPaused || isHidden || polls.size === 0) return
    const dues = [...polls.values()].filter(({ isRunning }) => !isRunning).map(({ dueMs }) => dueMs)
    if (dues.length === 0) return
    callOff = ticking.after(Math.max(0, Math.min(...dues) - ticking.now()), round)
  }

  const round = () => {
    const now = ticking.now()
    for (const [poll, state] of polls) {
      if (state.isRunning || state.dueMs > now + poll.intervalMs * 0.1) continue
      state.isRunning = true
      const settle = () => {
        state.isRunning = false
        state.dueMs = ticking.now() + poll.intervalMs * (1 + (ticking.random() * 2 - 1) * jitter)
        plan()
      }
      poll.run().then(settle, settle)
    }
    plan()
  }

  const hurry = () => {
    for (const state of polls.values()) state.dueMs = ticking.now()
    plan()
  }

  return {
    add: (poll) => {
      polls.set(poll, { dueMs: ticking.now() + poll.intervalMs, isRunning: false })
      plan()
      return () => {
        polls.delete(poll)
        plan()
      }
    },
    pause: () => {
      isPaused = true
      callOff()
    },
    resume: () => {
      isPaused = false
      hurry()
    },
    hide: () => {
      isHidden = true
      callOff()
    },
    show: () => {
      isHidden = false
      plan()
    },
    hurry,
  }
}

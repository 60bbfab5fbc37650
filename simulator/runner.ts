import { setMaxListeners } from 'node:events'
import type { LoadedModel } from './machine'
import type { StoredModel } from './model-store'
import { commonPrefixLength } from './text-tokens'
import { waitFor } from './wait'

type RunnerOptions = {
  model: StoredModel
  slots: number
  contextLength: number
  keepAliveMs: number
  onGone(runner: Runner): void
}

type Slot = { isBusy: boolean; text: string }
type TakenSlot = { cachedChars: number; release(text: string): void }

const CACHED_CHARS_MAX = 262_144
const TIMER_MS_MAX = 2_000_000_000

/** One loaded model: its slots with their prompt caches, who waits for one, and its last hour. */
export type Runner = {
  readonly model: StoredModel
  readonly contextLength: number
  readonly keepAliveMs: number
  readonly isReady: boolean
  readonly isBusy: boolean
  readonly crashed: AbortSignal
  ready(): void
  refer(keepAliveMs: number | undefined): void
  unrefer(): void
  takeSlot(prompt: string, signal: AbortSignal): Promise<TakenSlot>
  expire(): void
  crash(): void
  untilGone(signal: AbortSignal): Promise<void>
  describe(): LoadedModel
}

export function createRunner(options: RunnerOptions): Runner {
  const slots: Slot[] = Array.from({ length: options.slots }, () => ({ isBusy: false, text: '' }))
  const waiters: ((slot: Slot) => void)[] = []
  const mourners = new Set<() => void>()
  const crash = new AbortController()
  // Every answer of the runner listens, and there may be any number.
  setMaxListeners(0, crash.signal)
  let references = 0
  let state: 'loading' | 'ready' | 'gone' = 'loading'
  let keepAliveMs = options.keepAliveMs
  let expiresAt = 0
  let timer: NodeJS.Timeout | undefined

  const gone = () => {
    clearTimeout(timer)
    state = 'gone'
    options.onGone(runner)
    for (const mourn of mourners) mourn()
    mourners.clear()
  }

  const startTimer = () => {
    clearTimeout(timer)
    expiresAt = Date.now() + keepAliveMs
    if (keepAliveMs <= 0) return gone()
    if (keepAliveMs > TIMER_MS_MAX) return
    timer = setTimeout(gone, keepAliveMs)
    timer.unref()
  }

  const selectSlot = (prompt: string): Slot | undefined =>
    slots
      .filter((slot) => !slot.isBusy)
      .map((slot) => ({ slot, shared: commonPrefixLength(slot.text, prompt) }))
      .sort((a, b) => b.shared - a.shared)[0]?.slot

  const occupy = (slot: Slot, prompt: string): TakenSlot => {
    slot.isBusy = true
    return {
      cachedChars: commonPrefixLength(slot.text, prompt),
      release: (text) => {
        slot.text = text.slice(0, CACHED_CHARS_MAX)
        const waiter = waiters.shift()
        if (waiter) waiter(slot)
        else slot.isBusy = false
      },
    }
  }

  const runner: Runner = {
    model: options.model,
    contextLength: options.contextLength,
    get keepAliveMs() {
      return keepAliveMs
    },
    get isReady() {
      return state === 'ready'
    },
    get isBusy() {
      return references > 0
    },
    crashed: crash.signal,
    ready: () => {
      state = 'ready'
    },
    refer: (asked) => {
      references += 1
      if (asked !== undefined) keepAliveMs = asked
      clearTimeout(timer)
      expiresAt = Date.now() + keepAliveMs
    },
    unrefer: () => {
      references -= 1
      if (references === 0 && state !== 'gone') startTimer()
    },
    takeSlot: async (prompt, signal) => {
      signal.throwIfAborted()
      const free = selectSlot(prompt)
      if (free) return occupy(free, prompt)
      const slot = await waitFor<Slot>(AbortSignal.any([signal, crash.signal]), (resolve) => {
        waiters.push(resolve)
        return () => {
          const index = waiters.indexOf(resolve)
          if (index >= 0) waiters.splice(index, 1)
        }
      })
      return occupy(slot, prompt)
    },
    expire: () => {
      keepAliveMs = 0
      if (references === 0) gone()
    },
    crash: () => {
      gone()
      crash.abort(new RunnerCrash())
    },
    untilGone: (signal) =>
      state === 'gone'
        ? Promise.resolve()
        : waitFor<void>(signal, (resolve) => {
            mourners.add(resolve)
            return () => mourners.delete(resolve)
          }),
    describe: () => ({
      model: options.model,
      contextLength: options.contextLength,
      expiresAt,
      busySlots: slots.filter((slot) => slot.isBusy).length,
      slots: slots.length,
      waiting: waiters.length,
    }),
  }

  return runner
}

/** The model's process died while somebody waited for its tokens. */
export class RunnerCrash extends Error {
  constructor() {
    super('an error was encountered while running the model: unexpected EOF')
  }
}

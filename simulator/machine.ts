import type { StoredModel } from './model-store'
import { canEmbed } from './model-store'
import { createRunner, type Runner } from './runner'
import { Refusal } from './versions'
import { wait } from './wait'

export type MachineOptions = {
  memoryBytes: number
  parallel: number
  maxQueue: number
  keepAliveMs: number
  loadMs: number
  contextLength: number
}

/** What a request wants of the machine. */
export type Claim = {
  model: StoredModel
  numCtx: number | undefined
  keepAliveMs: number | undefined
  prompt: string
  signal: AbortSignal
}

/** A slot of a loaded model, held until `release`. */
export type Lease = {
  runner: Runner
  /** Characters of the prompt that the slot still had in its cache. */
  cachedChars: number
  /** From the arrival of the claim until the model was ready; the wait for a slot is not in it. */
  loadMs: number
  /** Aborted when the model's process dies. */
  crashed: AbortSignal
  release(textInSlot: string): void
}

export type LoadedModel = {
  model: StoredModel
  contextLength: number
  expiresAt: number
  busySlots: number
  slots: number
  waiting: number
}

export const BUSY = 'server busy, please try again.  maximum pending requests exceeded'

type Pending = { claim: Claim; resolve(runner: Runner): void; reject(error: unknown): void }

/**
 * The memory of one machine and who may use it, as Ollama's scheduler decides it: requests for a
 * loaded model pass at once and wait for a slot without bound; all others wait in one bounded
 * queue, are loaded one at a time, and may have to wait until another model can be put out.
 */
export class Machine {
  readonly #options: MachineOptions
  readonly #runners = new Map<string, Runner>()
  readonly #pending: Pending[] = []
  #isScheduling = false
  #loads = 0

  constructor(options: MachineOptions) {
    this.#options = options
  }

  /** Throws `Refusal` 503 when the queue is full and 500 when the model can never fit. */
  async take(claim: Claim): Promise<Lease> {
    const startedAt = performance.now()
    const ready = this.#findReady(claim)
    if (ready) ready.refer(claim.keepAliveMs)
    const runner = ready ?? (await this.#enqueue(claim))
    const loadMs = performance.now() - startedAt
    try {
      const slot = await runner.takeSlot(claim.prompt, claim.signal)
      let isReleased = false
      return {
        runner,
        loadMs,
        cachedChars: slot.cachedChars,
        crashed: runner.crashed,
        release: (textInSlot) => {
          if (isReleased) return
          isReleased = true
          slot.release(textInSlot)
          runner.unrefer()
        },
      }
    } catch (error) {
      runner.unrefer()
      throw error
    }
  }

  /** Puts a model out once nobody uses it; what runs may end. */
  unload(model: StoredModel): void {
    const runner = this.#runners.get(model.digest)
    if (runner) runner.expire()
  }

  /** The model's process dies: everyone who waits for a token of it gets the news. */
  crash(model: StoredModel): void {
    const runner = this.#runners.get(model.digest)
    if (!runner) return
    this.#runners.delete(model.digest)
    runner.crash()
  }

  loaded(): LoadedModel[] {
    return [...this.#runners.values()]
      .filter((runner) => runner.isReady)
      .map((runner) => runner.describe())
      .sort((a, b) => b.expiresAt - a.expiresAt)
  }

  /** Requests that wait to be scheduled, the one at its turn not counted. */
  get queueLength(): number {
    return this.#pending.length
  }

  /** How often a model was loaded since the start. */
  get loads(): number {
    return this.#loads
  }

  stop(): void {
    for (const pending of this.#pending.splice(0)) pending.reject(new Refusal(503, BUSY))
    for (const runner of this.#runners.values()) runner.crash()
    this.#runners.clear()
  }

  #findReady(claim: Claim): Runner | null {
    const runner = this.#runners.get(claim.model.digest)
    const isFit = runner?.isReady && this.#contextOf(claim, runner) === runner.contextLength
    return isFit ? runner : null
  }

  #enqueue(claim: Claim): Promise<Runner> {
    if (this.#pending.length >= this.#options.maxQueue && this.#isScheduling) {
      throw new Refusal(503, BUSY)
    }
    return new Promise((resolve, reject) => {
      this.#pending.push({ claim, resolve, reject })
      claim.signal.addEventListener('abort', () => reject(claim.signal.reason), { once: true })
      void this.#schedule()
    })
  }

  // A request whose client has left keeps its place in the queue until its turn, as in Ollama.
  async #schedule(): Promise<void> {
    if (this.#isScheduling) return
    this.#isScheduling = true
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
      if (next.claim.signal.aborted) continue
      try {
        const runner = await this.#makeReady(next.claim)
        // Referred to before anybody else has a turn, or the next request could put it out.
        runner.refer(next.claim.keepAliveMs)
        if (next.claim.signal.aborted) runner.unrefer()
        else next.resolve(runner)
      } catch (error) {
        next.reject(error)
      }
    }
    this.#isScheduling = false
  }

  async #makeReady(claim: Claim): Promise<Runner> {
    const { digest, sizeBytes } = claim.model
    const { memoryBytes } = this.#options
    if (sizeBytes > memoryBytes) {
      throw new Refusal(
        500,
        `model requires more system memory (${renderGiB(sizeBytes)}) than is available (${renderGiB(memoryBytes)})`,
      )
    }
    for (;;) {
      claim.signal.throwIfAborted()
      const ready = this.#findReady(claim)
      if (ready) return ready
      const stale = this.#runners.get(digest)
      if (stale) await this.#putOut(stale, claim.signal)
      else if (this.#usedBytes() + sizeBytes <= memoryBytes) return this.#load(claim)
      else await this.#putOut(this.#selectVictim(), claim.signal)
    }
  }

  async #load(claim: Claim): Promise<Runner> {
    const { model } = claim
    const runner = createRunner({
      model,
      slots: canEmbed(model) ? 1 : this.#options.parallel,
      contextLength: this.#contextOf(claim, undefined),
      keepAliveMs: claim.keepAliveMs ?? this.#options.keepAliveMs,
      onGone: (gone) => {
        if (this.#runners.get(model.digest) === gone) this.#runners.delete(model.digest)
      },
    })
    this.#runners.set(model.digest, runner)
    try {
      await wait(model.loadMs ?? this.#options.loadMs, claim.signal)
    } catch (error) {
      this.#runners.delete(model.digest)
      throw error
    }
    this.#loads += 1
    runner.ready()
    return runner
  }

  #selectVictim(): Runner {
    const [victim] = [...this.#runners.values()].sort(
      (a, b) => Number(a.isBusy) - Number(b.isBusy) || a.keepAliveMs - b.keepAliveMs,
    )
    if (!victim) throw new Error('memory is full and nothing is loaded')
    return victim
  }

  async #putOut(runner: Runner, signal: AbortSignal): Promise<void> {
    runner.expire()
    await runner.untilGone(signal)
  }

  // Without `num_ctx` a request takes the model with whatever context it was loaded.
  #contextOf(claim: Claim, runner: Runner | undefined): number {
    const asked = claim.numCtx ?? runner?.contextLength ?? this.#options.contextLength
    return Math.min(asked, claim.model.contextLength)
  }

  #usedBytes(): number {
    let used = 0
    for (const runner of this.#runners.values()) used += runner.model.sizeBytes
    return used
  }
}

function renderGiB(bytes: number): string {
  return bytes >= 1024 ** 3
    ? `${(bytes / 1024 ** 3).toFixed(1)} GiB`
    : `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}

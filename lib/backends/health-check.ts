import type { BackendKind } from '@/lib/schemas/entities'
import type { HealthState } from './health-state'
import type { Prober, ProbeTarget } from './probe'
import { renderFailure } from './render-failure'

export type HealthCheckPlan = {
  kind: BackendKind
  /** Null is an address that cannot be used. */
  target: ProbeTarget | null
  method: 'GET' | 'HEAD'
  path: string
  timeoutMs: number
  degradedMs: number
}
export type HealthCheck = {
  /** Begins a check unless one is under way; the next regular one counts from here. */
  checkNow(): void
  /** Gives up the check under way and begins another: the plan is about another machine now. */
  restart(): void
  /** Applies a changed interval to a check that is waiting. */
  reschedule(): void
  stop(): void
}

/**
 * Checks one backend for ever, jittered by ±10 %, one check at a time: a silent backend never has
 * more than one question open. `plan` is read for each check and null skips one; `onResult`
 * follows every change of evidence.
 */
export function createHealthCheck(options: {
  plan: () => HealthCheckPlan | null
  intervalMs: () => number
  prober: Prober
  state: HealthState
  random: () => number
  monotonicMs: () => number
  onResult: () => void
}): HealthCheck {
  let stopped = false
  let timer: NodeJS.Timeout | null = null
  let running: AbortController | null = null
  let beganMs = options.monotonicMs()

  const schedule = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (stopped || running !== null) return
    const intervalMs = options.intervalMs() * (0.9 + 0.2 * options.random())
    timer = setTimeout(check, Math.max(0, beganMs + intervalMs - options.monotonicMs()))
  }
  const check = () => {
    if (stopped || running !== null) return
    beganMs = options.monotonicMs()
    const plan = options.plan()
    if (plan === null) return schedule()
    running = new AbortController()
    runCheck(plan, running.signal).finally(() => {
      running = null
      schedule()
    })
  }
  const runCheck = async (plan: HealthCheckPlan, signal: AbortSignal) => {
    const slow = setTimeout(() => {
      options.state.slowCheck()
      options.onResult()
    }, plan.degradedMs)
    const verdict = await askHealth(plan, options.prober, signal)
    clearTimeout(slow)
    if (signal.aborted) return
    const nowMs = options.monotonicMs()
    if (verdict.error === null) options.state.goodCheck(verdict.latencyMs, nowMs)
    else options.state.badCheck(verdict.error, nowMs)
    options.onResult()
  }

  return {
    checkNow: check,
    restart() {
      beganMs = Number.NEGATIVE_INFINITY
      if (running === null) check()
      else running.abort()
    },
    reschedule: schedule,
    stop() {
      stopped = true
      running?.abort()
      if (timer !== null) clearTimeout(timer)
    },
  }
}

type Verdict = { error: null; latencyMs: number } | { error: string }

async function askHealth(
  plan: HealthCheckPlan,
  prober: Prober,
  signal: AbortSignal,
): Promise<Verdict> {
  if (plan.target === null) return { error: 'has an address that cannot be used' }
  try {
    const { status, latencyMs } = await prober.probe({
      target: plan.target,
      method: plan.method,
      path: plan.path,
      timeoutMs: plan.timeoutMs,
      bodyBytesMax: 0,
      signal,
    })
    if (isGoodStatus(plan.kind, status)) return { error: null, latencyMs }
    return { error: `answered ${status}` }
  } catch (error) {
    return { error: renderFailure(error) }
  }
}

/** Other kinds have no page at `/`: any answer of theirs that is no failure and no refusal will do. */
function isGoodStatus(kind: BackendKind, status: number): boolean {
  if (kind === 'ollama') return status >= 200 && status < 400
  return status < 500 && status !== 401 && status !== 403
}

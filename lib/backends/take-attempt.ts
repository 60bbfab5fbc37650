import { normalizeModelName } from '@/lib/core/model-name'
import type { AttemptCounts } from './attempt-counts'
import type { AttemptRate } from './attempt-rate'
import type { BackendModels } from './backend-models'
import type { Circuit } from './circuit'
import type { AttemptLease, AttemptOutcome } from './contract'
import type { HealthState } from './health-state'
import type { LearnedTimes } from './learned-times'
import type { ModelCircuits } from './model-circuits'

export type AttemptParts = {
  monotonicMs: () => number
  /** What stands behind the name now: news of an older one are no news. */
  machine: () => unknown
  counts: AttemptCounts
  rate: AttemptRate
  circuit: Circuit
  modelCircuits: ModelCircuits
  health: HealthState
  learned: LearnedTimes
  models: BackendModels
  noticeHealth: () => void
  checkNow: () => void
  /** The last attempt in flight ended. */
  onIdle: () => void
}

/** Counts one attempt on a backend and gives the lease through which it tells how it went. */
export function takeAttempt(modelAsked: string | null, parts: AttemptParts): AttemptLease {
  const { monotonicMs, counts, rate, circuit, modelCircuits, health, learned, models } = parts
  const beganMs = monotonicMs()
  const machine = parts.machine()
  const model = modelAsked === null ? null : normalizeModelName(modelAsked)
  const modelTicket = model === null ? null : modelCircuits.take(model, beganMs)
  let ticket = circuit.take(beganMs)
  let answered = false
  let finished = false
  rate.count(beganMs)
  counts.take(model)
  if (counts.inFlight === 1) models.noteBusy()

  const noteAnswer = () => {
    if (answered || finished || machine !== parts.machine()) return
    answered = true
    ticket = circuit.report(ticket, 'success', monotonicMs())
    health.goodTraffic(beganMs, monotonicMs())
    parts.noticeHealth()
  }
  const learn = (outcome: AttemptOutcome) => {
    const endedMs = monotonicMs()
    switch (outcome.kind) {
      case 'answered': {
        noteAnswer()
        const { timeToFirstTokenMs } = outcome
        learned.learn({ timeToFirstTokenMs, requestMs: endedMs - beganMs })
        const ranModel = outcome.ranModel ?? timeToFirstTokenMs !== null
        if (ranModel && model !== null) models.markLoaded(model)
        break
      }
      case 'failed':
        circuit.report(ticket, 'failure', endedMs)
        health.badTraffic(outcome.error)
        if (health.current !== 'unhealthy') parts.checkNow()
        break
      case 'out_of_memory':
        circuit.report(ticket, 'nothing', endedMs)
        models.askLoaded()
        break
      case 'neutral':
        circuit.report(ticket, 'nothing', endedMs)
        break
    }
    if (model !== null) modelCircuits.report(model, modelTicket, modelReport(outcome), endedMs)
  }

  return {
    model: modelAsked,
    noteAnswer,
    finish(outcome) {
      if (finished) return
      if (machine === parts.machine()) learn(outcome)
      finished = true
      counts.release(model)
      if (counts.inFlight === 0) parts.onIdle()
    },
  }
}

function modelReport(outcome: AttemptOutcome): 'success' | 'out_of_memory' | 'nothing' {
  if (outcome.kind === 'out_of_memory') return 'out_of_memory'
  return outcome.kind === 'answered' ? 'success' : 'nothing'
}

export type CircuitRules = {
  /** Failures in a row, or within a minute, that open it. */
  failures: number
  /** How long it stays open; a trial that says nothing for as long has expired. */
  openMs: number
}
export type CircuitState = 'closed' | 'open' | 'half-open'
/** Held by one attempt; a report counts only for the period in which the ticket was taken. */
export type CircuitTicket = { readonly period: number; readonly trial: boolean }

export type AttemptReport = 'success' | 'failure' | 'nothing'

export type Circuit = {
  state(nowMs: number): CircuitState
  /** Whether an attempt may begin now. */
  allows(nowMs: number): boolean
  take(nowMs: number): CircuitTicket
  /** Returns the ticket for what else the same attempt may have to say. */
  report(ticket: CircuitTicket, outcome: AttemptReport, nowMs: number): CircuitTicket
  /** Closes it: what made it open is known to be over. */
  reset(): void
}

const windowMs = 60_000

/**
 * D11 as a state machine; `nowMs` is monotonic. It opens on failures in a row or within a minute,
 * admits one trial after `openMs`, and closes when that trial succeeds. Attempts that began before
 * it opened or closed say nothing any more: old streams that end well do not close it, and old
 * attempts that time out after a recovery do not open it.
 */
export function createCircuit(rules: () => CircuitRules): Circuit {
  let period = 0
  let openUntilMs: number | null = null
  let trialUntilMs: number | null = null
  let inARow = 0
  let failedAtMs: number[] = []

  const startPeriod = () => {
    period++
    trialUntilMs = null
    inARow = 0
    failedAtMs = []
  }
  const open = (nowMs: number) => {
    startPeriod()
    openUntilMs = nowMs + rules().openMs
  }
  const close = () => {
    startPeriod()
    openUntilMs = null
  }
  const state = (nowMs: number): CircuitState => {
    if (openUntilMs === null) return 'closed'
    return nowMs < openUntilMs ? 'open' : 'half-open'
  }
  const allows = (nowMs: number): boolean => {
    if (openUntilMs === null) return true
    return nowMs >= openUntilMs && (trialUntilMs === null || nowMs >= trialUntilMs)
  }
  const countFailure = (nowMs: number) => {
    const { failures } = rules()
    inARow++
    failedAtMs.push(nowMs)
    if (failedAtMs.length > failures) failedAtMs = failedAtMs.slice(-failures)
    const oldest = failedAtMs[0] ?? nowMs
    const manyInWindow = failedAtMs.length >= failures && nowMs - oldest < windowMs
    if (inARow >= failures || manyInWindow) open(nowMs)
  }

  return {
    state,
    allows,
    take(nowMs) {
      if (openUntilMs === null || !allows(nowMs)) return { period, trial: false }
      // A trial that expired must not speak for the one that follows it.
      period++
      trialUntilMs = nowMs + rules().openMs
      return { period, trial: true }
    },
    report(ticket, outcome, nowMs) {
      if (ticket.period !== period) return ticket
      if (openUntilMs === null) {
        if (outcome === 'success') inARow = 0
        if (outcome === 'failure') countFailure(nowMs)
        return ticket
      }
      if (!ticket.trial) return ticket
      if (outcome === 'failure') open(nowMs)
      else if (outcome === 'nothing') trialUntilMs = null
      else {
        close()
        return { period, trial: false }
      }
      return ticket
    },
    reset: close,
  }
}

import { type Circuit, type CircuitRules, type CircuitTicket, createCircuit } from './circuit'

export type ModelCircuits = {
  /** `model` is normalised. */
  allows(model: string, nowMs: number): boolean
  take(model: string, nowMs: number): CircuitTicket | null
  report(
    model: string,
    ticket: CircuitTicket | null,
    outcome: 'success' | 'out_of_memory' | 'nothing',
    nowMs: number,
  ): void
  reset(): void
}

const modelsMax = 256

/**
 * D11's second half: a model that ran a backend out of memory leaves that pair alone, nothing
 * else. One is enough: the same load will not fit a second later. Only models that failed have a
 * circuit here; the oldest makes room.
 */
export function createModelCircuits(openMs: () => number): ModelCircuits {
  const circuits = new Map<string, Circuit>()
  const rules = (): CircuitRules => ({ failures: 1, openMs: openMs() })

  const openFor = (model: string, nowMs: number) => {
    const circuit = createCircuit(rules)
    circuit.report(circuit.take(nowMs), 'failure', nowMs)
    circuits.set(model, circuit)
    const oldest = circuits.size > modelsMax ? circuits.keys().next().value : undefined
    if (oldest !== undefined) circuits.delete(oldest)
  }

  return {
    allows: (model, nowMs) => circuits.get(model)?.allows(nowMs) ?? true,
    take: (model, nowMs) => circuits.get(model)?.take(nowMs) ?? null,
    report(model, ticket, outcome, nowMs) {
      const circuit = circuits.get(model)
      if (circuit === undefined) {
        if (outcome === 'out_of_memory') openFor(model, nowMs)
        return
      }
      if (ticket === null) return
      circuit.report(ticket, outcome === 'out_of_memory' ? 'failure' : outcome, nowMs)
      if (circuit.state(nowMs) === 'closed') circuits.delete(model)
    },
    reset: () => circuits.clear(),
  }
}

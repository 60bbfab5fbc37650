import type { ReasonCode } from '@/lib/routing/contract'

/** Why a server did not answer a request, of a decision that was made. */
export function describeRouteReason(reason: string): string {
  return Object.hasOwn(words, reason) ? words[reason as keyof typeof words] : reason
}

const words: Record<ReasonCode | 'tried_first', string> = {
  tried_first: 'was tried first and failed',
  later_in_order: 'was next in line',
  disabled: 'was disabled',
  draining: 'was draining',
  unhealthy: 'failed its health checks',
  circuit_open: 'had failed several times and was left alone',
  model_circuit_open: 'had run out of memory with this model',
  no_model: 'did not have the model',
  operation_off: 'may not be used for this operation',
  model_off: 'may not be used for this model',
  dialect: 'does not speak this dialect',
  too_large: 'may not use as much memory as the model needs',
  label: 'did not have the label that was asked for',
  not_pinned: 'was not the one that the request was pinned to',
  not_assigned: 'was not assigned this model',
  capability: 'has a copy of the model that lacks what was needed',
  rate: 'had had its requests of that minute',
  full: 'had no free slot',
}

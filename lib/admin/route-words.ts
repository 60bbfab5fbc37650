import type { ReasonCode } from '@/lib/routing/contract'

/** Why a server did not answer a request, of a decision that was made. */
export function describeRouteReason(reason: string): string {
  return Object.hasOwn(words, reason) ? words[reason as keyof typeof words] : reason
}

const words: Record<ReasonCode | 'tried_first', string> = {
  tried_first: 'tried first, and failed',
  later_in_order: 'next in line, not needed',
  disabled: 'disabled',
  draining: 'draining',
  unhealthy: 'failing its health checks',
  circuit_open: 'left alone after several failures',
  model_circuit_open: 'out of memory with this model shortly before',
  no_model: 'without the model',
  operation_off: 'not for this operation',
  model_off: 'not for this model',
  dialect: 'does not speak this dialect',
  too_large: 'too little memory for the model',
  label: 'without the label that was asked for',
  not_pinned: 'the request was pinned to another',
  not_assigned: 'the model is assigned to another',
  capability: 'its copy of the model lacks what was needed',
  rate: 'at its requests of that minute',
}

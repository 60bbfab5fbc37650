import type { UsageOutcome } from '@/lib/schemas/usage-record'

/** How requests ended, failed first: it stands at the base of a stack. */
export const outcomes = ['failed', 'refused', 'left', 'ok'] as const satisfies UsageOutcome[]

export const outcomeWords: Readonly<Record<UsageOutcome, string>> = {
  failed: 'Failed',
  refused: 'Refused',
  left: 'Left or stopped',
  ok: 'Completed',
}

/** What is none is called as it is. */
export function nameOutcome(id: string): string {
  const outcome = outcomes.find((one) => one === id)
  return outcome === undefined ? id : outcomeWords[outcome]
}

/** How requests ended, failed first: it stands at the base of a stack. */
export const outcomeColors: Readonly<Record<string, string>> = {
  failed: 'var(--destructive)',
  refused: 'var(--warning)',
  left: 'var(--chart-7)',
  ok: 'var(--chart-8)',
}

export const outcomeWords: Readonly<Record<string, string>> = {
  ok: 'Completed',
  refused: 'Refused',
  failed: 'Failed',
  left: 'Left or stopped',
}

/** By how requests ended. */
export const outcomeColors: Readonly<Record<string, string>> = {
  failed: 'var(--destructive)',
  refused: 'var(--warning)',
  left: 'var(--chart-7)',
  ok: 'var(--chart-8)',
}

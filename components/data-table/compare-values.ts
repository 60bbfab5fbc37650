/** Numbers by size, words by the alphabet with numbers in them by size. */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  return String(a).localeCompare(String(b), 'en', { numeric: true, sensitivity: 'base' })
}

import { StatusBadge } from './status-badge'

/**
 * The status of a request. Success is quiet: grey text. 499 is a client that left, not a failure.
 * `words` say what it was: `no room`, `rate`, `left`.
 */
export function HttpStatus({ status, words }: { status: number | null; words?: string }) {
  if (status === null) return <StatusBadge tone="busy">running</StatusBadge>
  const text = words ? `${status} ${words}` : String(status)
  if (status === 499) return <StatusBadge tone="off">{text}</StatusBadge>
  if (status >= 500) return <StatusBadge tone="bad">{text}</StatusBadge>
  if (status >= 400) return <StatusBadge tone="warn">{text}</StatusBadge>
  return <span className="text-muted-foreground">{text}</span>
}

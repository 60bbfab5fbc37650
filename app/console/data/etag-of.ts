import { createHash } from 'node:crypto'

/**
 * Strong enough to say that nothing changed (RFC 9110): a digest of what is answered, but for the
 * time of the answer. Pages count on by themselves from the time that they have.
 */
export function etagOf(data: unknown): string {
  const lasting = JSON.stringify(data, (key, value) => (key === 'nowMs' ? undefined : value)) ?? ''
  return `"${createHash('sha256').update(lasting).digest('base64url').slice(0, 24)}"`
}

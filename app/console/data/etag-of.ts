import { createHash } from 'node:crypto'

/**
 * Strong enough to say that nothing changed (RFC 9110): a digest of the JSON that is answered, but
 * for the time of the answer. Pages count on by themselves from the time that they have.
 */
export function etagOf(json: string): string {
  const lasting = json.replace(timeOfAnswer, '')
  return `"${createHash('sha256').update(lasting).digest('base64url').slice(0, 24)}"`
}

/** A quote inside a text has a backslash before it, so this is a member's name. */
const timeOfAnswer = /"nowMs":\d+(\.\d+)?/g

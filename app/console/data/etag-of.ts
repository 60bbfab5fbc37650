import { createHash } from 'node:crypto'

/**
 * Strong enough to say that nothing changed (RFC 9110): a digest of the JSON that is answered, but
 * for the time of the answer. Pages count on by themselves from the time that they have.
 */
export function etagOf(json: string): string {
  const lasting = json.replace(timeOfAnswer, '')
  return `"${createHash('sha256').update(lasting).digest('base64url').slice(0, 24)}"`
}

/** Inside a text its quote has a backslash before it: behind a brace or a comma it is a member. */
const timeOfAnswer = /(?<=[{,])"nowMs":\d+(\.\d+)?/g

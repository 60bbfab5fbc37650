/**
 * JSON text as Go's encoding/json writes it: no spaces, `<`, `>`, `&` and the two line
 * separators escaped. Key order is the object's own.
 */
export function renderJson(value: unknown): string {
  const text = JSON.stringify(value)
  return needsEscape.test(text) ? text.replace(escaped, escapeCharacter) : text
}

const needsEscape = /[<>&\u2028\u2029]/
const escaped = /[<>&\u2028\u2029]/g

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

// The text of a second serves all of its moments: rendering a date costs half a log line.
let second = { beginMs: Number.NaN, text: '' }

/** The same text as `toISOString`, of milliseconds since the epoch. */
export function renderIsoTime(atMs: number): string {
  const ms = atMs - second.beginMs
  if (ms >= 0 && ms < 1000) return `${second.text}${String(ms).padStart(3, '0')}Z`
  const text = new Date(atMs).toISOString()
  second = { beginMs: Date.parse(`${text.slice(0, -5)}Z`), text: text.slice(0, -4) }
  return text
}

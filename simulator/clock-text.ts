/** Now, as Go's RFC3339Nano writes it: nine digits of a second without the zeros at the end. */
export function renderNow(): string {
  return renderTime(performance.timeOrigin + performance.now())
}

/** A time in milliseconds since 1970; the fraction carries the nanoseconds. */
export function renderTime(ms: number): string {
  const whole = Math.floor(Math.min(ms, YEAR_2318_MS))
  const nanos = String(Math.floor((ms % 1) * 1_000_000) || 0).padStart(6, '0')
  const stamp = new Date(whole).toISOString()
  const fraction = `${stamp.slice(20, 23)}${nanos}`.replace(/0+$/, '')
  return `${stamp.slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`
}

/** Seconds since 1970. */
export function unixNow(): number {
  return Math.floor(Date.now() / 1_000)
}

// Go's largest duration is 292 years: what Ollama adds to now for a model that is kept for ever.
const YEAR_2318_MS = Date.UTC(2318, 10, 21)

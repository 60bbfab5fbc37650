import { InvalidArgumentError } from 'commander'
import type { RateLimit } from '@/lib/schemas/entities'

const unitsMs: Record<string, number> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

export function parseNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new InvalidArgumentError(`Expected a number, got "${text}".`)
  }
  return value
}

/** What may be null stands in a box: commander reads a bare null as "no value". */
export type Given<T> = { value: T }

/** `none` takes a limit away. */
export function parseNumberOrNone(text: string): Given<number | null> {
  return { value: text === 'none' ? null : parseNumber(text) }
}

/** `30s`, `15m`, `24h`, `7d`, `2w`, in milliseconds. */
export function parseDurationMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text.trim()) ?? []
  const unitMs = unitsMs[unit]
  if (unitMs === undefined || Number(count) === 0) {
    throw new InvalidArgumentError(
      `Expected a length of time such as 30s, 15m, 24h or 7d, got "${text}".`,
    )
  }
  return Number(count) * unitMs
}

/** A time (ISO 8601), or a length of time back from now, which is asked for later. */
export function parseMoment(text: string): (nowMs: number) => number {
  if (/^\d{1,6}[smhdw]$/.test(text.trim())) {
    const backMs = parseDurationMs(text)
    return (nowMs) => nowMs - backMs
  }
  const atMs = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(atMs)) {
    throw new InvalidArgumentError(
      `Expected a length of time such as 30s, 15m, 24h or 7d, or a time such as 2030-12-31T12:00Z, got "${text}".`,
    )
  }
  return () => atMs
}

/** `on`, `off`, or `inherit` for what stands above. */
export function parseOnOrOff(text: string): Given<boolean | null> {
  if (text === 'inherit') return { value: null }
  if (text !== 'on' && text !== 'off') {
    throw new InvalidArgumentError(`Expected on, off or inherit, got "${text}".`)
  }
  return { value: text === 'on' }
}

/** A grace in seconds: `3600`, `24h`, `0`. */
export function parseGraceSeconds(text: string): number {
  return /^\d{1,8}$/.test(text.trim()) ? Number(text) : parseDurationMs(text) / 1000
}

/** A time (ISO 8601), a length of time from now, or `none`. */
export function parseExpiry(text: string): Given<Date | null> {
  if (text === 'none') return { value: null }
  if (/^\d{1,6}[smhdw]$/.test(text)) {
    return { value: new Date(Date.now() + parseDurationMs(text)) }
  }
  const date = new Date(text)
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError(
      `Expected a time such as 2030-12-31 or 2030-12-31T12:00Z, a length of time such as 90d, or none; got "${text}".`,
    )
  }
  return { value: date }
}

/** `100/60s`: requests and window; `100` has a window of a minute; `none` takes it away. */
export function parseRateLimit(text: string): Given<RateLimit | null> {
  if (text === 'none') return { value: null }
  const [requests = '', window = '60s'] = text.split('/')
  if (!/^\d{1,7}$/.test(requests)) {
    throw new InvalidArgumentError(
      `Expected requests and a window such as 100/60s, or none; got "${text}".`,
    )
  }
  return { value: { requests: Number(requests), windowSeconds: parseDurationMs(window) / 1000 } }
}

/** Comma-separated, and the option may stand several times. */
export function collectList(text: string, before: string[] | undefined): string[] {
  const words = text.split(',').map((word) => word.trim())
  return [...(before ?? []), ...words.filter((word) => word !== '')]
}

/** As `collectList`; `all` alone means no restriction. */
export function collectListOrAll(
  text: string,
  before: Given<string[] | null> | undefined,
): Given<string[] | null> {
  return { value: text === 'all' ? null : collectList(text, before?.value ?? undefined) }
}

/** `gpu=a100`, several times or comma-separated; `none` is no label. */
export function collectLabels(
  text: string,
  before: Record<string, string> | undefined,
): Record<string, string> {
  if (text === 'none') return {}
  const labels = { ...before }
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=')
    if (at < 1) throw new InvalidArgumentError(`Expected a label such as gpu=a100, got "${pair}".`)
    labels[pair.slice(0, at).trim()] = pair.slice(at + 1).trim()
  }
  return labels
}

import { GoJsonError, type Json } from './go-json'

const UNIT_MS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}

/**
 * `keep_alive` in milliseconds: a number of seconds or a Go duration; negative is for ever.
 * Throws `GoJsonError` with Go's words.
 */
export function parseKeepAlive(value: Json | undefined): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number') return value < 0 ? Number.POSITIVE_INFINITY : value * 1_000
  if (typeof value !== 'string') throw new GoJsonError(`Unsupported type: '${goKind(value)}'`)
  const ms = parseGoDuration(value)
  return ms < 0 ? Number.POSITIVE_INFINITY : ms
}

function parseGoDuration(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1
  const body = text.replace(/^[+-]/, '')
  if (body === '0') return 0
  const parts = [...body.matchAll(/(\d+\.?\d*|\.\d+)([a-zµμ]*)/g)]
  if (body === '' || parts.map((part) => part[0]).join('') !== body) {
    throw new GoJsonError(`time: invalid duration ${JSON.stringify(text)}`)
  }
  let total = 0
  for (const [, amount, unit = ''] of parts) {
    if (unit === '') throw new GoJsonError(`time: missing unit in duration ${JSON.stringify(text)}`)
    const scale = UNIT_MS[unit]
    if (scale === undefined) {
      throw new GoJsonError(`time: unknown unit "${unit}" in duration ${JSON.stringify(text)}`)
    }
    total += Number(amount) * scale
  }
  return sign * total
}

function goKind(value: Json): string {
  if (typeof value === 'boolean') return 'bool'
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
}

import type { RateLimit } from '@/lib/schemas/entities'

export function renderTime(ms: number | null): string | null {
  return ms === null || ms === 0 ? null : new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

export function renderRateLimit(limit: RateLimit | null): string | null {
  if (limit === null) return null
  return limit.requests === 0 ? 'no limit' : `${limit.requests}/${limit.windowSeconds}s`
}

/** What is left open is decided above. */
export function renderOnOrOff(value: boolean | null): string {
  if (value === null) return 'inherit'
  return value ? 'on' : 'off'
}

export function renderList(list: readonly string[] | null): string {
  return list === null ? 'all' : list.join(', ')
}

/** Decimal, as Ollama shows sizes. */
export function renderGb(bytes: number | null): string | null {
  return bytes === null ? null : `${(bytes / 1e9).toFixed(1)} GB`
}

export function renderMs(ms: number | null): string | null {
  if (ms === null) return null
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

export function renderRules(rules: { allow: readonly string[]; deny: readonly string[] }): string {
  return [...rules.allow, ...rules.deny.map((one) => `not ${one}`)].join(', ')
}

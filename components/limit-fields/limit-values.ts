import * as z from 'zod'
import type { RateLimit } from '@/lib/schemas/entities'

/** A limit as it stands in a form: typed, and perhaps not a number yet. */
export type LimitValues = {
  limit: 'inherit' | 'own' | 'none'
  requests: string
  windowSeconds: string
}

/** The part of a form's schema that is about the limit; `checkLimit` refines it. */
export const limitShape = {
  limit: z.enum(['inherit', 'own', 'none']),
  requests: z.string(),
  windowSeconds: z.string(),
}

export const windowChoices = [
  { value: '1', label: 'a second' },
  { value: '60', label: 'a minute' },
  { value: '3600', label: 'an hour' },
  { value: '86400', label: 'a day' },
] as const

export function checkLimit(
  { limit, requests }: LimitValues,
  context: { addIssue: (issue: { code: 'custom'; path: string[]; message: string }) => void },
): void {
  const isWhole = /^\d{1,7}$/.test(requests.trim())
  const count = Number(requests)
  if (limit !== 'own' || (isWhole && count >= 1 && count <= 1_000_000)) return
  const message = 'A whole number from 1 to 1,000,000.'
  context.addIssue({ code: 'custom', path: ['requests'], message })
}

/** Null is "as inherited". */
export function valuesOfLimit(limit: RateLimit | null): LimitValues {
  return {
    limit: limit === null ? 'inherit' : limit.requests === 0 ? 'none' : 'own',
    requests: String(limit?.requests || 100),
    windowSeconds: String(limit?.windowSeconds ?? 60),
  }
}

export function toLimit({ limit, requests, windowSeconds }: LimitValues): RateLimit | null {
  if (limit === 'inherit') return null
  return { requests: limit === 'none' ? 0 : Number(requests), windowSeconds: Number(windowSeconds) }
}

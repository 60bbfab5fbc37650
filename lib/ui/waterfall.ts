/** A phase of a request's life, or a failed attempt with its reason as label. */
export type WaterfallPart = {
  kind: 'queue' | 'load' | 'prefill' | 'decode' | 'gateway' | 'failed'
  label?: string
  /** From the request's begin. Left out, it follows the part before. */
  fromMs?: number
  lengthMs: number | null
}

export type WaterfallRow = {
  kind: WaterfallPart['kind']
  label: string
  fromMs: number
  /** Null for a failed attempt of which only that is known. */
  lengthMs: number | null
  /** In percent of the total. */
  left: number
  width: number
}

const labels: Record<WaterfallPart['kind'], string> = {
  queue: 'Queue',
  load: 'Load',
  prefill: 'Prefill',
  decode: 'Decode',
  gateway: 'Gateway',
  failed: 'Failed attempt',
}

/** Rows that add up to the total: what no part accounts for (from 1 ms on) is the gateway's. */
export function layWaterfall(parts: readonly WaterfallPart[], totalMs: number): WaterfallRow[] {
  let end = 0
  let known = 0
  const rows: WaterfallRow[] = []
  const add = (kind: WaterfallPart['kind'], label: string, fromMs: number, lengthMs: number) => {
    const scale = totalMs > 0 ? 100 / totalMs : 0
    const left = Math.min(100, Math.max(0, fromMs * scale))
    const width = Math.min(100 - left, Math.max(0, lengthMs * scale))
    rows.push({ kind, label, fromMs, lengthMs, left, width })
  }
  for (const part of parts) {
    if (part.kind === 'failed' && part.lengthMs === null) {
      const label = part.label ?? labels.failed
      rows.push({ kind: 'failed', label, fromMs: end, lengthMs: null, left: 0, width: 0 })
      continue
    }
    if (part.lengthMs === null || part.lengthMs <= 0) continue
    const fromMs = part.fromMs ?? end
    add(part.kind, part.label ?? labels[part.kind], fromMs, part.lengthMs)
    end = Math.max(end, fromMs + part.lengthMs)
    known += part.lengthMs
  }
  const rest = totalMs - known
  if (rest >= 1) add('gateway', labels.gateway, Math.min(end, totalMs - rest), rest)
  return rows
}

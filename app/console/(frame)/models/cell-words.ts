import type { MatrixCell } from '@/lib/admin/model-matrix'
import { formatCount, formatDuration, formatPercent, formatSpeed, unknown } from '@/lib/ui/format'
import { formatClock } from '@/lib/ui/format-time'
import type { ModelLens } from '@/lib/ui/model-list'

export type CellWords = {
  /** A shape, so that states are told apart without colour. */
  mark: '●' | '○' | '↓' | ''
  text: string
  tone: 'plain' | 'quiet' | 'busy' | 'warn'
  /** The whole, in words: for the title and for those who do not see it. */
  whole: string
}

const absent: CellWords = { mark: '', text: unknown, tone: 'quiet', whole: 'not there' }

/** What one cell of the matrix says under a lens. */
export function describeCell(cell: MatrixCell | null, lens: ModelLens, zone: string): CellWords {
  if (cell === null) return absent
  if (cell.copy === null) return describePull(cell.pull)
  switch (lens) {
    case 'present':
      return describePresence(cell, zone)
    case 'loaded':
      return describeMemory(cell, zone)
    case 'speed':
      return describeSpeed(cell)
    case 'use':
      return describeUse(cell)
  }
}

function describePresence(cell: MatrixCell, zone: string): CellWords {
  if (cell.pull !== null) return describePull(cell.pull)
  const mark = cell.loaded === null ? '○' : '●'
  const where = cell.loaded === null ? 'on disk' : 'loaded'
  if (cell.differs) {
    const digest = shortDigest(cell.copy?.digest ?? null)
    const whole = `${where}, another copy than most servers have: ${digest}`
    return { mark, text: `≠ ${digest}`, tone: 'warn', whole }
  }
  return cell.loaded === null
    ? { mark, text: where, tone: 'quiet', whole: where }
    : describeMemory(cell, zone)
}

function describeMemory({ loaded, inFlight }: MatrixCell, zone: string): CellWords {
  if (loaded === null) return { mark: '○', text: 'on disk', tone: 'quiet', whole: 'not loaded' }
  const until = loaded.isKept
    ? 'for good'
    : loaded.expiresAtMs === null
      ? 'loaded'
      : `until ${formatClock(loaded.expiresAtMs, zone)}`
  const onCpu = loaded.cpuShare > 0 ? `, ${formatPercent(loaded.cpuShare)} of it on the CPU` : ''
  const whole = `loaded ${until}${inFlight > 0 ? `, ${inFlight} at work` : ''}${onCpu}`
  const text = inFlight > 0 ? `${inFlight} busy` : until
  return { mark: '●', text, tone: onCpu ? 'warn' : 'busy', whole }
}

function describeSpeed(cell: MatrixCell): CellWords {
  const { tokensPerSecondP50, timeToFirstTokenMsP50 } = cell
  const mark = markOf(cell)
  if (tokensPerSecondP50 === null && timeToFirstTokenMsP50 === null) {
    return { mark, text: unknown, tone: 'quiet', whole: 'no request of 30 d told its speed' }
  }
  const first = `first token after ${formatDuration(timeToFirstTokenMsP50)}`
  return {
    mark,
    text: formatSpeed(tokensPerSecondP50),
    tone: 'plain',
    whole: `${formatSpeed(tokensPerSecondP50)}, ${first}, at half of the requests of 30 d`,
  }
}

function describeUse(cell: MatrixCell): CellWords {
  const { requests30d } = cell
  const mark = markOf(cell)
  if (requests30d === 0) return { mark, text: 'unused', tone: 'quiet', whole: 'no request in 30 d' }
  const text = formatCount(requests30d)
  return { mark, text, tone: 'plain', whole: `${requests30d} requests in 30 d` }
}

function describePull(pull: MatrixCell['pull']): CellWords {
  if (pull === null) return absent
  const { share, leftMs } = pull
  if (share === null) return { mark: '↓', text: 'begins', tone: 'busy', whole: 'a pull begins' }
  const left = leftMs === null ? '' : ` ${formatDuration(leftMs)}`
  const text = `${formatPercent(Math.floor(share * 100) / 100)}${left}`
  return { mark: '↓', text, tone: 'busy', whole: `being pulled: ${text}${left && ' left'}` }
}

function markOf({ loaded }: MatrixCell): '●' | '○' {
  return loaded === null ? '○' : '●'
}

export function shortDigest(digest: string | null): string {
  return digest === null ? unknown : digest.replace(/^sha256:/, '').slice(0, 8)
}

/** `40K` as Ollama's library writes it: thousands of 1,024. */
export function formatContext(length: number | null): string {
  if (length === null) return unknown
  return length >= 1024 ? `${Math.round(length / 1024)}K` : String(length)
}

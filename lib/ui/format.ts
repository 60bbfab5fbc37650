/** How figures are written everywhere. What is not known is `–`, never 0. */
export const unknown = '–'

export type Figure = number | null | undefined

/** `9,999`, then `12.4 K`, `1.28 M`, `3.1 B`: three digits that count. */
export function formatCount(count: Figure): string {
  if (!isKnown(count)) return unknown
  if (Math.abs(count) < 10_000) return formatExact(count)
  const units = ['K', 'M', 'B', 'T']
  let value = count / 1000
  let unit = 0
  while (Math.abs(Number(value.toPrecision(3))) >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${trimZeros(value.toPrecision(3))} ${units[unit]}`
}

/** Every digit, with thousands: `1,284,031`. For tables and for what stands on hover. */
export function formatExact(count: Figure): string {
  if (!isKnown(count)) return unknown
  const digits = Number.isInteger(count) || Math.abs(count) >= 1000 ? 0 : 2
  return count.toLocaleString('en-US', { maximumFractionDigits: digits })
}

/** A number that was worked out from others: `≈ 612`. */
export function formatEstimate(count: Figure): string {
  return isKnown(count) ? `≈ ${formatCount(Math.round(count))}` : unknown
}

/** `842 ms`, `3.42 s`, `42.1 s`, `4 m 12 s`, `3 h 20 m`, `3 d 4 h`. */
export function formatDuration(ms: Figure): string {
  if (!isKnown(ms)) return unknown
  if (ms < 0) return `-${formatDuration(-ms)}`
  if (ms > 0 && ms < 0.5) return '<1 ms'
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return inTwo(seconds, 60, 'm', 's')
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1440) return inTwo(minutes, 60, 'h', 'm')
  return inTwo(Math.round(ms / 3_600_000), 24, 'd', 'h')
}

/** Bytes as Ollama writes them (`format.HumanBytes`): thousands, cut and not rounded from 10. */
export function formatBytes(bytes: Figure): string {
  if (!isKnown(bytes)) return unknown
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const isWhole = unit === 0 || value >= 10 || Number.isInteger(value)
  return `${isWhole ? Math.trunc(value) : value.toFixed(1)} ${units[unit]}`
}

/** `71 MB/s` */
export function formatByteRate(bytesPerSecond: Figure): string {
  return isKnown(bytesPerSecond) ? `${formatBytes(bytesPerSecond)}/s` : unknown
}

/** `3.1 of 4.7 GB`: the unit once, where both have the same. */
export function formatBytesOf(done: Figure, total: Figure): string {
  const [whole, part] = [formatBytes(total), formatBytes(done)]
  const [number, unit] = part.split(' ')
  return whole.endsWith(` ${unit}`) ? `${number} of ${whole}` : `${part} of ${whole}`
}

/** `42.1 tok/s` */
export function formatSpeed(tokensPerSecond: Figure): string {
  if (!isKnown(tokensPerSecond)) return unknown
  const digits = Math.abs(tokensPerSecond) < 99.95 ? 1 : 0
  return `${trimZeros(tokensPerSecond.toFixed(digits))} tok/s`
}

/** A share of one: `0.4%`, `<0.1%`; `0%` only for none, `100%` only for all. */
export function formatPercent(share: Figure): string {
  if (!isKnown(share)) return unknown
  const percent = share * 100
  if (percent > 0 && percent < 0.1) return '<0.1%'
  if (percent < 100 && percent >= 99.9) return '99.9%'
  return `${trimZeros(percent.toFixed(1))}%`
}

/** `formatPercent` of a part; nothing of nothing is not known. */
export function formatShare(part: Figure, whole: Figure): string {
  return isKnown(part) && isKnown(whole) && whole > 0 ? formatPercent(part / whole) : unknown
}

/** `req_01JQ…9F3K`. Never for the prefix of a key, which is shown whole. */
export function cutMiddle(id: string, head = 8, tail = 4): string {
  return id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`
}

/** `1 server`, `3 servers`; the plural is given where it is not an s. */
export function formatNumberOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

export function isKnown(figure: Figure): figure is number {
  return typeof figure === 'number' && Number.isFinite(figure)
}

function inTwo(total: number, per: number, large: string, small: string): string {
  const [wholes, rest] = [Math.floor(total / per), total % per]
  return rest === 0 ? `${wholes} ${large}` : `${wholes} ${large} ${rest} ${small}`
}

function trimZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
}

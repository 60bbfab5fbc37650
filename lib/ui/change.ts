import { type Figure, formatCount, isKnown } from './format'

export type Change = { direction: 'up' | 'down' | 'same'; text: string }

/** How a figure moved against the period before: in percent, in points of a percentage, or by how many. */
export type ChangeKind = 'percent' | 'points' | 'count'

/** Null when either figure is not known. From 0 it says `new`: no percentage of nothing. */
export function formatChange(
  now: Figure,
  before: Figure,
  kind: ChangeKind = 'percent',
): Change | null {
  if (!isKnown(now) || !isKnown(before)) return null
  if (before === 0 && now > 0) return { direction: 'up', text: 'new' }
  const text = renderSize(now, before, kind)
  if (text === null) return { direction: 'same', text: 'same' }
  return { direction: now > before ? 'up' : 'down', text }
}

function renderSize(now: number, before: number, kind: ChangeKind): string | null {
  const difference = Math.abs(now - before)
  if (difference === 0) return null
  switch (kind) {
    case 'count':
      return formatCount(difference)
    case 'points': {
      const points = difference * 100
      return points < 0.05 ? null : `${points < 10 ? points.toFixed(1) : Math.round(points)} pt`
    }
    case 'percent': {
      const percent = (difference / Math.abs(before)) * 100
      if (percent < 0.5) return null
      return percent < 1000
        ? `${Math.round(percent)}%`
        : `${formatCount(Math.round(now / before))}×`
    }
  }
}

import type { UsageBy, UsageMeasure } from '@/lib/admin/usage-figures'
import type { UsageQuery, WantedOne } from '@/lib/admin/usage-page'
import { bucketOf } from '@/lib/ui/buckets'
import { renderQuery } from '@/lib/ui/query'
import {
  describeRange,
  type Period,
  parseRange,
  previousPeriod,
  type Range,
  readRange,
  resolveRange,
} from '@/lib/ui/range'
import { instantOf, wallTimeOf } from '@/lib/ui/zone'

export const groupWords: Record<UsageBy, string> = {
  model: 'Model',
  key: 'Key',
  user: 'User',
  backend: 'Server',
  operation: 'Operation',
  outcome: 'Status',
}

export const measureWords: Record<UsageMeasure, string> = {
  requests: 'Requests',
  failed: 'Failed requests',
  tokens: 'Tokens',
  promptTokens: 'Tokens in',
  completionTokens: 'Tokens out',
}

/** How the time is cut: `per=` in the URL. */
export const cuts = ['auto', 'hour', 'day', 'month', 'hour-of-day'] as const
export type Cut = (typeof cuts)[number]

/** What a period is compared with: `compare=` in the URL, or a range. */
export const comparisons = ['before', 'week', 'month', 'year'] as const

const dayMs = 86_400_000
const longest: Partial<Record<Cut, number>> = { hour: 41 * dayMs, 'hour-of-day': 79 * dayMs }

type Setting = { nowMs: number; timezone: string }

/** What the URL asks for; what cannot be read, or would not fit, is the default. */
export function readUsageQuery(params: URLSearchParams, setting: Setting): UsageQuery {
  const { nowMs, timezone } = setting
  const range = readRange(params.get('range'), { nowMs, zone: timezone })
  const period = resolveRange(range, nowMs)
  const cut = readCut(params, period)
  return {
    period,
    compare: readComparison(params.get('compare'), period, setting),
    timezone,
    by: oneOf(Object.keys(groupWords) as UsageBy[], params.get('by')) ?? 'model',
    bucket: cut === 'auto' ? bucketOf(period) : cut,
    measure:
      oneOf(Object.keys(measureWords) as UsageMeasure[], params.get('measure')) ?? 'requests',
    of: readWho(params),
  }
}

/** A user before a key, where a URL names both. */
export function readWho(params: URLSearchParams): WantedOne {
  for (const kind of ['user', 'key'] as const) {
    const id = params.get(kind)
    if (id) return { kind, id }
  }
  return null
}

export function readCut(params: URLSearchParams, period: Period): Cut {
  const cut = oneOf(cuts, params.get('per')) ?? 'auto'
  return whyNotCut(cut, period) === null ? cut : 'auto'
}

/** Why a period cannot be cut so; null where it can. */
export function whyNotCut(cut: Cut, { fromMs, toMs }: Period): string | null {
  const most = longest[cut]
  if (most === undefined || toMs - fromMs <= most) return null
  return `Of at most ${most / dayMs} days`
}

/** The other period; null where none is asked for. A typed range may be of any length. */
export function readComparison(
  text: string | null,
  period: Period,
  { nowMs, timezone }: Setting,
): Period | null {
  switch (text) {
    case null:
    case '':
      return null
    case 'before':
      return previousPeriod(period)
    case 'week':
      return earlier(period, timezone, { days: 7 })
    case 'month':
      return earlier(period, timezone, { months: 1 })
    case 'year':
      return earlier(period, timezone, { months: 12 })
    default: {
      const typed = parseRange(text, { nowMs, zone: timezone })
      return typed && resolveRange(typed, nowMs)
    }
  }
}

/** In words: `the period before`, `12 Oct, 14:00 – 15:00`. */
export function describeComparison(text: string, period: Period, zone: string): string {
  const words: Record<string, string> = {
    before: 'the period before',
    week: 'a week earlier',
    month: 'a month earlier',
    year: 'a year earlier',
  }
  return words[text] ?? describeRange({ kind: 'absolute', ...period }, zone)
}

/** The rows of the log that a line counts; null where no filter finds just these. */
export function requestsHref(by: UsageBy, id: string, chosen: Chosen): string | null {
  const filter = filterOf(by, id)
  if (filter === null) return null
  const params = paramsOf(chosen)
  params.set(...filter)
  return `/console/requests?${renderQuery(params)}`
}

/** The rows of the log that the whole table counts. */
export function allRequestsHref(chosen: Chosen): string {
  return `/console/requests?${renderQuery(paramsOf(chosen))}`
}

type Chosen = { range: string; of: WantedOne }

function paramsOf({ range, of }: Chosen): URLSearchParams {
  const params = new URLSearchParams({ range })
  if (of) params.set(of.kind, of.id)
  return params
}

/** The params with some set and others, of null, taken out. */
export function changeParams(
  params: URLSearchParams,
  changes: Readonly<Record<string, string | null>>,
): string {
  const next = new URLSearchParams(params)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name)
    else next.set(name, value)
  }
  return renderQuery(next)
}

/** What `corral usage` says the same with; null where it cannot be asked so. */
export function usageCommand(range: Range, by: UsageBy, of: WantedOne): string[] | null {
  if (of !== null) return null
  if (range.kind === 'relative') return ['usage', '--by', by, '--since', range.text]
  const times = [new Date(range.fromMs).toISOString(), new Date(range.toMs).toISOString()]
  return ['usage', '--by', by, '--since', times[0] ?? '', '--until', times[1] ?? '']
}

function filterOf(by: UsageBy, id: string): [string, string] | null {
  if (id === '') return null
  const fields = { model: 'model', key: 'key', user: 'user', backend: 'server' } as const
  switch (by) {
    case 'outcome':
    case 'operation':
      return [by, id]
    default:
      return [fields[by], id.replace(/[\\,]/g, '\\$&')]
  }
}

/** By the zone's clock, so that a Monday meets a Monday across a clock change. */
function earlier(
  { fromMs, toMs }: Period,
  zone: string,
  { days = 0, months = 0 }: { days?: number; months?: number },
): Period {
  const move = (ms: number) => {
    const wall = wallTimeOf(ms, zone)
    const month = wall.month - months
    // 31 March has no 31 February: the month's last day.
    const lastDay = new Date(Date.UTC(wall.year, month, 0)).getUTCDate()
    const day = (months > 0 ? Math.min(wall.day, lastDay) : wall.day) - days
    return instantOf({ ...wall, month, day }, zone) + (ms % 1000)
  }
  return { fromMs: move(fromMs), toMs: move(toMs) }
}

function oneOf<Choice extends string>(
  choices: readonly Choice[],
  text: string | null,
): Choice | null {
  return choices.find((choice) => choice === text) ?? null
}

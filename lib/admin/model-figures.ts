import { normalizeModelName } from '@/lib/core/model-name'
import { processState } from '@/lib/core/process-state'
import type { Database } from '@/lib/db/contract'
import type { UsageBucket } from '@/lib/db/contract-reads'
import type { ModelUse } from '@/lib/ui/model-list'
import type { AdminContext } from './actor'

/** Of the last 30 days, of one model on one server. */
export type SpeedAndUse = {
  requests30d: number
  tokensPerSecondP50: number | null
  timeToFirstTokenMsP50: number | null
}
export type ModelFigures = {
  /** Takes the id of a server and a normalised name. */
  ofCell(backendId: string, model: string): SpeedAndUse
  ofModel(model: string): { requests30d: number; use: ModelUse }
  /** As clients wrote it: the log holds names as they were sent. */
  spellingsOf(model: string): readonly string[]
}

const dayMs = 86_400_000
const usedWithinMs = 30 * dayMs
/** Roll-ups of days are kept for about this long. */
const everMs = 400 * dayMs
/** Pages that are open ask again every 2 s; 30 days do not change that fast. */
const freshForMs = 10_000

/** What roll-ups tell of each model, as it was at most 10 s ago: the figures of `corral usage`. */
export async function readModelFigures({ database, clock }: AdminContext): Promise<ModelFigures> {
  const kept = processState('model-figures', () => new WeakMap<Database, Kept>())
  const nowMs = clock.nowMs()
  const known = kept.get(database)
  if (known !== undefined && nowMs - known.atMs < freshForMs && nowMs >= known.atMs) {
    return known.figures
  }
  const figures = readFigures(database, nowMs)
  kept.set(database, { atMs: nowMs, figures })
  figures.catch(() => kept.delete(database))
  return figures
}

type Kept = { atMs: number; figures: Promise<ModelFigures> }

async function readFigures(database: Database, nowMs: number): Promise<ModelFigures> {
  const recent = { index: 0, fromMs: nowMs - usedWithinMs, untilMs: nowMs + 60_000 }
  const earlier = { index: 1, fromMs: nowMs - everMs, untilMs: nowMs - usedWithinMs }
  const [cells, models] = await Promise.all([
    database.readUsageBuckets({
      dimensions: ['backendModel'],
      stretches: [recent],
      quantiles: true,
    }),
    database.readUsageBuckets({
      dimensions: ['model'],
      stretches: [recent, earlier],
      quantiles: false,
    }),
  ])
  const byCell = new Map<string, SpeedAndUse>()
  for (const bucket of cells) addCell(byCell, bucket)
  const uses = new Map<string, { requests30d: number; use: ModelUse }>()
  const spellings = new Map<string, Set<string>>()
  for (const { index, value, requests } of models) {
    const name = normalizeModelName(value)
    const known = uses.get(name)
    const requests30d = (known?.requests30d ?? 0) + (index === 0 ? requests : 0)
    uses.set(name, { requests30d, use: requests30d > 0 ? '30d' : 'earlier' })
    if (value !== '') spellings.set(name, (spellings.get(name) ?? new Set()).add(value))
  }
  return {
    ofCell: (backendId, model) => byCell.get(`${backendId} ${model}`) ?? nothing,
    ofModel: (model) => uses.get(model) ?? { requests30d: 0, use: 'never' },
    spellingsOf: (model) => [...(spellings.get(model) ?? [])],
  }
}

const nothing: SpeedAndUse = {
  requests30d: 0,
  tokensPerSecondP50: null,
  timeToFirstTokenMsP50: null,
}

/** Spellings of one name are one model; its speed is that of the spelling with most requests. */
function addCell(cells: Map<string, SpeedAndUse>, bucket: UsageBucket): void {
  const space = bucket.value.indexOf(' ')
  const model = normalizeModelName(bucket.value.slice(space + 1))
  const key = `${bucket.value.slice(0, space)} ${model}`
  const known = cells.get(key) ?? nothing
  const isMore = bucket.requests > known.requests30d
  cells.set(key, {
    requests30d: known.requests30d + bucket.requests,
    tokensPerSecondP50: isMore
      ? (bucket.quantiles?.tokensPerSecond.p50 ?? null)
      : known.tokensPerSecondP50,
    timeToFirstTokenMsP50: isMore
      ? (bucket.quantiles?.timeToFirstTokenMs.p50 ?? null)
      : known.timeToFirstTokenMsP50,
  })
}

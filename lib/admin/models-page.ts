import { normalizeModelName } from '@/lib/core/model-name'
import type { ModelJob } from '@/lib/db/contract-duties'
import type { UsageBucket } from '@/lib/db/contract-reads'
import { parseSettings } from '@/lib/settings/parse-settings'
import type { AdminContext } from './actor'
import { listModelJobs } from './model-jobs'
import {
  findMatrixRow,
  type MatrixRow,
  type MatrixServer,
  type ModelMatrix,
  type ModelQuery,
  readModelMatrix,
} from './model-matrix'
import { assertAllowed, canReadEverything } from './permissions'
import { cutPeriod } from './usage-periods'

export type ModelsPage = { matrix: ModelMatrix; jobs: ModelJob[] }
export type ModelPage = {
  servers: MatrixServer[]
  row: MatrixRow
  /** Of this model, the newest first. */
  jobs: ModelJob[]
  /** Names that are answered by it, as aliases have it. */
  aliases: string[]
  assignedTo: string | null
  /** Its name as clients wrote it in the last 60 days; the log is filtered by these. */
  spellings: string[]
  usage: ModelUsage
}
export type ModelSums = {
  requests: number
  failed: number
  promptTokens: number
  completionTokens: number
  timeToFirstTokenMsP50: number | null
  timeToFirstTokenMsP95: number | null
  tokensPerSecondP50: number | null
}
/** Of the last 30 days. */
export type ModelUsage = ModelSums & {
  /** Of the 30 days before. */
  before: ModelSums
  /** Of each day of the setting `timezone`, the oldest first. */
  days: { requests: number[]; failed: number[]; promptTokens: number[]; completionTokens: number[] }
}

const jobsShown = 30
const dayMs = 86_400_000

/** The matrix, and the newest jobs: those that are open are always among them. */
export async function readModelsPage(
  context: AdminContext,
  query: ModelQuery,
): Promise<ModelsPage> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const [matrix, open, newest] = await Promise.all([
    readModelMatrix(context, query),
    listModelJobs(context, { open: true, limit: 200 }),
    listModelJobs(context, { limit: jobsShown }),
  ])
  return { matrix, jobs: [...open, ...newest.filter(({ endedAtMs }) => endedAtMs !== null)] }
}

/** Null where no server has the model. */
export async function findModelPage(
  context: AdminContext,
  name: string,
): Promise<ModelPage | null> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const { database, clock } = context
  const found = await findMatrixRow(context, name)
  if (found === null) return null
  const { id } = found.row
  const nowMs = clock.nowMs()
  const stretches = [
    { index: 0, fromMs: nowMs - 30 * dayMs, untilMs: nowMs + 60_000 },
    { index: 1, fromMs: nowMs - 60 * dayMs, untilMs: nowMs - 30 * dayMs },
  ]
  const [open, newest, aliases, assignments, buckets] = await Promise.all([
    listModelJobs(context, { open: true, limit: 200 }),
    listModelJobs(context, { limit: 200 }),
    database.listAliases(),
    database.listAssignments(),
    database.readUsageBuckets({
      dimensions: ['model'],
      stretches,
      sums: ['requests'],
      quantiles: false,
    }),
  ])
  const spellings = [...new Set(buckets.map(({ value }) => value))].filter(
    (value) => value !== '' && normalizeModelName(value) === id,
  )
  const totals =
    spellings.length === 0
      ? []
      : await database.readUsageBuckets({
          dimensions: ['model'],
          values: spellings,
          together: true,
          stretches,
          quantiles: true,
        })
  const days = spellings.length === 0 ? noDays : await readDays(context, spellings)
  const jobs = [...open, ...newest.filter(({ endedAtMs }) => endedAtMs !== null)]
  return {
    ...found,
    jobs: jobs.filter((job) => normalizeModelName(job.model) === id).slice(0, jobsShown),
    aliases: aliases
      .filter(({ targets }) => targets.some((target) => normalizeModelName(target) === id))
      .map(({ alias }) => alias),
    assignedTo:
      assignments.find(({ model }) => normalizeModelName(model) === id)?.backendName ?? null,
    spellings,
    usage: {
      ...sumsOf(totals.find(({ index }) => index === 0)),
      before: sumsOf(totals.find(({ index }) => index === 1)),
      days,
    },
  }
}

function sumsOf(bucket: UsageBucket | undefined): ModelSums {
  return {
    requests: bucket?.requests ?? 0,
    failed: bucket?.failed ?? 0,
    promptTokens: bucket?.promptTokens ?? 0,
    completionTokens: bucket?.completionTokens ?? 0,
    timeToFirstTokenMsP50: bucket?.quantiles?.timeToFirstTokenMs.p50 ?? null,
    timeToFirstTokenMsP95: bucket?.quantiles?.timeToFirstTokenMs.p95 ?? null,
    tokensPerSecondP50: bucket?.quantiles?.tokensPerSecond.p50 ?? null,
  }
}

const noDays: ModelUsage['days'] = {
  requests: [],
  failed: [],
  promptTokens: [],
  completionTokens: [],
}

async function readDays(
  { database, clock }: AdminContext,
  spellings: string[],
): Promise<ModelUsage['days']> {
  const nowMs = clock.nowMs()
  const { timezone } = parseSettings(await database.readSettings())
  const period = { fromMs: nowMs - 29 * dayMs, toMs: nowMs }
  const { stretches, startsMs } = cutPeriod(period, { timezone, nowMs, bucket: 'day' })
  const sums = ['requests', 'failed', 'promptTokens', 'completionTokens'] as const
  const buckets = await database.readUsageBuckets({
    dimensions: ['model'],
    values: spellings,
    together: true,
    stretches,
    sums,
    quantiles: false,
  })
  const figuresOf = (name: (typeof sums)[number]) =>
    startsMs.map((_, index) => buckets.find((one) => one.index === index)?.[name] ?? 0)
  return {
    requests: figuresOf('requests'),
    failed: figuresOf('failed'),
    promptTokens: figuresOf('promptTokens'),
    completionTokens: figuresOf('completionTokens'),
  }
}

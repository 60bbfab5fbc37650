import type { UsageRecord } from '@/lib/schemas/usage-record'
import type { AuditEntry, AuditRow, BackendHealthState, UsageGroup } from './contract'

/**
 * What roll-ups count by; `keyModel:…` and `keyError:…` are the models and errors of one key, a
 * value of `backendModel` is a backend's id, a space, and the model that it served.
 */
export type UsageDimension =
  | UsageGroup
  | 'all'
  | 'error'
  | 'backendModel'
  | `keyModel:${string}`
  | `keyError:${string}`

/** A stretch of time; stretches of one index are counted together (an hour of many days). */
export type UsageStretch = { index: number; fromMs: number; untilMs: number }

export type Quantiles = { p50: number | null; p95: number | null; p99: number | null }

/** What happened in one bucket for one value. Sums are of milliseconds, tokens, bytes. */
export type UsageBucket = {
  index: number
  value: string
  label: string
  requests: number
  ok: number
  refused: number
  failed: number
  left: number
  estimated: number
  promptTokens: number
  completionTokens: number
  bytesIn: number
  bytesOut: number
  queueMsSum: number
  loadMsSum: number
  prefillMsSum: number
  decodeMsSum: number
  totalMsSum: number
  /** Null where they were not asked for. */
  quantiles: {
    totalMs: Quantiles
    timeToFirstTokenMs: Quantiles
    tokensPerSecond: Quantiles
  } | null
}

/** What is added up. */
export type UsageSum = Exclude<keyof UsageBucket, 'index' | 'value' | 'label' | 'quantiles'>

export const usageSearchFields = [
  'keyId',
  'userId',
  'modelAsked',
  'modelServed',
  'backendId',
  'status',
  'outcome',
  'errorCode',
  'operation',
  'dialect',
  'clientAddress',
] as const
export type UsageSearchField = (typeof usageSearchFields)[number]

/** The last place that was looked at; without an id, everything at that instant was. */
export type UsageCursor = { atMs: number; id: string | null }

export type UsageSearch = {
  sinceMs?: number
  untilMs?: number
  /** Any of these values; a status may be a class: `4xx`; `outcome` is one of `usageOutcome`. */
  is?: Partial<Record<UsageSearchField, string[]>>
  isNot?: Partial<Record<UsageSearchField, string[]>>
  totalMsMin?: number
  promptTokensMin?: number
  completionTokensMin?: number
  /** Stands somewhere in the request id. */
  idText?: string
  /** `older` (the default) lists the newest first, `newer` the oldest first. */
  direction?: 'older' | 'newer'
  cursor?: UsageCursor
  limit: number
  /** After this long it gives what it has, and where it came to. */
  budgetMs: number
}
export type UsageSearchPage = {
  records: UsageRecord[]
  /** Where to go on; null when there is nothing more. */
  cursor: UsageCursor | null
  /** The time was over before the page was full. */
  outOfTime: boolean
}

/** Who asked for what, over a range of time. */
export type UsageHit = {
  keyId: string | null
  userId: string | null
  modelAsked: string | null
  modelServed: string | null
  requests: number
}

export type AuditSearch = {
  actor?: string
  actorUserId?: string
  /** The whole action, or its beginning up to a dot: `key` finds `key.create`. */
  action?: string
  targetKind?: string
  targetId?: string
  sinceMs?: number
  untilMs?: number
  /** Each column is, or is not, one of these. */
  among?: {
    column: 'actor' | 'action' | 'targetKind' | 'via'
    isNot: boolean
    values: string[]
  }[]
  /** Stands in the name of the target, the actor, the address, or what was before or after. */
  text?: string
  /** Stands in none of these. */
  withoutText?: string
  beforeId?: string
  limit: number
}

export type BackendEvent = {
  backendId: string
  nodeId: string
  atMs: number
  health: BackendHealthState
  error: string | null
}

export type DatabaseFacts = {
  engine: 'sqlite' | 'postgresql'
  version: string
  sizeBytes: number
  /** The newest migration. */
  migration: string | null
  usageRecords: { oldestMs: number | null; newestMs: number | null }
}

/** What the console reads; part of `Database`. */
export type ConsoleReads = {
  /**
   * From roll-ups only, one statement: each stretch is covered by as few of them as it can be.
   * Several dimensions are counted together by value, and `together` all values as one, named ''.
   * Buckets in which nothing happened are absent. Of sums, `sums` are read, or all; every other is 0
   * then: adding up what nobody looks at is most of the work.
   */
  readUsageBuckets(filter: {
    dimensions: UsageDimension[]
    values?: string[]
    together?: boolean
    stretches: UsageStretch[]
    sums?: readonly UsageSum[]
    quantiles: boolean
  }): Promise<UsageBucket[]>
  /** How many values had requests in each bucket; who is nobody or anonymous is not counted. */
  countUsageValues(filter: {
    dimension: UsageDimension
    stretches: UsageStretch[]
  }): Promise<{ index: number; values: number }[]>
  searchUsageRecords(search: UsageSearch): Promise<UsageSearchPage>
  /** When each of these errors last was in a time, at most one record a code; of one user when given. */
  findLastErrors(filter: {
    codes: string[]
    sinceMs: number
    untilMs: number
    userId?: string
  }): Promise<{ code: string; id: string; atMs: number; text: string | null }[]>
  /**
   * Whom requests came from, the most frequent first; of the newest `recordsMax` only, at most
   * 100,000: `isWhole` says whether these were all.
   */
  listUsageHits(filter: {
    backendId?: string
    modelServed?: string
    sinceMs: number
    untilMs: number
    recordsMax: number
  }): Promise<{ hits: UsageHit[]; isWhole: boolean }>
  searchAudit(search: AuditSearch): Promise<AuditRow[]>
  /** Changes of health as nodes saw them, the oldest first, at most 10,000. */
  listBackendEvents(filter: { sinceMs: number; backendId?: string }): Promise<BackendEvent[]>
  readDatabaseFacts(): Promise<DatabaseFacts>
  /**
   * A consistent copy of an SQLite database as a new file, made in a worker of its own; audited.
   * Throws `admin.invalid_input` on PostgreSQL, which has its own tools.
   */
  backupDatabase(file: string, audit: AuditEntry): Promise<{ sizeBytes: number }>
}

import type { AuditEntry, Revision } from './contract'

/** What the poll of a gateway sees, by one statement. */
export type Changes = Revision & {
  /** Ids of requests that are to end, of the last ten minutes. */
  stops: string[]
  /** Whether a model job waits or runs anywhere. */
  openModelJobs: boolean
}

/** H2: one exchange as it came off the wire, cut to a bound in bytes. */
export type CaughtContent = {
  recordId: string
  atMs: number
  prompt: Uint8Array | null
  response: Uint8Array | null
  promptCut: boolean
  responseCut: boolean
}
export type CapturedContent = {
  recordId: string
  atMs: number
  prompt: string | null
  response: string | null
  promptTruncated: boolean
  responseTruncated: boolean
}

export const modelJobKinds = ['pull', 'delete', 'copy', 'load', 'unload'] as const
export type ModelJobKind = (typeof modelJobKinds)[number]
export type ModelJobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

export type ModelJobProgress = {
  /** In the backend's own words. */
  status: string
  /** At most 200. */
  layers: { digest: string; totalBytes: number; completedBytes: number }[]
  totalBytes: number
  completedBytes: number
  /** Of the last seconds; null until it is known. */
  bytesPerSecond: number | null
}

export type ModelJobBackend = {
  backendId: string
  backendName: string
  state: ModelJobState
  cancelRequested: boolean
  /** How often it was begun. */
  attempts: number
  progress: ModelJobProgress | null
  error: string | null
  startedAtMs: number | null
  updatedAtMs: number
  endedAtMs: number | null
}

export type ModelJob = {
  id: string
  kind: ModelJobKind
  model: string
  /** The new name of a copy. */
  destination: string | null
  /** How long a load stays: seconds or a Go duration; null leaves it to the backend. */
  keepAlive: string | null
  state: ModelJobState
  requestedBy: string
  requestedByUserId: string | null
  createdAtMs: number
  updatedAtMs: number
  endedAtMs: number | null
  backends: ModelJobBackend[]
}

export type NewModelJob = Pick<ModelJob, 'kind' | 'model' | 'destination' | 'keepAlive'> & {
  requestedBy: string
  requestedByUserId: string | null
  backends: { id: string; name: string }[]
}

/** What a node tells of its work on one backend of a job. */
export type ModelJobNews = {
  jobId: string
  backendId: string
  progress: ModelJobProgress | null
  /** Null while it goes on. */
  ended: { state: 'done' | 'failed' | 'cancelled'; error: string | null } | null
}

/** What a node holds of a job, and is to begin where it has not; `cancel` ends it. */
export type ModelJobOrder = Pick<ModelJob, 'kind' | 'model' | 'destination' | 'keepAlive'> & {
  jobId: string
  backendId: string
  cancel: boolean
}

/** What the duties of a gateway, and the verbs that steer them, need; part of `Database`. */
export type GatewayDuties = {
  readChanges(): Promise<Changes>
  /** Asks every gateway to end a request; what is older than ten minutes is forgotten. */
  createStopRequest(
    stop: { exchangeId: string; atMs: number; requestedByUserId: string | null },
    audit: AuditEntry,
  ): Promise<void>

  /**
   * Decodes, redacts (`[redacted]`), cuts to `charsMax` and stores, in one step. A text for which
   * the patterns take too long is left out: it is never stored unredacted. Returns how many texts.
   */
  storeCapturedContent(batch: {
    items: CaughtContent[]
    charsMax: number
    redactions: string[]
  }): Promise<{ withheld: number }>
  /** Whether there is something to read; reading it is audited, this is not. */
  hasCapturedContent(recordId: string): Promise<boolean>
  /** Who reads what was asked and answered is written down: the audit row comes with it. */
  readCapturedContent(recordId: string, audit: AuditEntry): Promise<CapturedContent | null>
  pruneCapturedContent(filter: { olderThanMs: number; limit: number }): Promise<number>

  /** Refused with `admin.invalid_input` while 200 jobs are open. */
  createModelJob(job: NewModelJob, audit: AuditEntry): Promise<ModelJob>
  /** What waits is cancelled at once, what runs within a second; all backends without names. */
  cancelModelJob(
    id: string,
    audit: AuditEntry,
    options?: { backendIds?: string[] },
  ): Promise<ModelJob>
  /** What failed or was cancelled waits again; all of it without names. */
  resumeModelJob(
    id: string,
    audit: AuditEntry,
    options?: { backendIds?: string[] },
  ): Promise<ModelJob>
  findModelJob(id: string): Promise<ModelJob | null>
  /** The newest first. */
  listModelJobs(filter: { limit: number; beforeId?: string; open?: boolean }): Promise<ModelJob[]>
  /**
   * A node tells its news, renews its leases, claims jobs that nobody holds, and takes its orders,
   * in one transaction. News about a job whose lease another node has taken are left out; work
   * that is not among the orders any more is another node's.
   */
  exchangeModelJobNews(node: {
    nodeId: string
    nowMs: number
    leaseMs: number
    perBackendMax: number
    news: ModelJobNews[]
  }): Promise<ModelJobOrder[]>
  /** For a node that ends: its jobs wait for another at once. */
  releaseModelJobs(nodeId: string): Promise<void>
  /** Only jobs that have ended. */
  pruneModelJobs(filter: { endedBeforeMs: number; limit: number }): Promise<number>
}

/**
 * H1: one row per exchange, refusals and failures included. Times are milliseconds, `null` is
 * "not known". Never prompt text, never a key.
 */
export type UsageRecord = {
  /** The request id, `req_…`; unique. */
  id: string
  /** When the request arrived, ms since the epoch. */
  startedAtMs: number
  nodeId: string
  keyId: string | null
  keyPrefix: string | null
  userId: string | null
  /** `anonymous` where a frontend is open; else null without a principal. */
  principal: string | null
  frontend: string | null
  backendId: string | null
  backendName: string | null
  modelAsked: string | null
  modelServed: string | null
  modelDigest: string | null
  modelWasLoaded: boolean | null
  dialect: 'ollama' | 'openai' | 'anthropic' | null
  operation: string | null
  stream: boolean | null
  status: number
  errorCode: string | null
  /** The public text that the client read. */
  errorText: string | null
  finishReason: string | null
  promptTokens: number | null
  completionTokens: number | null
  /** True where a count is an estimate of ours. */
  tokensEstimated: boolean
  queueMs: number | null
  loadMs: number | null
  prefillMs: number | null
  decodeMs: number | null
  totalMs: number
  timeToFirstTokenMs: number | null
  tokensPerSecond: number | null
  /** Time spent in the gateway itself. */
  overheadMs: number | null
  attempts: number
  bytesIn: number
  bytesOut: number
  clientAddress: string | null
  userAgent: string | null
  method: string
  /** Without query and without key prefix. */
  path: string
  /** Under 200 bytes: the chosen backend and a reason code for each other. */
  routeDecision: string | null
  numCtx: number | null
  keepAlive: string | null
}

/**
 * How an exchange ended, for roll-ups and reports. One that a person stopped (`gateway.stopped`)
 * counts as `left`: somebody on our side of the wire did not want the rest, and nothing failed.
 * The error code keeps the two apart, in records and in the roll-ups by error.
 */
export type UsageOutcome = 'ok' | 'refused' | 'failed' | 'left'

export function usageOutcome(record: Pick<UsageRecord, 'status' | 'errorCode'>): UsageOutcome {
  if (record.status === 499 || record.errorCode === 'gateway.stopped') return 'left'
  if (record.errorCode !== null && record.status < 400) return 'failed'
  if (record.status >= 500) return 'failed'
  if (record.status >= 400) return 'refused'
  return 'ok'
}

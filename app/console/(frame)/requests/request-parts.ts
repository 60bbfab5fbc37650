import type { ListedRequest } from '@/lib/admin/request-log'
import type { WaterfallPart } from '@/lib/ui/waterfall'

type Times = Pick<
  ListedRequest,
  | 'status'
  | 'errorCode'
  | 'backendName'
  | 'attempts'
  | 'totalMs'
  | 'timeToFirstTokenMs'
  | 'overheadMs'
  | 'queueMs'
  | 'loadMs'
  | 'prefillMs'
  | 'decodeMs'
>

/**
 * The life of a request in the order of its phases. What a server tells of them comes first; else
 * what was seen from outside: the wait, and the answer from its first token on. `tried` names the
 * servers that were tried first and failed: nobody counted the time of each.
 */
export function requestParts(request: Times, tried: readonly string[] = []): WaterfallPart[] {
  return [...tried.map(failedAttempt), ...phasesOf(request)]
}

function failedAttempt(server: string): WaterfallPart {
  return { kind: 'failed', label: `${server} failed`, lengthMs: null }
}

function phasesOf(request: Times): WaterfallPart[] {
  const { attempts, totalMs, timeToFirstTokenMs, queueMs, loadMs, prefillMs, decodeMs } = request
  if (decodeMs !== null || prefillMs !== null) {
    const queue: WaterfallPart =
      attempts > 1
        ? { kind: 'failed', label: `${triesInWords(attempts)}, queue`, lengthMs: queueMs }
        : { kind: 'queue', lengthMs: queueMs }
    return [
      queue,
      { kind: 'load', lengthMs: loadMs },
      { kind: 'prefill', lengthMs: prefillMs },
      { kind: 'decode', lengthMs: decodeMs },
    ]
  }
  const overheadMs = Math.min(request.overheadMs ?? 0, timeToFirstTokenMs ?? totalMs)
  const gateway: WaterfallPart = { kind: 'gateway', lengthMs: overheadMs }
  if (timeToFirstTokenMs !== null) {
    return [
      gateway,
      { kind: 'queue', label: 'First token', lengthMs: timeToFirstTokenMs - overheadMs },
      { kind: 'decode', label: 'Answer', lengthMs: totalMs - timeToFirstTokenMs },
    ]
  }
  if (request.backendName === null) return [{ kind: 'gateway', lengthMs: totalMs }]
  const outside = totalMs - overheadMs
  if (request.status >= 500) {
    return [gateway, { kind: 'failed', label: triesInWords(attempts + 1), lengthMs: outside }]
  }
  return [gateway, { kind: 'queue', label: 'Server', lengthMs: outside }]
}

/** `gateway.client_left` of the table of errors as a badge says it: `client left`. */
export function errorInWords(code: string | null): string | undefined {
  if (code === null) return undefined
  return shortWords[code] ?? code.slice(code.indexOf('.') + 1).replaceAll('_', ' ')
}

const shortWords: Record<string, string> = {
  'auth.key_malformed': 'bad key',
  'auth.key_missing': 'no key',
  'auth.key_unknown': 'bad key',
  'auth.model_not_allowed': 'model',
  'auth.permission_missing': 'permission',
  'backends.refused': 'by server',
  'backends.refused_credentials': 'server key',
  'gateway.client_left': 'left',
  'gateway.internal': 'our fault',
  'limits.address_denied': 'address',
  'limits.key_address_denied': 'address',
  'limits.in_flight_full': 'in flight',
  'limits.rate_exceeded': 'rate',
  'routing.model_not_found': 'no model',
  'routing.no_backend': 'no server',
}

function triesInWords(attempts: number): string {
  return attempts <= 2 ? 'Failed try' : `${attempts - 1} failed tries`
}

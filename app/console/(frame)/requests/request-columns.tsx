import type { Column } from '@/components/data-table/column'
import { AbsoluteTime } from '@/components/relative-time/relative-time'
import { HttpStatus } from '@/components/status-badge/http-status'
import type { ListedRequest } from '@/lib/admin/request-log'
import { formatDuration, formatExact, formatSpeed, unknown } from '@/lib/ui/format'
import { formatDay } from '@/lib/ui/format-time'
import { LifeBar } from './life-bar'
import { errorInWords } from './request-parts'

/** The columns of the log; beside a sheet only those that there is room for. */
export function requestColumns({
  zone,
  isLong,
  isBeside,
}: {
  zone: string
  /** The range is longer than a day: rows say which. */
  isLong: boolean
  isBeside: boolean
}): Column<ListedRequest>[] {
  const columns: Column<ListedRequest>[] = [
    {
      id: 'time',
      header: 'Time',
      width: isLong ? 164 : 116,
      card: 'detail',
      cell: ({ startedAtMs }) => (
        <>
          {isLong && (
            <span className="text-muted-foreground">
              {formatDay(startedAtMs, zone, 'no-year')}{' '}
            </span>
          )}
          <AbsoluteTime ms={startedAtMs} />
        </>
      ),
    },
    {
      id: 'status',
      header: 'Status',
      width: 130,
      card: 'title',
      cell: ({ status, errorCode }) => (
        <HttpStatus status={status} words={wordsOf(status, errorCode)} />
      ),
      value: ({ status, errorCode }) => [status, errorCode].filter(Boolean).join(' '),
      filter: ({ status, errorCode }) =>
        errorCode === null
          ? { field: 'status', value: String(status) }
          : { field: 'error', value: errorCode },
    },
    {
      id: 'model',
      header: 'Model',
      width: 150,
      grow: true,
      card: 'title',
      isCopyable: true,
      cell: (request) => <Mono text={modelOf(request)} />,
      value: modelOf,
      filter: ({ modelServed, modelAsked }) =>
        modelServed !== null
          ? { field: 'model', value: modelServed }
          : modelAsked === null
            ? null
            : { field: 'asked', value: modelAsked },
    },
    {
      id: 'asked',
      header: 'Model asked',
      width: 150,
      isHiddenAtFirst: true,
      isCopyable: true,
      cell: ({ modelAsked }) => <Mono text={modelAsked} />,
      value: ({ modelAsked }) => modelAsked,
      filter: ({ modelAsked }) => filterOf('asked', modelAsked),
    },
    {
      id: 'user',
      header: 'User',
      width: 84,
      card: 'detail',
      cell: ({ principal }) => principal ?? unknown,
      value: ({ principal }) => principal,
      filter: ({ userId }) => filterOf('user', userId),
    },
    {
      id: 'key',
      yields: true,
      header: 'Key',
      width: 96,
      card: 'detail',
      cell: (request) => keyOf(request) ?? unknown,
      value: keyOf,
      filter: ({ keyId }) => filterOf('key', keyId),
    },
    {
      id: 'server',
      header: 'Server',
      width: 92,
      cell: ({ backendName }) => <Mono text={backendName} />,
      value: ({ backendName }) => backendName,
      filter: ({ backendId }) => filterOf('server', backendId),
    },
    {
      id: 'first',
      header: 'First token',
      align: 'right',
      width: 88,
      cell: ({ timeToFirstTokenMs }) => formatDuration(timeToFirstTokenMs),
      value: ({ timeToFirstTokenMs }) => timeToFirstTokenMs,
    },
    {
      id: 'total',
      header: 'Total',
      align: 'right',
      width: 80,
      card: 'value',
      cell: ({ totalMs }) => formatDuration(totalMs),
      value: ({ totalMs }) => totalMs,
    },
    {
      id: 'life',
      yields: true,
      header: 'Phases',
      width: 84,
      card: 'end',
      cell: (request) => (
        <span className="block min-w-16">
          <LifeBar request={request} />
        </span>
      ),
    },
    {
      id: 'in',
      yields: true,
      header: 'In',
      unit: 'tokens',
      align: 'right',
      width: 92,
      cell: ({ promptTokens, tokensEstimated }) => tokens(promptTokens, tokensEstimated),
      value: ({ promptTokens }) => promptTokens,
    },
    {
      id: 'out',
      yields: true,
      header: 'Out',
      unit: 'tokens',
      align: 'right',
      width: 100,
      cell: ({ completionTokens, tokensEstimated }) => tokens(completionTokens, tokensEstimated),
      value: ({ completionTokens }) => completionTokens,
    },
    {
      id: 'speed',
      header: 'Speed',
      align: 'right',
      width: 96,
      isHiddenAtFirst: true,
      cell: ({ tokensPerSecond }) => formatSpeed(tokensPerSecond),
      value: ({ tokensPerSecond }) => tokensPerSecond,
    },
    {
      id: 'attempts',
      header: 'Attempts',
      align: 'right',
      width: 84,
      isHiddenAtFirst: true,
      cell: ({ attempts }) => attempts,
      value: ({ attempts }) => attempts,
    },
    {
      id: 'operation',
      header: 'Operation',
      width: 132,
      isHiddenAtFirst: true,
      cell: ({ operation }) => <Mono text={operation} />,
      value: ({ operation }) => operation,
      filter: ({ operation }) => filterOf('operation', operation),
    },
    {
      id: 'dialect',
      header: 'Dialect',
      width: 100,
      isHiddenAtFirst: true,
      cell: ({ dialect }) => dialect ?? unknown,
      value: ({ dialect }) => dialect,
      filter: ({ dialect }) => filterOf('dialect', dialect),
    },
    {
      id: 'address',
      header: 'Address',
      width: 132,
      isHiddenAtFirst: true,
      isCopyable: true,
      cell: ({ clientAddress }) => <Mono text={clientAddress} />,
      value: ({ clientAddress }) => clientAddress,
      filter: ({ clientAddress }) => filterOf('address', clientAddress),
    },
    {
      id: 'agent',
      header: 'Client',
      width: 180,
      isHiddenAtFirst: true,
      cell: ({ userAgent }) => userAgent ?? unknown,
      value: ({ userAgent }) => userAgent,
    },
    {
      id: 'path',
      header: 'Path',
      width: 180,
      isHiddenAtFirst: true,
      isCopyable: true,
      cell: ({ method, path }) => <Mono text={`${method} ${path}`} />,
      value: ({ method, path }) => `${method} ${path}`,
    },
    {
      id: 'id',
      header: 'Request id',
      width: 290,
      isHiddenAtFirst: true,
      isCopyable: true,
      cell: ({ id }) => <Mono text={id} />,
      value: ({ id }) => id,
    },
  ]
  return isBeside ? columns.filter(({ id }) => besideSheet.has(id)) : columns
}

const besideSheet = new Set(['time', 'status', 'model', 'user', 'total'])

/** The one that answered; where none did, the one that was asked for. */
function modelOf({ modelServed, modelAsked }: ListedRequest): string | null {
  return modelServed ?? modelAsked
}

/** As it is called now, else what is left of it. */
export function keyOf({
  keyName,
  keyPrefix,
}: Pick<ListedRequest, 'keyName' | 'keyPrefix'>): string | null {
  return keyName ?? (keyPrefix === null ? null : `op_${keyPrefix}…`)
}

/** An answer that broke off keeps its 200 and has an error all the same. */
export function wordsOf(status: number, errorCode: string | null): string | undefined {
  return status < 400 && errorCode === null ? undefined : errorInWords(errorCode)
}

function filterOf(field: string, value: string | null) {
  return value === null ? null : { field, value }
}

function tokens(count: number | null, isEstimated: boolean): string {
  return count !== null && isEstimated ? `≈ ${formatExact(count)}` : formatExact(count)
}

function Mono({ text }: { text: string | null }) {
  if (text === null) return <span className="text-muted-foreground">{unknown}</span>
  return <span className="font-mono">{text}</span>
}

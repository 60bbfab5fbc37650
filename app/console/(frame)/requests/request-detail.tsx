import type { ReactNode } from 'react'
import { GuideText } from '@/components/guide-text/guide-text'
import { Link } from '@/components/link/link'
import { Facts } from '@/components/side-sheet/facts'
import { Waterfall } from '@/components/waterfall/waterfall'
import type { RequestDetail as Detail } from '@/lib/admin/requests'
import { cn } from '@/lib/ui/cn'
import {
  cutMiddle,
  formatBytes,
  formatDuration,
  formatExact,
  formatSpeed,
  unknown,
} from '@/lib/ui/format'
import { ContentAndAgain } from './content-and-again'
import { Part } from './detail-part'
import { keyOf } from './request-columns'
import { requestParts } from './request-parts'

/** What is known of a request: the cause first, then its life, then the facts. */
export function RequestDetail({
  detail,
  mayReadAll,
  hasContent,
  host,
}: {
  detail: Detail
  mayReadAll: boolean
  hasContent: boolean
  host: string
}) {
  const { record, slowness, error } = detail
  return (
    <>
      <p className={cn('text-base', slowness.slow && 'font-medium')}>
        {slowness.slow && <span className="text-warning-text">Slow: </span>}
        {slowness.slow ? lowerFirst(slowness.text) : slowness.text}
      </p>
      {error !== null && (
        <section
          aria-label="Error"
          className={cn('rounded-lg px-4 py-3 text-sm', lookOf(record.status).ground)}
        >
          <p className={cn('font-medium', lookOf(record.status).text)}>
            <code>{error.code}</code>
          </p>
          {record.errorText && <p className="wrap-anywhere mt-1">“{record.errorText}”</p>}
          <p className="mt-1">
            <GuideText text={error.means} />
          </p>
          <p className="mt-1">
            <span className="font-medium">What to do: </span>
            <GuideText text={error.check} />
          </p>
        </section>
      )}
      <Part title="Where the time went">
        <Waterfall parts={requestParts(record, triedOf(detail))} totalMs={record.totalMs} />
      </Part>
      <Part title="Attempts and route">
        <Route detail={detail} mayReadAll={mayReadAll} />
      </Part>
      <Part title="Tokens and speed">
        <Facts facts={tokenFacts(detail)} />
      </Part>
      <Part title="Who">
        <Facts facts={whoFacts(detail, mayReadAll)} />
      </Part>
      <Part title="What">
        <Facts facts={whatFacts(detail, mayReadAll)} />
      </Part>
      <ContentAndAgain
        key={record.id}
        requestId={record.id}
        hasContent={hasContent}
        call={{
          method: record.method,
          path: record.path,
          operation: record.operation,
          modelAsked: record.modelAsked,
          stream: record.stream,
          numCtx: record.numCtx,
          keepAlive: record.keepAlive,
          principal: record.principal,
        }}
        host={host}
      />
    </>
  )
}

/** As its badge: what the client did is no failure. */
function lookOf(status: number): { ground: string; text: string } {
  if (status === 499) return { ground: 'bg-muted', text: 'text-foreground' }
  return status >= 500 || status < 400
    ? { ground: 'bg-destructive-tint', text: 'text-destructive-text' }
    : { ground: 'bg-warning-tint', text: 'text-warning-text' }
}

/** The servers that failed before the last, where the decision says so. */
function triedOf({ route }: Detail): string[] {
  return (route?.others ?? []).flatMap(({ reason, servers }) =>
    reason === 'tried_first' ? servers : [],
  )
}

function Route({ detail, mayReadAll }: { detail: Detail; mayReadAll: boolean }) {
  const { record, route } = detail
  const server = record.backendName
  if (server === null) {
    return <p className="text-muted-foreground text-sm">It ended before a server was chosen.</p>
  }
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {route?.others
        .filter(({ reason }) => reason === 'tried_first')
        .map(({ why, servers }) => (
          <li key={why} className="text-destructive-text">
            <Names names={servers} />: {why}
          </li>
        ))}
      <li>
        <ThingLink
          href={mayReadAll && record.backendId ? `/console/servers/${record.backendId}` : null}
        >
          <code>{server}</code>
        </ThingLink>{' '}
        {endingInWords(record.status)} at{' '}
        {record.attempts <= 1 ? 'the first attempt' : `attempt ${record.attempts}`}
        {record.modelWasLoaded !== null &&
          `; the model was ${record.modelWasLoaded ? '' : 'not '}loaded there`}
      </li>
      {route?.others
        .filter(({ reason }) => reason !== 'tried_first')
        .map(({ why, servers }) => (
          <li key={why} className="text-muted-foreground">
            <Names names={servers} />: {why}
          </li>
        ))}
    </ul>
  )
}

function endingInWords(status: number): string {
  if (status === 499) return 'was left'
  return status >= 500 ? 'failed' : 'answered'
}

function Names({ names }: { names: readonly string[] }) {
  return <code className="wrap-anywhere">{names.join(', ')}</code>
}

type Fact = { label: string; value: ReactNode }

function tokenFacts({ record, usual }: Detail): Fact[] {
  const { tokensEstimated } = record
  const count = (tokens: number | null) =>
    tokens === null ? unknown : `${tokensEstimated ? '≈ ' : ''}${formatExact(tokens)}`
  return [
    { label: 'In', value: inTokens(count(record.promptTokens)) },
    { label: 'Out', value: inTokens(count(record.completionTokens)) },
    {
      label: 'Speed',
      value: beside(formatSpeed(record.tokensPerSecond), usual.tokensPerSecondP50, formatSpeed),
    },
    {
      label: 'First token',
      value: beside(
        formatDuration(record.timeToFirstTokenMs),
        usual.timeToFirstTokenMsP50,
        formatDuration,
      ),
    },
    {
      label: 'Total',
      value: beside(formatDuration(record.totalMs), usual.totalMsP50, formatDuration),
    },
    ...given('Ended by', record.finishReason),
    ...given('Context', record.numCtx === null ? null : `${formatExact(record.numCtx)} tokens`),
    ...given('Keep loaded', record.keepAlive),
  ]
}

function whoFacts({ record }: Detail, mayReadAll: boolean): Fact[] {
  const key = keyOf(record)
  return [
    {
      label: 'User',
      value: (
        <ThingLink href={mayReadAll && record.userId ? `/console/users/${record.userId}` : null}>
          {record.principal ?? unknown}
        </ThingLink>
      ),
    },
    {
      label: 'Key',
      value:
        key === null ? (
          unknown
        ) : (
          <>
            <ThingLink href={record.keyName === null ? null : `/console/keys/${record.keyId}`}>
              {key}
            </ThingLink>
            {record.keyName !== null && record.keyPrefix !== null && (
              <code className="ml-2 text-muted-foreground">op_{record.keyPrefix}…</code>
            )}
          </>
        ),
    },
    { label: 'Address', value: <Code text={record.clientAddress} /> },
    { label: 'Client', value: record.userAgent ?? unknown },
    ...given('Frontend', record.frontend),
  ]
}

function whatFacts({ record }: Detail, mayReadAll: boolean): Fact[] {
  const { modelAsked, modelServed } = record
  return [
    {
      label: 'Call',
      value: (
        <code className="wrap-anywhere">
          {record.method} {record.path}
        </code>
      ),
    },
    {
      label: 'Operation',
      value:
        [record.operation, record.dialect, record.stream === true ? 'stream' : null]
          .filter(Boolean)
          .join(', ') || unknown,
    },
    { label: 'Model asked', value: <Code text={modelAsked} /> },
    {
      label: 'Model served',
      value: (
        <>
          <ThingLink
            href={
              mayReadAll && modelServed
                ? `/console/models/${encodeURIComponent(modelServed)}`
                : null
            }
          >
            <Code text={modelServed} />
          </ThingLink>
          {record.modelDigest !== null && (
            <code className="ml-2 text-muted-foreground" title={record.modelDigest}>
              {record.modelDigest.replace(/^sha256:/, '').slice(0, 12)}
            </code>
          )}
        </>
      ),
    },
    {
      label: 'Size',
      value: `${formatBytes(record.bytesIn)} in, ${formatBytes(record.bytesOut)} out`,
    },
    {
      label: 'Node',
      value: (
        <code className="text-muted-foreground" title={record.nodeId}>
          {cutMiddle(record.nodeId)}
        </code>
      ),
    },
  ]
}

function given(label: string, value: string | null): Fact[] {
  return value === null ? [] : [{ label, value }]
}

function inTokens(count: string): string {
  return count === unknown ? count : `${count} tokens`
}

/** A figure with what is usual behind it. */
function beside(text: string, usual: number | null, format: (figure: number) => string): ReactNode {
  if (usual === null) return text
  return (
    <>
      {text} <span className="text-muted-foreground">usually {format(usual)}</span>
    </>
  )
}

function Code({ text }: { text: string | null }) {
  return text === null ? unknown : <code className="wrap-anywhere">{text}</code>
}

function ThingLink({ href, children }: { href: string | null; children: ReactNode }) {
  if (href === null) return children
  return (
    <Link href={href} prefetch={false} className="text-link">
      {children}
    </Link>
  )
}

/** Words follow a colon; names of servers stay as they are. */
function lowerFirst(text: string): string {
  return /^(The|It|A|One) /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

'use client'

import { useQuery } from '@tanstack/react-query'
import { CircleCheckIcon, EarIcon, TriangleAlertIcon } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Link } from '@/components/link/link'
import type { FirstSuccess, Knock, LastKnock } from '@/lib/admin/last-knock'
import { cn } from '@/lib/ui/cn'
import { formatDuration } from '@/lib/ui/format'
import { largestUnit } from '@/lib/ui/format-time'

const everyMs = 2000
/** A call from just before the dialog was opened is why it was opened. */
const backMs = 60_000

/** Reads back what came from the reader's own address: the last that failed, the first that worked. */
export function LastKnockLine({ onFollow }: { onFollow: () => void }) {
  // Not the time of day: the clock of this machine may be another than the server's.
  const [openedAt] = useState(() => performance.now())
  const { data, error } = useQuery({
    queryKey: ['connect', 'knock', openedAt],
    refetchInterval: everyMs,
    refetchOnWindowFocus: true,
    queryFn: async ({ signal }) => {
      const back = Math.ceil(performance.now() - openedAt + backMs)
      const answer = await fetch(`/console/data/connect/knock?back=${back}`, {
        signal,
        cache: 'no-store',
      })
      if (!answer.ok) throw new Error(`The console answered ${answer.status}.`)
      return (await answer.json()) as LastKnock
    },
  })
  return (
    <div role="status" className="min-h-16">
      <KnockWords data={data ?? null} hasFailed={error !== null} onFollow={onFollow} />
    </div>
  )
}

function KnockWords({
  data,
  hasFailed,
  onFollow,
}: {
  data: LastKnock | null
  hasFailed: boolean
  onFollow: () => void
}) {
  if (data?.success) return <Success success={data.success} nowMs={data.nowMs} follow={onFollow} />
  if (data?.knock) return <Failure knock={data.knock} nowMs={data.nowMs} follow={onFollow} />
  if (data !== null && data.address === null) {
    return (
      <Line icon={<EarIcon />} title="Your address is not known here">
        So calls of yours cannot be told from others. Requests lists all.
      </Line>
    )
  }
  return (
    <Line icon={<EarIcon />} title={hasFailed ? 'Not listening' : 'Listening for your first call'}>
      {hasFailed
        ? 'The console did not answer; it is asked again.'
        : data === null
          ? 'What comes from your address is read back here.'
          : `What comes from ${data.address} is read back here, with the cure when it is refused.`}
    </Line>
  )
}

function Failure({ knock, nowMs, follow }: { knock: Knock; nowMs: number; follow: () => void }) {
  const { id, atMs, client, problem, cure, method, path, status } = knock
  const age = useAge(atMs, nowMs)
  const who = client === null ? 'A call' : `A call of ${client}`
  return (
    <Line
      icon={<TriangleAlertIcon className="text-warning-text" />}
      title={`${who} ${age} ${problem}`}
      className="bg-warning-tint"
      aside={<RequestLink id={id} follow={follow} />}
    >
      {cure}
      <span className="block text-muted-foreground">
        <code>
          {method} {path}
        </code>{' '}
        {status}
      </span>
    </Line>
  )
}

function Success({
  success,
  nowMs,
  follow,
}: {
  success: FirstSuccess
  nowMs: number
  follow: () => void
}) {
  const { id, atMs, client, keyName, model, backendName, totalMs } = success
  const age = useAge(atMs, nowMs)
  const from = backendName === null ? '' : ` from ${backendName}`
  return (
    <Line
      icon={<CircleCheckIcon className="text-success-text" />}
      title={`It works: ${client ?? 'a call'} ${age} was answered`}
      className="bg-success-tint"
      aside={<RequestLink id={id} follow={follow} />}
    >
      {[keyName, model].filter((part) => part !== null).join(', ')}
      {from}, {formatDuration(totalMs)}
    </Line>
  )
}

function RequestLink({ id, follow }: { id: string; follow: () => void }) {
  return (
    <Link
      href={`/console/requests/${encodeURIComponent(id)}`}
      onClick={follow}
      className="shrink-0 rounded-sm text-link text-sm"
    >
      Show request
    </Link>
  )
}

function Line({
  icon,
  title,
  className,
  aside,
  children,
}: {
  icon: ReactNode
  title: string
  className?: string
  aside?: ReactNode
  children: ReactNode
}) {
  return (
    <div
      className={cn(
        'flex min-h-16 items-start gap-3 rounded-lg bg-muted px-4 py-3 text-sm [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0',
        className,
      )}
    >
      {icon}
      <div className="wrap-anywhere min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <p>{children}</p>
      </div>
      {aside}
    </div>
  )
}

/** Counts on between two answers, by the server's clock. */
function useAge(atMs: number, serverNowMs: number): string {
  const [gone, setGone] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins anew with each answer
  useEffect(() => {
    const begunAt = performance.now()
    setGone(0)
    const timer = setInterval(() => setGone(performance.now() - begunAt), 1000)
    return () => clearInterval(timer)
  }, [serverNowMs])
  const ms = serverNowMs - atMs + gone
  return ms < 1000 ? 'just now' : `${largestUnit(ms)} ago`
}

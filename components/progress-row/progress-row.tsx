'use client'

import { ChevronRightIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Collapsible, CollapsibleContent, CollapsibleTrigger } from '@/components/ui/collapsible'
import { Progress } from '@/components/ui/progress'
import { formatByteRate, formatBytesOf, formatDuration } from '@/lib/ui/format'
import { useNeverBack } from './use-never-back'

export type ProgressRowProps = {
  /** The server, or the job. */
  name: ReactNode
  /** What is going on: `Pulling`, `Verifying`, `Waits for a slot`. */
  state: string
  tone?: 'running' | 'done' | 'failed' | 'idle'
  doneBytes: number | null
  totalBytes: number | null
  bytesPerSecond?: number | null
  leftMs?: number | null
  /** Why it failed, in words. */
  reason?: string | null
  /** Cancel, Retry or Resume. */
  action?: ReactNode
  layers?: readonly { id: string; doneBytes: number; totalBytes: number }[]
}

/** One server's share of a job: never backwards; a failed row keeps its reason and Retry. */
export function ProgressRow(props: ProgressRowProps) {
  const { name, state, tone = 'running', doneBytes, totalBytes, layers = [] } = props
  const done = useNeverBack(doneBytes)
  const share = useNeverBack(done !== null && totalBytes ? (done / totalBytes) * 100 : null)
  const facts = [
    totalBytes !== null && formatBytesOf(done, totalBytes),
    tone === 'running' && props.bytesPerSecond ? formatByteRate(props.bytesPerSecond) : null,
    tone === 'running' && props.leftMs ? `${formatDuration(props.leftMs)} left` : null,
  ].filter(Boolean)
  return (
    <Collapsible className="flex flex-col gap-1.5 py-2.5">
      <div className="flex min-h-6 items-center justify-between gap-3 text-sm">
        <span className="flex min-w-0 items-baseline gap-2">
          <span className="truncate font-medium">{name}</span>
          <span className="truncate text-muted-foreground">{state}</span>
        </span>
        <span className="flex shrink-0 items-center gap-2">
          <span className="text-muted-foreground max-sm:hidden">{facts.join(' · ')}</span>
          {props.action}
        </span>
      </div>
      <Progress
        value={tone === 'done' ? 100 : share}
        tone={tones[tone]}
        aria-label={typeof name === 'string' ? `${name}: ${state}` : state}
      />
      <p className="text-muted-foreground text-xs sm:hidden">{facts.join(' · ')}</p>
      {props.reason && <p className="text-destructive-text text-sm">{props.reason}</p>}
      {layers.length > 0 && (
        <>
          <CollapsibleTrigger className="group flex w-fit items-center gap-1 rounded-sm text-muted-foreground text-xs hover:text-foreground">
            <ChevronRightIcon className="size-3 transition-transform group-data-[state=open]:rotate-90" />
            {layers.length === 1 ? '1 layer' : `${layers.length} layers`}
          </CollapsibleTrigger>
          <CollapsibleContent>
            <ul className="flex flex-col gap-1 pt-1 pl-4">
              {layers.map((layer) => (
                <li
                  key={layer.id}
                  className="grid grid-cols-[7rem_1fr_auto] items-center gap-3 text-muted-foreground text-xs"
                >
                  <code className="truncate">{layer.id}</code>
                  <Progress
                    value={layer.totalBytes > 0 ? (layer.doneBytes / layer.totalBytes) * 100 : null}
                    className="h-1"
                    tone="neutral"
                    aria-label={`Layer ${layer.id}`}
                  />
                  <span>{formatBytesOf(layer.doneBytes, layer.totalBytes)}</span>
                </li>
              ))}
            </ul>
          </CollapsibleContent>
        </>
      )}
    </Collapsible>
  )
}

const tones = {
  running: 'primary',
  done: 'success',
  failed: 'destructive',
  idle: 'neutral',
} as const

'use client'

import { useState } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { ProgressRow } from '@/components/progress-row/progress-row'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { Section } from '@/components/shell/page'
import { StatusBadge, type Tone } from '@/components/status-badge/status-badge'
import { toastProblem } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import type { ModelJob, ModelJobBackend } from '@/lib/db/contract-duties'
import { formatByteRate, formatBytesOf, formatNumberOf } from '@/lib/ui/format'
import { cancelJob, resumeJob } from './actions'
import { describePart, isOpen, isResumable, sumOf } from './job-words'

const endedShown = 5

/** What is being done to models, and what was: it goes on without this page, and after a restart. */
export function Jobs({
  jobs,
  nowMs,
  mayManage,
  refresh,
}: {
  jobs: readonly ModelJob[]
  nowMs: number
  mayManage: boolean
  refresh: () => Promise<void>
}) {
  const [isWhole, setIsWhole] = useState(false)
  if (jobs.length === 0) return null
  const open = jobs.filter(isOpen)
  const ended = jobs.filter((job) => !isOpen(job))
  const shown = [...open, ...(isWhole ? ended : ended.slice(0, endedShown))]
  const hidden = jobs.length - shown.length
  return (
    <Section
      id="jobs"
      title="Jobs"
      description="They go on when this page is closed. What ended is kept for 30 days."
    >
      <ul aria-label="Jobs" className="flex flex-col gap-3">
        {shown.map((job) => (
          <JobCard key={job.id} job={job} nowMs={nowMs} mayManage={mayManage} refresh={refresh} />
        ))}
      </ul>
      {hidden > 0 && (
        <Button
          variant="ghost"
          className="w-fit text-muted-foreground"
          onClick={() => setIsWhole(true)}
        >
          Show {formatNumberOf(hidden, 'older job')}
        </Button>
      )}
    </Section>
  )
}

function JobCard({
  job,
  nowMs,
  mayManage,
  refresh,
}: {
  job: ModelJob
  nowMs: number
  mayManage: boolean
  refresh: () => Promise<void>
}) {
  const sum = sumOf(job)
  const act = async (verb: typeof cancelJob, backendId?: string) => {
    const result = await verb(job.id, backendId)
    if (!result.ok) toastProblem(`${titleOf(job)} did not change`, result.error.message)
    await refresh()
  }
  const open = job.backends.filter(isOpen)
  const resumable = job.backends.filter(isResumable)
  const several = job.backends.length > 1
  return (
    <li className="rounded-lg border bg-card px-4 pt-3 pb-1.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="flex min-w-0 max-w-full items-baseline gap-1.5 text-sm">
          <span className="shrink-0 font-medium">{verbs[job.kind]}</span>
          <code className="truncate" title={job.model}>
            {job.model}
          </code>
          {job.destination !== null && (
            <>
              <span className="shrink-0 text-muted-foreground">to</span>
              <code className="truncate" title={job.destination}>
                {job.destination}
              </code>
            </>
          )}
        </h3>
        <StatusBadge tone={tones[job.state]} quiet={job.state === 'done'}>
          {stateWords[job.state]}
        </StatusBadge>
        <span className="text-muted-foreground text-xs">
          {job.requestedBy}, <RelativeTime ms={job.createdAtMs} nowMs={nowMs} />
        </span>
        <div className="ml-auto flex items-center gap-1">
          {several && sum !== null && (
            <span className="mr-1 text-muted-foreground text-sm">
              {formatBytesOf(sum.doneBytes, sum.totalBytes)}
              {sum.bytesPerSecond ? ` · ${formatByteRate(sum.bytesPerSecond)}` : ''}
            </span>
          )}
          {mayManage && (open.length > 0 || resumable.length > 0) && (
            <AsCommand isIcon args={['jobs', open.length > 0 ? 'cancel' : 'resume', job.id]} />
          )}
          {mayManage && several && open.length > 0 && (
            <Button variant="outline" size="sm" onClick={() => act(cancelJob)}>
              Cancel all
            </Button>
          )}
          {mayManage && several && open.length === 0 && resumable.length > 0 && (
            <Button variant="outline" size="sm" onClick={() => act(resumeJob)}>
              Resume all
            </Button>
          )}
        </div>
      </div>
      <div className="divide-y">
        {job.backends.map((backend) => (
          <JobPart
            key={backend.backendId}
            job={job}
            backend={backend}
            action={
              mayManage ? (
                <PartAction
                  backend={backend}
                  job={job}
                  cancel={() => act(cancelJob, backend.backendId)}
                  resume={() => act(resumeJob, backend.backendId)}
                />
              ) : null
            }
          />
        ))}
      </div>
    </li>
  )
}

function JobPart({
  job,
  backend,
  action,
}: {
  job: ModelJob
  backend: ModelJobBackend
  action: React.ReactNode
}) {
  const { state, tone, doneBytes, totalBytes, bytesPerSecond, leftMs } = describePart(job, backend)
  return (
    <ProgressRow
      // What is begun again may start lower: a new row, so that the bar may go back.
      key={backend.attempts}
      name={backend.backendName}
      state={state}
      tone={tone}
      doneBytes={doneBytes}
      totalBytes={totalBytes}
      bytesPerSecond={bytesPerSecond}
      leftMs={leftMs}
      reason={backend.state === 'failed' ? backend.error : null}
      action={action}
      layers={(backend.progress?.layers ?? []).map((layer) => ({
        id: layer.digest.replace(/^sha256:/, '').slice(0, 12),
        doneBytes: layer.completedBytes,
        totalBytes: layer.totalBytes,
      }))}
    />
  )
}

function PartAction({
  backend,
  job,
  cancel,
  resume,
}: {
  backend: ModelJobBackend
  job: ModelJob
  cancel: () => void
  resume: () => void
}) {
  const on = `${verbs[job.kind].toLowerCase()} of ${job.model} on ${backend.backendName}`
  if (isOpen(backend)) {
    return (
      <Button
        variant="outline"
        size="sm"
        disabled={backend.cancelRequested}
        aria-label={`Cancel ${on}`}
        onClick={cancel}
      >
        Cancel
      </Button>
    )
  }
  if (!isResumable(backend)) return null
  const word = job.kind === 'pull' ? 'Resume' : 'Retry'
  return (
    <Button variant="outline" size="sm" aria-label={`${word} ${on}`} onClick={resume}>
      {word}
    </Button>
  )
}

function titleOf({ kind, model }: ModelJob): string {
  return `${verbs[kind]} ${model}`
}

const verbs = { pull: 'Pull', delete: 'Delete', copy: 'Copy', load: 'Load', unload: 'Unload' }
const stateWords = {
  queued: 'Waits',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
}
const tones: Record<ModelJob['state'], Tone> = {
  queued: 'unknown',
  running: 'busy',
  done: 'good',
  failed: 'bad',
  cancelled: 'off',
}

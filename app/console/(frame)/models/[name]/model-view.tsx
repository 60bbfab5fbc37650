'use client'

import { DownloadIcon } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { useAskedDialog } from '@/components/lazy-dialog/use-asked-dialog'
import { Link } from '@/components/link/link'
import { LiveButton } from '@/components/live/live-button'
import { useLive } from '@/components/live/use-live'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { Page, Section } from '@/components/shell/page'
import { useZone } from '@/components/shell/zone'
import { Facts } from '@/components/side-sheet/facts'
import { StaleProblem } from '@/components/states/stale-problem'
import { StatusBadge } from '@/components/status-badge/status-badge'
import { Tile, TileGrid } from '@/components/tile/tile'
import { Button } from '@/components/ui/button'
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from '@/components/ui/table'
import type { MatrixRow, MatrixServer } from '@/lib/admin/model-matrix'
import type { ModelPage } from '@/lib/admin/models-page'
import { formatChange } from '@/lib/ui/change'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatExact,
  formatPercent,
  formatShare,
  formatSpeed,
  unknown,
} from '@/lib/ui/format'
import { requestsHref } from '@/lib/ui/request-links'
import { formatContext, shortDigest } from '../cell-words'
import type { WantedJob } from '../job-dialog'
import { Jobs } from '../jobs'
import { ServerCell } from '../server-cell'

const JobDialog = lazyDialog(() => import('../job-dialog').then((m) => m.JobDialog))

const dialogs = ['load', 'pull'] as const

/** One model: what it is, where it is, how it does, and what can be done with it. */
export function ModelView({
  name,
  initial,
  nowMs,
  mayManage,
  children,
}: {
  name: string
  initial: ModelPage
  nowMs: number
  mayManage: boolean
  /** Its card, which a server is asked for. */
  children: ReactNode
}) {
  const { data, problem, asOfMs, refresh } = useLive<ModelPage>({
    key: ['model', name],
    url: `/console/data/models/${encodeURIComponent(name)}`,
    initialData: initial,
  })
  const { row, servers } = data
  const [asked, setAsked] = useAskedDialog(dialogs)
  const [own, setOwn] = useState<WantedJob | null>(null)
  const job = own ?? (mayManage && asked ? { kind: asked, row, serverIds: [] } : null)
  const setJob = (job: WantedJob | null) => {
    setOwn(job)
    setAsked(null)
  }
  const want = (kind: WantedJob['kind']) => setJob({ kind, row, serverIds: [] })
  const loadedOn = row.cells.filter((cell) => cell?.loaded).length
  const copies = row.cells.filter((cell) => cell?.copy).length
  return (
    <Page
      title={
        <span className="font-mono" title={row.name}>
          {row.name}
        </span>
      }
      badge={<StateBadge row={row} loadedOn={loadedOn} copies={copies} />}
      actions={
        <>
          <LiveButton />
          {mayManage && (
            <>
              {loadedOn < copies && (
                <Button variant="outline" onClick={() => want('load')}>
                  Load model
                </Button>
              )}
              {loadedOn > 0 && (
                <Button variant="outline" onClick={() => want('unload')}>
                  Unload model
                </Button>
              )}
              {copies > 0 && (
                <>
                  <Button variant="outline" onClick={() => want('copy')}>
                    Copy model
                  </Button>
                  <Button
                    variant="outline"
                    className="text-destructive-text"
                    onClick={() => want('delete')}
                  >
                    Delete model
                  </Button>
                </>
              )}
              <Button onClick={() => want('pull')}>
                <DownloadIcon /> Pull model
              </Button>
            </>
          )}
        </>
      }
    >
      <StaleProblem
        title="This model could not be read again"
        problem={problem}
        asOfMs={asOfMs}
        refresh={refresh}
      />
      <Figures data={data} />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <Section title="Servers">
          <ServersTable
            row={row}
            servers={servers}
            nowMs={nowMs}
            want={mayManage ? setJob : null}
          />
        </Section>
        <Section title="What it is">
          <div className="rounded-lg border bg-card p-4">
            <Facts facts={factsOf(data)} />
          </div>
        </Section>
      </div>
      {children}
      <Jobs jobs={data.jobs} nowMs={nowMs} mayManage={mayManage} refresh={refresh} />
      {mayManage && (
        <JobDialog
          open={job !== null}
          job={job}
          servers={servers}
          close={() => setJob(null)}
          refresh={refresh}
        />
      )}
    </Page>
  )
}

function StateBadge({
  row,
  loadedOn,
  copies,
}: {
  row: MatrixRow
  loadedOn: number
  copies: number
}) {
  if (row.differs) return <StatusBadge tone="warn">Copies differ</StatusBadge>
  if (copies === 0) return <StatusBadge tone="busy">Being pulled</StatusBadge>
  if (loadedOn > 0) return <StatusBadge tone="good">Loaded on {loadedOn}</StatusBadge>
  return <StatusBadge tone="off">On disk</StatusBadge>
}

function Figures({ data: { row, spellings, usage } }: { data: ModelPage }) {
  const value = spellings.length > 0 ? spellings : [row.name]
  const { before } = usage
  const requests = requestsHref('30d', { field: 'model', value })
  return (
    <TileGrid>
      <Tile
        label="Requests, 30 d"
        value={row.use === 'never' ? 'never' : formatCount(usage.requests)}
        values={usage.days.requests}
        change={formatChange(usage.requests, before.requests)}
        href={requests}
      />
      <Tile
        label="Failed, 30 d"
        value={formatShare(usage.failed, usage.requests)}
        values={usage.days.failed}
        change={formatChange(shareOf(usage), shareOf(before), 'points')}
        riseIs="bad"
        href={`${requests}&outcome=failed`}
      />
      <Tile
        label="Tokens in, 30 d"
        value={formatCount(usage.promptTokens)}
        values={usage.days.promptTokens}
        change={formatChange(usage.promptTokens, before.promptTokens)}
        href={requests}
      />
      <Tile
        label="Tokens out, 30 d"
        value={formatCount(usage.completionTokens)}
        values={usage.days.completionTokens}
        change={formatChange(usage.completionTokens, before.completionTokens)}
        href={requests}
      />
      <Tile
        label="First token p50"
        value={formatDuration(usage.timeToFirstTokenMsP50)}
        second={`p95 ${formatDuration(usage.timeToFirstTokenMsP95)}`}
        change={formatChange(usage.timeToFirstTokenMsP50, before.timeToFirstTokenMsP50)}
        riseIs="bad"
        href={requests}
      />
      <Tile
        label="Speed p50"
        value={formatSpeed(usage.tokensPerSecondP50)}
        change={formatChange(usage.tokensPerSecondP50, before.tokensPerSecondP50)}
        riseIs="good"
        href={requests}
      />
    </TileGrid>
  )
}

function shareOf({ failed, requests }: { failed: number; requests: number }): number | null {
  return requests === 0 ? null : failed / requests
}

function ServersTable({
  row,
  servers,
  nowMs,
  want,
}: {
  row: MatrixRow
  servers: readonly MatrixServer[]
  nowMs: number
  want: ((job: WantedJob) => void) | null
}) {
  const zone = useZone()
  return (
    <div className="overflow-hidden rounded-lg border bg-card">
      <Table cards aria-label={`Servers of ${row.name}`}>
        <TableHeader>
          <TableRow>
            <TableHead>Server</TableHead>
            <TableHead>State</TableHead>
            <TableHead>Copy</TableHead>
            <TableHead>Changed</TableHead>
            <TableHead>On the CPU</TableHead>
            <TableHead className="text-right">Speed p50</TableHead>
            <TableHead className="text-right">Requests, 30 d</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {servers.map((server, index) => {
            const cell = row.cells[index] ?? null
            const modifiedMs = Date.parse(cell?.copy?.modifiedAt ?? '')
            return (
              <TableRow key={server.id}>
                <TableCell className="max-w-48">
                  <Link
                    href={`/console/servers/${server.id}`}
                    prefetch={false}
                    title={server.name}
                    className="block truncate font-medium font-mono hover:underline"
                  >
                    {server.name}
                  </Link>
                </TableCell>
                <TableCell label="State">
                  <ServerCell
                    row={row}
                    index={index}
                    server={server}
                    lens="present"
                    zone={zone}
                    want={want}
                  />
                </TableCell>
                <TableCell label="Copy">
                  <code title={cell?.copy?.digest ?? undefined}>
                    {shortDigest(cell?.copy?.digest ?? null)}
                  </code>
                </TableCell>
                <TableCell label="Changed">
                  <RelativeTime
                    ms={Number.isFinite(modifiedMs) ? modifiedMs : null}
                    nowMs={nowMs}
                  />
                </TableCell>
                <TableCell label="On the CPU">
                  {cell?.loaded ? formatPercent(cell.loaded.cpuShare) : unknown}
                </TableCell>
                <TableCell label="Speed p50" className="whitespace-nowrap text-right">
                  {formatSpeed(cell?.tokensPerSecondP50 ?? null)}
                </TableCell>
                <TableCell label="Requests, 30 d" className="text-right">
                  {cell === null ? unknown : formatExact(cell.requests30d)}
                </TableCell>
              </TableRow>
            )
          })}
        </TableBody>
      </Table>
    </div>
  )
}

function factsOf({ row, aliases, assignedTo }: ModelPage) {
  return [
    { label: 'Size', value: formatBytes(row.sizeBytes) },
    { label: 'Parameters', value: row.parameterSize ?? unknown },
    { label: 'Quantisation', value: row.quantisation ?? unknown },
    { label: 'Context', value: formatContext(row.contextLength) },
    { label: 'Family', value: row.family ?? unknown },
    { label: 'Can', value: row.capabilities?.join(', ') || unknown },
    {
      label: 'Answers for',
      value:
        aliases.length === 0 ? (
          unknown
        ) : (
          <Link href="/console/routing#aliases" className="text-link">
            <code>{aliases.join(', ')}</code>
          </Link>
        ),
    },
    {
      label: 'Assigned to',
      value:
        assignedTo === null ? (
          'no server: routing chooses'
        ) : (
          <Link href="/console/routing#assignments" className="text-link">
            <code>{assignedTo}</code>
          </Link>
        ),
    },
    {
      label: 'Where it goes',
      value: (
        <Link
          href={`/console/routing?model=${encodeURIComponent(row.name)}#dry-run`}
          className="text-link"
        >
          Try a route
        </Link>
      ),
    },
  ]
}

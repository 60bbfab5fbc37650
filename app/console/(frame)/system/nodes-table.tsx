'use client'

import { RelativeTime } from '@/components/relative-time/relative-time'
import { StatusBadge } from '@/components/status-badge/status-badge'
import { Card } from '@/components/ui/card'
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from '@/components/ui/table'
import type { NodeFigure } from '@/lib/admin/system'
import { formatDuration, formatExact, unknown } from '@/lib/ui/format'
import { largestUnit } from '@/lib/ui/format-time'

/** Those that report first; a handful, so a plain table, and cards on a phone. */
export function NodesTable({
  nodes,
  nowMs,
  configRevision,
}: {
  nodes: readonly NodeFigure[]
  nowMs: number
  configRevision: number
}) {
  if (nodes.length === 0) {
    return (
      <Card className="px-4 py-8 text-center text-muted-foreground text-sm">
        No node has reported within a day.
      </Card>
    )
  }
  const sorted = nodes.toSorted((one, other) => Number(one.silent) - Number(other.silent))
  return (
    <>
      <Card className="hidden overflow-hidden sm:flex">
        <Table>
          <TableHeader>
            <TableRow className="h-8">
              <TableHead className="pl-4">Node</TableHead>
              <TableHead>State</TableHead>
              <TableHead>Role</TableHead>
              <TableHead>Version</TableHead>
              <TableHead>Configuration</TableHead>
              <TableHead className="text-right">Up</TableHead>
              <TableHead className="text-right">In flight</TableHead>
              <TableHead className="text-right">Journal lag</TableHead>
              <TableHead className="pr-4 text-right">Event loop p99</TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {sorted.map((node) => (
              <TableRow key={node.id}>
                <TableCell className="max-w-64 truncate pl-4 font-mono" title={node.id}>
                  {node.id}
                </TableCell>
                <TableCell>
                  <NodeState node={node} nowMs={nowMs} />
                </TableCell>
                <TableCell>{roleWords[node.role]}</TableCell>
                <TableCell>{node.version}</TableCell>
                <TableCell className="text-muted-foreground">
                  {configurationOf(node, configRevision)}
                </TableCell>
                <TableCell className="whitespace-nowrap text-right">
                  {node.silent ? unknown : largestUnit(nowMs - node.startedAtMs)}
                </TableCell>
                <TableCell className="text-right">{figure(node, node.inFlight)}</TableCell>
                <TableCell className="whitespace-nowrap text-right">
                  {figure(node, node.journalLagRecords, 'rec')}
                </TableCell>
                <TableCell className="whitespace-nowrap pr-4 text-right">
                  {node.silent ? unknown : formatDuration(node.eventLoopDelayMs)}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Card>
      <ul className="flex flex-col gap-2 sm:hidden">
        {sorted.map((node) => (
          <li key={node.id} className="flex flex-col gap-1 rounded-lg border bg-card px-4 py-3">
            <div className="flex items-center justify-between gap-3">
              <code className="min-w-0 truncate text-sm" title={node.id}>
                {node.id}
              </code>
              <NodeState node={node} nowMs={nowMs} />
            </div>
            <p className="text-muted-foreground text-sm">
              {roleWords[node.role]} {node.version}
              {!node.silent &&
                `, up ${largestUnit(nowMs - node.startedAtMs)}, ${formatExact(node.inFlight)} in flight, ${formatExact(node.journalLagRecords)} records behind, event loop ${formatDuration(node.eventLoopDelayMs)}`}
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

const roleWords: Record<NodeFigure['role'], string> = {
  all: 'Gateway and console',
  gateway: 'Gateway',
  console: 'Console',
}

function NodeState({ node, nowMs }: { node: NodeFigure; nowMs: number }) {
  if (!node.silent) return <StatusBadge tone="good">Reporting</StatusBadge>
  return (
    <StatusBadge tone="off">
      Silent, <RelativeTime ms={node.seenAtMs} nowMs={nowMs} />
    </StatusBadge>
  )
}

function configurationOf(node: NodeFigure, newest: number): string {
  if (node.silent || node.configRevision === undefined) return unknown
  const behind = newest - node.configRevision
  return behind <= 0 ? 'newest' : `${formatExact(behind)} behind`
}

function figure(node: NodeFigure, count: number, unit = ''): string {
  return node.silent ? unknown : `${formatExact(count)} ${unit}`.trim()
}

'use client'

import { useState } from 'react'
import { Link } from '@/components/link/link'
import { EmptyNew } from '@/components/states/states'
import type { FlowNode, TrafficFlow } from '@/lib/admin/routing-page'
import { cn } from '@/lib/ui/cn'
import { formatCount, formatNumberOf } from '@/lib/ui/format'
import { type PlacedFlow, type PlacedNode, shapeFlow } from './flow-shape'

/** Models left, servers right, a band for what flows; pointing at one leaves only its own. */
export function TrafficPicture({ flow }: { flow: TrafficFlow }) {
  const [pointed, setPointed] = useState<string | null>(null)
  if (flow.flows.length === 0) {
    return (
      <div className="rounded-lg border bg-card">
        <EmptyNew title="No traffic in the last 5 minutes">
          Requests appear here while they are at work, and for 5 minutes after.
        </EmptyNew>
      </div>
    )
  }
  const { height, models, servers, flows } = shapeFlow(flow)
  const isFaint = ({ model, serverId }: PlacedFlow) =>
    pointed !== null && pointed !== model && pointed !== serverId
  return (
    <div className="rounded-lg border bg-card p-4">
      <div className="grid grid-cols-[minmax(0,11rem)_minmax(3rem,1fr)_minmax(0,9rem)]">
        <Nodes
          nodes={models}
          height={height}
          side="left"
          hrefOf={({ name }) => `/console/models/${encodeURIComponent(name)}`}
          onPoint={setPointed}
        />
        <svg
          role="img"
          aria-label={describeFlow(flow)}
          viewBox={`0 0 100 ${height}`}
          preserveAspectRatio="none"
          className="w-full"
          style={{ height }}
        >
          {flows.map((band) => (
            <path
              key={`${band.model} ${band.serverId}`}
              d={`M0,${band.from} C50,${band.from} 50,${band.to} 100,${band.to}`}
              fill="none"
              vectorEffect="non-scaling-stroke"
              strokeWidth={band.width}
              className={cn(
                'transition-opacity duration-100',
                band.inFlight > 0 ? 'stroke-primary' : 'stroke-(--chart-8)',
                isFaint(band) ? 'opacity-10' : 'opacity-60',
              )}
            />
          ))}
        </svg>
        <Nodes
          nodes={servers}
          height={height}
          side="right"
          hrefOf={({ id }) => `/console/servers/${id}`}
          onPoint={setPointed}
        />
      </div>
      <p className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 border-t pt-3 text-muted-foreground text-xs">
        <Legend className="bg-primary">has requests at work now</Legend>
        <Legend className="bg-(--chart-8)">ended in the last 5 min</Legend>
        {flow.otherRequests > 0 && (
          <span>{formatNumberOf(flow.otherRequests, 'request')} for other models</span>
        )}
      </p>
    </div>
  )
}

function Nodes({
  nodes,
  height,
  side,
  hrefOf,
  onPoint,
}: {
  nodes: readonly PlacedNode[]
  height: number
  side: 'left' | 'right'
  hrefOf: (node: FlowNode) => string
  onPoint: (id: string | null) => void
}) {
  return (
    <ul className="relative" style={{ height }} aria-label={side === 'left' ? 'Models' : 'Servers'}>
      {nodes.map((node) => (
        <li
          key={node.id}
          style={{ top: node.y - 18 }}
          className={cn('absolute inset-x-0 h-9', side === 'left' ? 'pr-2 text-right' : 'pl-2')}
        >
          <Link
            href={hrefOf(node)}
            prefetch={false}
            title={node.name}
            onMouseEnter={() => onPoint(node.id)}
            onMouseLeave={() => onPoint(null)}
            onFocus={() => onPoint(node.id)}
            onBlur={() => onPoint(null)}
            className="focus-inset block rounded-sm px-1"
          >
            <code className="block truncate text-sm leading-5">{node.name}</code>
            <span className="block truncate text-muted-foreground text-xs">
              {node.inFlight > 0 ? `${node.inFlight} at work, ` : ''}
              {formatCount(node.requests)} in 5 min
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Legend({ className, children }: { className: string; children: React.ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden="true" className={cn('h-1 w-4 rounded-full opacity-60', className)} />
      {children}
    </span>
  )
}

/** The picture in words, the largest first. */
function describeFlow({ flows, servers, models }: TrafficFlow): string {
  const words = flows.slice(0, 12).map(({ model, serverId, requests, inFlight }) => {
    const from = models.find(({ id }) => id === model)?.name
    const to = servers.find(({ id }) => id === serverId)?.name
    return `${from} to ${to}: ${formatNumberOf(requests, 'request')}, ${inFlight} at work`
  })
  return `Traffic of the last 5 minutes. ${words.join('. ')}`
}

'use client'

import { type CSSProperties, useState } from 'react'
import { Link } from '@/components/link/link'
import { Button } from '@/components/ui/button'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from '@/components/ui/card'
import { Input } from '@/components/ui/input'
import type { Landing, MemoryShelf, Shelf, ShelfBlock } from '@/lib/admin/memory-shelf'
import { cn } from '@/lib/ui/cn'
import { formatBytes, formatBytesOf, formatNumberOf, formatPercent } from '@/lib/ui/format'
import { largestUnit } from '@/lib/ui/format-time'
import { useNow } from '../use-now'

const chipsAtFirst = 16
const searchFrom = 12

/**
 * What is in the memory of each server, to one scale. Pointing at a model, or focusing it, shows
 * where a request for it would go now and what that would push out; a click keeps it shown.
 */
export function MemoryShelves({
  shelf,
  renderedAtMs,
  isLinked = true,
}: {
  shelf: MemoryShelf
  /** By the server's clock. */
  renderedAtMs: number
  /** Names lead to the server's page. */
  isLinked?: boolean
}) {
  const [pointed, setPointed] = useState<string | null>(null)
  const [kept, setKept] = useState<string | null>(null)
  const nowMs = useNow(renderedAtMs)
  const { shelves, landings } = shelf
  const model = pointed ?? kept
  const landing = landings.find((one) => one.model === model) ?? null
  const scale = Math.max(1, ...shelves.map(lengthOf))
  const point = (name: string) => ({
    onMouseEnter: () => setPointed(name),
    onMouseLeave: () => setPointed(null),
    onFocus: () => setPointed(name),
    onBlur: () => setPointed(null),
    onClick: () => setKept(kept === name ? null : name),
    'aria-pressed': kept === name,
  })

  return (
    <Card>
      <CardHeader>
        <CardTitle>Memory</CardTitle>
        <CardDescription>
          {isLinked ? 'Each server to the scale of its memory' : 'What is loaded'}
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-4">
        <ul className="flex flex-col gap-3">
          {shelves.map((one) => (
            <ShelfRow
              key={one.serverId}
              shelf={one}
              scale={scale}
              landing={landing}
              isLinked={isLinked}
              nowMs={nowMs}
              point={point}
              models={landings}
            />
          ))}
        </ul>
        {landings.length > 0 && (
          <ModelChips shelf={shelf} active={model} point={point} landing={landing} />
        )}
      </CardContent>
    </Card>
  )
}

type Point = (name: string) => object

function ShelfRow({
  shelf,
  scale,
  landing,
  isLinked,
  nowMs,
  point,
  models,
}: {
  shelf: Shelf
  scale: number
  landing: Landing | null
  isLinked: boolean
  nowMs: number
  point: Point
  models: readonly Landing[]
}) {
  const length = lengthOf(shelf)
  const lands = landing !== null && landing.serverId === shelf.serverId
  const pushedOut = lands ? landing.pushesOut : []
  const isAway = shelf.health === 'disabled' || shelf.health === 'unhealthy'
  const { capacityBytes, usedBytes, name } = shelf
  const amount = isAway
    ? formatBytes(capacityBytes)
    : capacityBytes === null
      ? `${formatBytes(usedBytes)}, memory not set`
      : formatBytesOf(usedBytes, capacityBytes)
  return (
    <li
      className={cn(
        'grid items-center gap-x-4 gap-y-1',
        isLinked
          ? 'grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[9rem_minmax(0,1fr)_8.5rem]'
          : 'grid-cols-1 sm:grid-cols-[minmax(0,1fr)_8.5rem]',
      )}
    >
      {isLinked && (
        <Link
          href={`/console/servers/${shelf.serverId}`}
          title={name}
          className="truncate font-mono text-sm hover:underline sm:pb-2.5"
        >
          {name}
        </Link>
      )}
      <div
        className={cn(
          'flex flex-col gap-1 max-sm:order-last max-sm:col-span-full max-sm:w-full!',
          !isLinked && 'w-full!',
        )}
        style={{ width: `${Math.max(8, (length / scale) * 100)}%` }}
      >
        <div
          className={cn(
            'relative flex h-11 w-full gap-0.5 overflow-hidden rounded-md bg-muted',
            capacityBytes === null && usedBytes > 0 && 'rounded-r-none bg-transparent',
            capacityBytes !== null && 'ring-1 ring-border ring-inset',
            isAway && 'opacity-60',
          )}
        >
          {shelf.blocks.map((block) => (
            <Block
              key={block.model}
              block={block}
              share={block.sizeBytes / length}
              isOut={pushedOut.includes(block.model)}
              isActive={landing?.model === block.model}
              nowMs={nowMs}
              pointing={point(nameIn(models, block.model))}
            />
          ))}
          {shelf.blocks.length === 0 && (
            <span className="self-center truncate px-3 text-muted-foreground text-xs">
              {isAway ? 'Not answering' : 'Nothing loaded'}
            </span>
          )}
        </div>
        <div aria-hidden="true" className="relative h-1.5 w-full overflow-hidden rounded-full">
          {lands && <LandingMark landing={landing} shelf={shelf} length={length} />}
        </div>
      </div>
      <p className="text-right text-muted-foreground text-xs tabular-nums sm:pb-2.5">{amount}</p>
    </li>
  )
}

/** The fainter end of a block is what did not fit onto the GPU. */
function Block({
  block,
  share,
  isOut,
  isActive,
  nowMs,
  pointing,
}: {
  block: ShelfBlock
  share: number
  isOut: boolean
  isActive: boolean
  nowMs: number
  pointing: object
}) {
  const words = blockWords(block, nowMs)
  const label = `${block.model}: ${words.join(', ')}${isOut ? ', would be pushed out' : ''}`
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cn(
        'focus-inset relative flex h-full min-w-1 flex-col justify-center overflow-hidden rounded-sm bg-primary-tint px-2 text-left',
        isActive && 'shadow-[inset_0_0_0_2px_var(--primary)]',
        isOut && 'shadow-[inset_0_0_0_2px_var(--destructive)]',
      )}
      style={{ width: `${share * 100}%`, ...cpuStyle(block.cpuShare) }}
      {...pointing}
    >
      <span
        className={cn(
          'truncate font-medium font-mono text-xs',
          isOut && 'text-destructive-text line-through',
        )}
      >
        {block.model}
      </span>
      <span className="truncate text-muted-foreground text-xs">
        {isOut ? 'pushed out' : words.join(' · ')}
      </span>
    </button>
  )
}

function cpuStyle(cpuShare: number): CSSProperties {
  if (cpuShare <= 0) return {}
  const gpu = `${Math.round((1 - cpuShare) * 100)}%`
  return {
    backgroundImage: `linear-gradient(to right, transparent ${gpu}, var(--warning-tint) ${gpu})`,
  }
}

function blockWords(block: ShelfBlock, nowMs: number): string[] {
  const { sizeBytes, cpuShare, contextLength, expiresAtMs, isKept, inFlight } = block
  const words = [formatBytes(sizeBytes)]
  if (cpuShare > 0) words.push(`${formatPercent(cpuShare)} CPU`)
  if (contextLength !== null) words.push(contextWords(contextLength))
  if (inFlight > 0) words.push(`${inFlight} busy`)
  if (isKept) words.push('kept')
  else if (expiresAtMs !== null) {
    words.push(expiresAtMs > nowMs ? `${largestUnit(expiresAtMs - nowMs)} left` : 'leaving')
  }
  return words
}

/** `128K`, as models are named by it. */
function contextWords(length: number): string {
  return length >= 1024 ? `${Math.round(length / 1024)}K context` : `${length} context`
}

/** Under the bar: from where what stays ends, as long as the model needs. */
function LandingMark({
  landing,
  shelf,
  length,
}: {
  landing: Landing
  shelf: Shelf
  length: number
}) {
  const blocks = shelf.blocks.map(({ model }) => model)
  const isThere = landing.addsBytes === 0
  const staying = shelf.blocks
    .filter(({ model }) => !landing.pushesOut.includes(model))
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const index = blocks.indexOf(landing.model)
  const before = shelf.blocks
    .slice(0, Math.max(0, index))
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const size = isThere ? (shelf.blocks[index]?.sizeBytes ?? length) : landing.addsBytes
  const start = Math.min(isThere ? before : staying, length)
  const share = Math.min(size, length - start + 0.001 * length) / length
  return (
    <span
      className="absolute inset-y-0 rounded-full bg-primary"
      style={{ left: `${(start / length) * 100}%`, width: `${Math.max(0.02, share) * 100}%` }}
    />
  )
}

function ModelChips({
  shelf,
  active,
  landing,
  point,
}: {
  shelf: MemoryShelf
  active: string | null
  landing: Landing | null
  point: Point
}) {
  const [text, setText] = useState('')
  const [showsAll, setShowsAll] = useState(false)
  const { landings, leftOut } = shelf
  const wanted = text.trim().toLowerCase()
  const found = landings.filter(({ model }) => model.toLowerCase().includes(wanted))
  const shown = showsAll ? found : found.slice(0, chipsAtFirst)
  const rest = found.length - shown.length
  return (
    <div className="flex flex-col gap-2.5 border-t pt-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-muted-foreground text-xs">Where would a model land?</h3>
        {landings.length > searchFrom && (
          <Input
            type="search"
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder="Find a model"
            aria-label="Find a model"
            className="sm:w-56"
          />
        )}
      </div>
      <ul className="flex flex-wrap gap-1.5">
        {shown.map(({ model, sizeBytes, loadedOn }) => (
          <li key={model} className="min-w-0 max-w-full">
            <Button
              variant="outline"
              size="sm"
              title={model}
              className={cn(
                'max-w-full justify-start font-normal',
                active === model && 'border-primary bg-primary-tint',
              )}
              {...point(model)}
            >
              <span aria-hidden="true" className="text-[0.5rem]">
                {loadedOn.length > 0 ? '●' : '○'}
              </span>
              <span className="max-w-64 truncate font-mono">{model}</span>
              <span className="text-muted-foreground">{formatBytes(sizeBytes)}</span>
              {loadedOn.length > 0 && <span className="sr-only">loaded</span>}
            </Button>
          </li>
        ))}
        {rest > 0 && (
          <li>
            <Button variant="ghost" size="sm" onClick={() => setShowsAll(true)}>
              {formatNumberOf(rest, 'more model')}
            </Button>
          </li>
        )}
      </ul>
      {found.length === 0 && (
        <p className="text-muted-foreground text-sm">No model has that name.</p>
      )}
      {leftOut > 0 && (
        <p className="text-muted-foreground text-xs">
          {formatNumberOf(leftOut, 'model')} beyond these 200 are not shown.
        </p>
      )}
      <p role="status" className="min-h-10 text-sm sm:min-h-5">
        {landing?.words ?? (
          <span className="text-muted-foreground">
            Point at a model to see which server a request would go to, and what it would push out.
          </span>
        )}
      </p>
    </div>
  )
}

function lengthOf({ capacityBytes, usedBytes }: Shelf): number {
  return Math.max(1, capacityBytes ?? 0, usedBytes)
}

/** As the list of models writes what the server calls by another spelling. */
function nameIn(models: readonly Landing[], name: string): string {
  return models.find(({ model }) => model.toLowerCase() === name.toLowerCase())?.model ?? name
}

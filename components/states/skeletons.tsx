import type { ReactNode } from 'react'
import { Skeleton } from '@/components/ui/skeleton'

/** The faces of loading: each has the exact size of what it stands for. */
export function TilesSkeleton({
  count = 6,
  height = 124,
}: {
  count?: number
  /** 76 where a tile has no line. */
  height?: number
}) {
  return (
    <div className="@container" role="status" aria-label="Loading">
      <div className="grid @min-[1120px]:grid-cols-6 grid-cols-2 gap-3 sm:grid-cols-3">
        {placesOf(count).map((place) => (
          <div
            key={place}
            className="flex flex-col gap-3 rounded-lg border bg-card p-3.5"
            style={{ height }}
          >
            <Skeleton className="h-3 w-16" />
            <Skeleton className="h-5 w-24" />
          </div>
        ))}
      </div>
    </div>
  )
}

/** As high as a `ChartCard`: head 44, legend 24, plot 220 or 160. */
export function ChartSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="rounded-lg border bg-card px-4 pt-2 pb-3">
      <div className="flex h-9 items-center">
        <Skeleton className="h-4 w-36" />
      </div>
      <div className="flex h-6 items-center gap-4">
        <Skeleton className="h-3 w-20" />
        <Skeleton className="h-3 w-20" />
      </div>
      <Skeleton className="mt-2 h-40 w-full sm:h-[220px]" />
    </div>
  )
}

export function TableSkeleton({ rows = 12 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3">
      <div className="h-control" />
      <div className="overflow-hidden rounded-lg border bg-card">
        <div className="hidden h-8 border-b bg-muted sm:block" />
        {placesOf(rows).map((place) => (
          <div
            key={place}
            className="flex h-14 items-center gap-6 border-b px-3 last:border-0 sm:h-row"
          >
            <Skeleton className="h-3 w-40" />
            <Skeleton className="h-3 w-24" />
            <Skeleton className="ml-auto h-3 w-16" />
          </div>
        ))}
      </div>
    </div>
  )
}

export function CardSkeleton({ height = 160 }: { height?: number }) {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="rounded-lg border bg-card p-4"
      style={{ height }}
    >
      <Skeleton className="h-4 w-32" />
      <Skeleton className="mt-4 h-3 w-full" />
      <Skeleton className="mt-2 h-3 w-2/3" />
    </div>
  )
}

/** As high as a section of usage: head, tiles, and traffic with a list beside it. */
export function UsageSkeleton() {
  return (
    <div className="flex flex-col gap-3">
      <HeadSkeleton />
      <TilesSkeleton />
      <div className="grid gap-3 xl:grid-cols-[2fr_1fr]">
        <ChartSkeleton />
        <ChartSkeleton />
      </div>
    </div>
  )
}

/** A section of a list of a few rows. */
export function ListSkeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div className="flex flex-col gap-3">
      <HeadSkeleton />
      <TableSkeleton rows={rows} />
    </div>
  )
}

/** The page of one thing, whose name is not known yet: a title row, then what it has. */
export function PageSkeleton({ children = <TableSkeleton /> }: { children?: ReactNode }) {
  return (
    <div className="flex w-full flex-col gap-4 px-4 pt-5 pb-10 md:px-6">
      <HeadSkeleton />
      {children}
    </div>
  )
}

function HeadSkeleton() {
  return (
    <div className="flex h-control items-center">
      <Skeleton className="h-6 w-40" />
    </div>
  )
}

function placesOf(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

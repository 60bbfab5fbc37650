import { Skeleton } from '@/components/ui/skeleton'

/** As high as the page: title row, toolbar, strip, head, rows of 32 px. */
export function RequestsSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="flex w-full flex-col gap-4 px-4 pt-5 pb-10 md:px-6"
    >
      <div className="flex h-control items-center justify-between">
        <h1 className="font-semibold text-xl">Requests</h1>
        <Skeleton className="h-control w-64 max-sm:w-40" />
      </div>
      <div className="flex flex-col gap-3">
        <div className="flex h-control justify-between">
          <Skeleton className="h-control w-20" />
          <Skeleton className="h-control w-44 max-sm:w-20" />
        </div>
        <div className="overflow-hidden rounded-lg border bg-card">
          <div className="h-[105px] border-b p-3">
            <Skeleton className="h-3 w-40" />
          </div>
          <div className="hidden h-8 border-b bg-muted sm:block" />
          {Array.from({ length: 20 }, (_, place) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: places do not move
              key={place}
              className="flex h-14 items-center gap-6 border-b px-3 last:border-0 sm:h-log-row"
            >
              <Skeleton className="h-3 w-24" />
              <Skeleton className="h-3 w-14" />
              <Skeleton className="h-3 w-28 max-sm:hidden" />
              <Skeleton className="ml-auto h-3 w-16" />
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

import { ChartSkeleton, TableSkeleton, TilesSkeleton } from '@/components/states/skeletons'
import { Skeleton } from '@/components/ui/skeleton'

export default function UsageLoading() {
  return (
    <div className="flex w-full flex-col gap-4 px-4 pt-5 pb-10 md:px-6">
      <div className="flex h-control items-center">
        <Skeleton className="h-6 w-32" />
      </div>
      <div className="flex h-control items-center gap-2">
        <Skeleton className="h-full w-96 max-w-full" />
      </div>
      <TilesSkeleton />
      <ChartSkeleton />
      <TableSkeleton rows={8} />
    </div>
  )
}

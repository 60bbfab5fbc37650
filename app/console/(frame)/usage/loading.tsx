import { Page } from '@/components/shell/page'
import { ChartSkeleton, TableSkeleton, TilesSkeleton } from '@/components/states/skeletons'
import { Skeleton } from '@/components/ui/skeleton'

export default function UsageLoading() {
  return (
    <Page title="Usage">
      <div className="flex h-control items-center gap-2">
        <Skeleton className="h-full w-96 max-w-full" />
      </div>
      <TilesSkeleton />
      <ChartSkeleton />
      <TableSkeleton rows={8} />
    </Page>
  )
}

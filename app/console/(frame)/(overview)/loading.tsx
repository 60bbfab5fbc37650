import { Page } from '@/components/shell/page'
import { CardSkeleton, ChartSkeleton, TilesSkeleton } from '@/components/states/skeletons'
import { Skeleton } from '@/components/ui/skeleton'
import { SinceSkeleton } from './since-line'

/** Each block at the size that it will have. */
export default function Loading() {
  return (
    <Page title="Overview" actions={<Skeleton className="h-control w-72 max-w-full" />}>
      <SinceSkeleton />
      <TilesSkeleton />
      <div className="grid gap-4 xl:grid-cols-2">
        <ChartSkeleton />
        <ChartSkeleton />
        <ChartSkeleton />
        <ChartSkeleton />
      </div>
      <CardSkeleton height={148} />
      <div className="grid gap-4 xl:grid-cols-2">
        <CardSkeleton height={256} />
        <CardSkeleton height={256} />
      </div>
    </Page>
  )
}

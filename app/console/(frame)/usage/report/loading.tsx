import { ChartSkeleton, TableSkeleton } from '@/components/states/skeletons'
import { Skeleton } from '@/components/ui/skeleton'

export default function ReportLoading() {
  return (
    <div className="flex w-full max-w-[768px] flex-col gap-4 px-4 pt-5 pb-10 md:px-6">
      <div className="flex h-control items-center">
        <Skeleton className="h-6 w-56" />
      </div>
      <Skeleton className="h-20 w-full" />
      <ChartSkeleton />
      <TableSkeleton rows={8} />
    </div>
  )
}

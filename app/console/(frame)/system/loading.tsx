import { CardSkeleton } from '@/components/states/skeletons'
import { Skeleton } from '@/components/ui/skeleton'

export default function Loading() {
  return (
    <div className="flex w-full flex-col gap-6 px-4 pt-5 pb-10 md:px-6">
      <div className="flex h-control items-center">
        <Skeleton className="h-6 w-32" />
      </div>
      <CardSkeleton height={76} />
      <CardSkeleton height={140} />
      <CardSkeleton height={200} />
    </div>
  )
}

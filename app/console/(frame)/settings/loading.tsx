import { CardSkeleton } from '@/components/states/skeletons'
import { Skeleton } from '@/components/ui/skeleton'

const places = [1, 2, 3, 4, 5]

export default function Loading() {
  return (
    <div className="flex w-full flex-col gap-4 px-4 pt-5 pb-10 md:px-6">
      <div className="flex h-control items-center">
        <Skeleton className="h-6 w-32" />
      </div>
      <div className="grid gap-10 lg:grid-cols-[minmax(0,48rem)_12rem]">
        <div className="flex flex-col gap-3">
          <Skeleton className="h-control w-full" />
          {places.map((place) => (
            <CardSkeleton key={place} height={104} />
          ))}
        </div>
      </div>
    </div>
  )
}

import { Page } from '@/components/shell/page'
import { CardSkeleton } from '@/components/states/skeletons'
import { Skeleton } from '@/components/ui/skeleton'

const places = [1, 2, 3, 4, 5]

export default function Loading() {
  return (
    <Page title="Settings">
      <div className="grid gap-10 lg:grid-cols-[minmax(0,48rem)_12rem]">
        <div className="flex flex-col gap-3">
          <Skeleton className="h-control w-full" />
          {places.map((place) => (
            <CardSkeleton key={place} height={104} />
          ))}
        </div>
      </div>
    </Page>
  )
}

import {
  CardSkeleton,
  ListSkeleton,
  PageSkeleton,
  TilesSkeleton,
} from '@/components/states/skeletons'

/** Figures, its servers beside what it is, its card. */
export default function Loading() {
  return (
    <PageSkeleton>
      <TilesSkeleton />
      <div className="grid grid-cols-1 gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <ListSkeleton />
        <CardSkeleton height={306} />
      </div>
      <CardSkeleton height={240} />
    </PageSkeleton>
  )
}

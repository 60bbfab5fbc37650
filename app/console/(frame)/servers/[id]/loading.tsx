import { CardSkeleton, PageSkeleton, TilesSkeleton } from '@/components/states/skeletons'

export default function Loading() {
  return (
    <PageSkeleton>
      <TilesSkeleton />
      <CardSkeleton height={200} />
      <CardSkeleton height={300} />
    </PageSkeleton>
  )
}

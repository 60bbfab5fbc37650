import {
  CardSkeleton,
  ListSkeleton,
  PageSkeleton,
  UsageSkeleton,
} from '@/components/states/skeletons'

/** Two cards of facts, usage, changes. */
export default function Loading() {
  return (
    <PageSkeleton>
      <div className="grid gap-4 lg:grid-cols-2">
        <CardSkeleton height={190} />
        <CardSkeleton height={190} />
      </div>
      <UsageSkeleton />
      <ListSkeleton />
    </PageSkeleton>
  )
}

import {
  CardSkeleton,
  ListSkeleton,
  PageSkeleton,
  UsageSkeleton,
} from '@/components/states/skeletons'

/** The account and the last sign-ins, usage, keys. */
export default function Loading() {
  return (
    <PageSkeleton>
      <div className="grid gap-3 lg:grid-cols-2">
        <CardSkeleton height={268} />
        <CardSkeleton height={268} />
      </div>
      <UsageSkeleton />
      <ListSkeleton />
    </PageSkeleton>
  )
}

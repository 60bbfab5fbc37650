import {
  CardSkeleton,
  ListSkeleton,
  PageSkeleton,
  UsageSkeleton,
} from '@/components/states/skeletons'

/** What holds for its members, who they are, usage. */
export default function Loading() {
  return (
    <PageSkeleton>
      <CardSkeleton height={112} />
      <ListSkeleton />
      <UsageSkeleton />
    </PageSkeleton>
  )
}

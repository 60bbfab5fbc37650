import { Page } from '@/components/shell/page'
import { CardSkeleton } from '@/components/states/skeletons'

export default function Loading() {
  return (
    <Page title="System">
      <CardSkeleton height={76} />
      <CardSkeleton height={140} />
      <CardSkeleton height={200} />
    </Page>
  )
}

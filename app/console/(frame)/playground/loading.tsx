import { Page } from '@/components/shell/page'
import { CardSkeleton } from '@/components/states/skeletons'

export default function Loading() {
  return (
    <Page
      title="Playground"
      description="Runs count as yours, under your limits. Nothing of a conversation is kept."
    >
      <CardSkeleton height={560} />
    </Page>
  )
}

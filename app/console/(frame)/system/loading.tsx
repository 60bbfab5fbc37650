import { Page } from '@/components/shell/page'
import { CardSkeleton, TilesSkeleton } from '@/components/states/skeletons'

export default function Loading() {
  return (
    <Page title="System">
      <TilesSkeleton height={76} />
      <CardSkeleton height={140} />
      <div className="mt-2 grid items-start gap-4 xl:grid-cols-2">
        <CardSkeleton height={248} />
        <CardSkeleton height={120} />
      </div>
    </Page>
  )
}

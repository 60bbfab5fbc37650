import { Page } from '@/components/shell/page'
import { CardSkeleton, TableSkeleton } from '@/components/states/skeletons'

export default function Loading() {
  return (
    <Page title="Routing">
      <div className="grid gap-4 xl:grid-cols-2">
        <CardSkeleton height={320} />
        <CardSkeleton height={320} />
      </div>
      <TableSkeleton rows={8} />
    </Page>
  )
}

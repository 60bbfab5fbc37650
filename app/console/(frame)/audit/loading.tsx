import { Page } from '@/components/shell/page'
import { TableSkeleton } from '@/components/states/skeletons'

export default function Loading() {
  return (
    <Page title="Audit" description="Who changed what, from where, the newest first">
      <TableSkeleton />
    </Page>
  )
}

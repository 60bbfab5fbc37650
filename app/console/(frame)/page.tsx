import { Page } from '@/components/shell/page'

export default function OverviewPage() {
  return <Page title="Overview">Nothing yet</Page>
}

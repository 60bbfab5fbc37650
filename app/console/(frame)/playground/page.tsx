import { MessageSquareIcon } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Page } from '@/components/shell/page'
import { EmptyNew } from '@/components/states/states'
import { canSeePage } from '@/lib/admin/permissions'
import { readPlaygroundFacts } from '@/lib/admin/playground-page'
import { requireSession } from '@/lib/admin/session'
import { PlaygroundView } from './playground-view'

export const metadata: Metadata = { title: 'Playground' }

/** Every run goes from the browser to the gateway: the server keeps nothing of it. */
export default async function PlaygroundPage() {
  const { admin, actor } = await requireSession()
  if (!canSeePage(actor, 'playground')) notFound()
  const facts = await readPlaygroundFacts(admin)
  if (!facts.mayRun) {
    return (
      <Page title="Playground">
        <EmptyNew icon={MessageSquareIcon} title="A viewer runs no models">
          A run counts as use. An admin can give you the role member.
        </EmptyNew>
      </Page>
    )
  }
  return <PlaygroundView gatewayUrl={facts.gatewayUrl} models={facts.models} />
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import { LiveProvider } from '@/components/live/live'
import { PageCrumbs } from '@/components/shell/crumbs'
import { CardSkeleton } from '@/components/states/skeletons'
import { findModelPage } from '@/lib/admin/models-page'
import { canManageModels, canSeePage } from '@/lib/admin/permissions'
import { requireSession } from '@/lib/admin/session'
import { ModelCardSection } from './model-card-section'
import { ModelView } from './model-view'

type Props = { params: Promise<{ name: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) }
}

export default async function ModelPage({ params }: Props) {
  const { admin, actor } = await requireSession()
  if (!canSeePage(actor, 'models')) notFound()
  const name = decodeURIComponent((await params).name)
  const page = await findModelPage(admin, name)
  if (page === null) notFound()
  return (
    <LiveProvider>
      <PageCrumbs crumbs={[{ label: page.row.name }]} />
      <ModelView
        name={name}
        initial={page}
        nowMs={admin.clock.nowMs()}
        mayManage={canManageModels(actor)}
      >
        <Suspense fallback={<CardSkeleton height={240} />}>
          <ModelCardSection
            model={page.row.name}
            isThere={page.row.cells.some((one) => one?.copy)}
          />
        </Suspense>
      </ModelView>
    </LiveProvider>
  )
}

import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { notFound } from 'next/navigation'
import { LiveProvider } from '@/components/live/live'
import { readModelsPage } from '@/lib/admin/models-page'
import { canManageModels, canSeePage } from '@/lib/admin/permissions'
import { requireSession } from '@/lib/admin/session'
import { toSearchParams } from '@/lib/ui/query'
import { tableCookie } from '@/lib/ui/table-layout'
import { ModelsView } from './models-view'
import { parseModelsParams } from './search-params'

export const metadata: Metadata = { title: 'Models' }

export default async function ModelsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { admin, actor } = await requireSession()
  if (!canSeePage(actor, 'models')) notFound()
  const params = toSearchParams(await searchParams)
  const [data, cookie] = await Promise.all([
    readModelsPage(admin, parseModelsParams(params)),
    cookies(),
  ])
  return (
    <LiveProvider>
      <ModelsView
        initial={data}
        nowMs={admin.clock.nowMs()}
        layout={cookie.get(tableCookie('models'))?.value}
        mayManage={canManageModels(actor)}
      />
    </LiveProvider>
  )
}

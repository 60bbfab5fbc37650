import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { notFound } from 'next/navigation'
import { findAuditRow, listAuditRows } from '@/lib/admin/audit-log'
import { canSeePage } from '@/lib/admin/permissions'
import { requireSession } from '@/lib/admin/session'
import { toSearchParams } from '@/lib/ui/query'
import { tableCookie } from '@/lib/ui/table-layout'
import { AuditView } from './audit-view'
import { readAuditFilter } from './search-params'

export const metadata: Metadata = { title: 'Audit' }

export default async function AuditPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { admin, actor, timezone } = await requireSession()
  if (!canSeePage(actor, 'audit')) notFound()
  const params = toSearchParams(await searchParams)
  const nowMs = admin.clock.nowMs()
  const openId = params.get('row')
  const [page, open, cookie] = await Promise.all([
    listAuditRows(admin, readAuditFilter(params, { nowMs, timezone })),
    openId === null ? null : findAuditRow(admin, openId),
    cookies(),
  ])
  return (
    <AuditView
      page={page}
      open={open}
      nowMs={nowMs}
      layout={cookie.get(tableCookie('audit'))?.value}
    />
  )
}

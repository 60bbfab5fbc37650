import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { notFound } from 'next/navigation'
import { RangePicker } from '@/components/range-picker/range-picker'
import { Page } from '@/components/shell/page'
import { SheetBeside } from '@/components/side-sheet/side-sheet'
import { findAuditRow, listAuditRows } from '@/lib/admin/audit-log'
import { canSeePage } from '@/lib/admin/permissions'
import { requireSession } from '@/lib/admin/session'
import { tableCookie } from '@/lib/ui/table-layout'
import { toSearchParams } from '../keys/search-params'
import { AuditView } from './audit-view'
import { auditRange, readAuditFilter } from './search-params'

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
    <SheetBeside isOpen={open !== null}>
      <Page
        title="Audit"
        description="Who changed what, from where, the newest first"
        actions={<RangePicker fallback={auditRange} />}
      >
        <AuditView
          page={page}
          open={open}
          nowMs={nowMs}
          layout={cookie.get(tableCookie('audit'))?.value}
        />
      </Page>
    </SheetBeside>
  )
}

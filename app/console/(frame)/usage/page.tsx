import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { notFound } from 'next/navigation'
import { LiveProvider } from '@/components/live/live'
import { requireSession } from '@/lib/admin/session'
import { readUsagePage } from '@/lib/admin/usage-page'
import { isCorralError } from '@/lib/core/errors'
import { toSearchParams } from '@/lib/ui/query'
import { readRange } from '@/lib/ui/range'
import { tableCookie } from '@/lib/ui/table-layout'
import { readUsageQuery } from './usage-query'
import { UsageView } from './usage-view'

export const metadata: Metadata = { title: 'Usage' }

export default async function UsagePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { admin, timezone } = await requireSession()
  const params = toSearchParams(await searchParams)
  const nowMs = admin.clock.nowMs()
  const range = readRange(params.get('range'), { nowMs, zone: timezone })
  const [usage, cookie] = await Promise.all([
    readUsagePage(admin, readUsageQuery(params, { nowMs, timezone })).catch((error: unknown) => {
      // Whose page one may not see is not there.
      if (isCorralError(error) && ['admin.not_found', 'admin.forbidden'].includes(error.code)) {
        notFound()
      }
      throw error
    }),
    cookies(),
  ])
  return (
    <LiveProvider isOn={range.kind === 'relative'}>
      <UsageView
        first={{ query: params.toString(), usage }}
        layout={cookie.get(tableCookie('usage'))?.value}
      />
    </LiveProvider>
  )
}

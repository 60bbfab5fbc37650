import { cookies, headers } from 'next/headers'
import { type ReactNode, Suspense } from 'react'
import { readRequestLog } from '@/lib/admin/request-log'
import { requestFilterFields } from '@/lib/admin/requests'
import { requireSession } from '@/lib/admin/session'
import { tableCookie } from '@/lib/ui/table-layout'
import { requestQuery } from './request-query'
import { RequestsFrame } from './requests-frame'
import { RequestsSkeleton } from './requests-skeleton'
import { RequestsView } from './requests-view'
import { readRequestSearch } from './search-params'

/** The list stands here, so that it stays as it is while a sheet opens beside it. */
export default function RequestsLayout({ children }: { children: ReactNode }) {
  return (
    <RequestsFrame>
      <Suspense fallback={<RequestsSkeleton />}>
        <FirstLog />
      </Suspense>
      {children}
    </RequestsFrame>
  )
}

async function FirstLog() {
  const { admin, timezone } = await requireSession()
  const [header, cookie] = await Promise.all([headers(), cookies()])
  // A layout is not given the search params: the middleware says which page was asked for.
  const params = new URL(header.get('x-corral-path') ?? '/', 'http://console').searchParams
  const { filter, period } = readRequestSearch(params, { nowMs: admin.clock.nowMs(), timezone })
  const log = await readRequestLog(admin, { filter, period, timezone })
  const fields = requestFilterFields.map(({ search: _, ...field }) => field)
  return (
    <RequestsView
      first={{ query: requestQuery(params, fields), log }}
      fields={fields}
      layout={cookie.get(tableCookie('requests'))?.value}
    />
  )
}

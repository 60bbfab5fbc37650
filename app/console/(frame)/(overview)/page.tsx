import type { Metadata } from 'next'
import { Suspense } from 'react'
import { LiveProvider } from '@/components/live/live'
import { findFirstSteps } from '@/lib/admin/first-steps'
import { requireSession, type Session } from '@/lib/admin/session'
import { isAnotherVisit, sinceLastVisit } from '@/lib/admin/since-last-visit'
import { readRange, renderRange } from '@/lib/ui/range'
import { readOverview } from '../../data/overview/read-overview'
import { FirstVisitPage } from './first-visit/first-visit-page'
import { OverviewView } from './overview-view'
import { SinceLine, SinceSkeleton } from './since-line'

export const metadata: Metadata = { title: 'Overview' }

/** How the whole is, and what needs someone. Before the first request: the path to it. */
export default async function OverviewPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const session = await requireSession()
  const { user, admin, timezone } = session
  const params = await searchParams
  const nowMs = admin.clock.nowMs()
  const asked = typeof params.range === 'string' ? params.range : null
  const range = readRange(asked, { nowMs, zone: timezone })
  const text = renderRange(range)
  const { previousVisitAtMs } = user
  const hasSince = previousVisitAtMs !== null && isAnotherVisit(previousVisitAtMs, nowMs)
  const figures = await readOverview(session, text)
  if (figures.tiles.requests.value === 0 && params.first !== 'skip') {
    const steps = await findFirstSteps(admin)
    if (steps !== null) {
      return (
        <LiveProvider>
          <FirstVisitPage first={steps} nowMs={nowMs} userName={user.name} />
        </LiveProvider>
      )
    }
  }
  return (
    <LiveProvider isOn={range.kind === 'relative'}>
      <OverviewView
        range={range}
        first={figures}
        nowMs={nowMs}
        since={
          <Suspense fallback={hasSince ? <SinceSkeleton /> : null}>
            <Since session={session} nowMs={nowMs} />
          </Suspense>
        }
      />
    </LiveProvider>
  )
}

/** It looks through the audit and the events of days: the figures do not wait for it. */
async function Since({
  session: { admin, user, timezone },
  nowMs,
}: {
  session: Session
  nowMs: number
}) {
  const since = await sinceLastVisit(admin, user.id, user.previousVisitAtMs ?? undefined)
  return since && <SinceLine since={since} nowMs={nowMs} zone={timezone} role={user.role} />
}

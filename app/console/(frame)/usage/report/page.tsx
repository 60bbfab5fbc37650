import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PageCrumbs } from '@/components/shell/crumbs'
import { requireSession } from '@/lib/admin/session'
import { monthOf, readUsageReport } from '@/lib/admin/usage-page'
import { isCorralError } from '@/lib/core/errors'
import { toSearchParams } from '@/lib/ui/query'
import { readWho } from '../usage-query'
import { monthWords, readMonth } from './months'
import { ReportView } from './report-view'

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { admin, timezone } = await requireSession()
  const current = monthOf(admin.clock.nowMs(), timezone)
  const month = readMonth(toSearchParams(await searchParams).get('month'), current)
  return { title: `Usage, ${monthWords(month)}` }
}

/** A month of everyone, of a user or of a key, to be read and printed. */
export default async function UsageReportPage({ searchParams }: Props) {
  const { admin, timezone, user } = await requireSession()
  const params = toSearchParams(await searchParams)
  const current = monthOf(admin.clock.nowMs(), timezone)
  const month = readMonth(params.get('month'), current)
  const of = readWho(params)
  const report = await readUsageReport(admin, { month, timezone, of }).catch((error: unknown) => {
    if (isCorralError(error) && ['admin.not_found', 'admin.forbidden'].includes(error.code)) {
      notFound()
    }
    throw error
  })
  return (
    <>
      <PageCrumbs crumbs={[{ label: 'Monthly report' }]} />
      <ReportView report={report} current={current} readerName={user.name} />
    </>
  )
}

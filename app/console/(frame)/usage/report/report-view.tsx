'use client'

import { ChevronLeftIcon, ChevronRightIcon, DownloadIcon, PrinterIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { saveFile } from '@/components/charts/save-file'
import { Link } from '@/components/link/link'
import { Page, Section } from '@/components/shell/page'
import { useZone } from '@/components/shell/zone'
import { Note } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import type { UsageRow } from '@/lib/admin/usage-figures'
import type { UsageReportPage } from '@/lib/admin/usage-page'
import {
  formatDuration,
  formatExact,
  formatNumberOf,
  formatShare,
  formatSpeed,
} from '@/lib/ui/format'
import { formatDay, formatMoment } from '@/lib/ui/format-time'
import { zoneCity } from '@/lib/ui/zone'
import { usageCsv } from '../usage-csv'
import { tokenWords } from '../usage-tiles'
import { useUsageParams } from '../use-usage-params'
import { WhosePicker } from '../whose-picker'
import { DayBars } from './day-bars'
import { monthWords, shiftMonth } from './months'
import { ReportTable } from './report-table'

/** One sheet of paper or two: what was used in a month, by day, model, key and user. */
export function ReportView({
  report,
  current,
  readerName,
}: {
  report: UsageReportPage
  /** The month that it is now. */
  current: string
  readerName: string
}) {
  const zone = useZone()
  const { change } = useUsageParams()
  const { month, total, who, days } = report
  const words = monthWords(month)
  const whose = who
    ? `${who.kind === 'user' ? 'User' : 'Key'} ${who.name}${who.detail ? `, of ${who.detail}` : ''}`
    : report.seesEveryone
      ? 'Everyone'
      : readerName
  const fileName = `usage-${month}${who ? `-${who.name.replace(/[^A-Za-z0-9]+/g, '-')}` : ''}`
  const save = () => {
    const lists = [
      ['model', report.models] as const,
      ['key', report.keys] as const,
      ['user', report.users] as const,
    ]
    const text = lists
      .filter(([, rows]) => rows.length > 0)
      .map(([by, rows]) =>
        usageCsv({
          by,
          period: report.period,
          compared: null,
          rows: rows.map((row) => ({ ...row, before: null })),
          total: { ...total, before: null },
        }),
      )
      .join('\r\n')
    saveFile(`${fileName}.csv`, new Blob([text], { type: 'text/csv;charset=utf-8' }))
  }
  return (
    <div className="w-full max-w-[860px] print:max-w-none">
      <Page
        title={`Usage, ${words}`}
        description={
          <>
            {whose} · {formatDay(report.period.fromMs, zone)} to{' '}
            {formatDay(report.period.toMs - 1, zone)}, days of {zoneCity(zone)}
          </>
        }
        actions={
          <>
            <Button variant="outline" onClick={save}>
              <DownloadIcon /> Save as CSV
            </Button>
            <Button onClick={() => window.print()}>
              <PrinterIcon /> Print report
            </Button>
          </>
        }
        toolbar={
          <div data-print="hide" className="flex flex-wrap items-center gap-2">
            <MonthSteps month={month} current={current} />
            <WhosePicker
              who={who}
              seesEveryone={report.seesEveryone}
              onChoose={(chosen) =>
                change({
                  user: chosen?.kind === 'user' ? chosen.id : null,
                  key: chosen?.kind === 'key' ? chosen.id : null,
                })
              }
            />
          </div>
        }
      >
        {report.isOpen && <Note>{words} is not over: these are its figures so far.</Note>}
        <Totals total={total} />
        {total.requests === 0 ? (
          <Card className="items-center justify-center p-10 text-muted-foreground text-sm">
            No requests in {words}
          </Card>
        ) : (
          <>
            <DayBars days={days} title={`Requests by day, ${words}`} fileName={fileName} />
            <Lines title="Models" by="Model" rows={report.models} mono />
            <Lines title="Keys" by="Key" rows={report.keys} mono />
            {report.users.length > 0 && <Lines title="Users" by="User" rows={report.users} />}
            <Section title="Days">
              <DaysTable days={days} zone={zone} />
            </Section>
          </>
        )}
        <p className="text-muted-foreground text-xs">
          Counted by Corral, {formatMoment(report.nowMs, zone, 'minute')}, {zone}.
          {total.estimatedRequests > 0 &&
            ` The tokens of ${formatNumberOf(total.estimatedRequests, 'request')} are estimates.`}
        </p>
      </Page>
    </div>
  )
}

function MonthSteps({ month, current }: { month: string; current: string }) {
  const { params } = useUsageParams()
  const hrefOf = (to: string) => {
    const next = new URLSearchParams(params)
    next.set('month', to)
    return `?${next}`
  }
  const isLast = month >= current
  return (
    <nav aria-label="Month" className="flex items-center">
      <Button variant="outline" size="icon" className="rounded-r-none" asChild>
        <Link href={hrefOf(shiftMonth(month, -1))} aria-label="Month before" prefetch={false}>
          <ChevronLeftIcon />
        </Link>
      </Button>
      <span className="-ml-px flex h-control min-w-36 items-center justify-center border bg-card px-3 font-medium text-sm">
        {monthWords(month)}
      </span>
      {isLast ? (
        <Button
          variant="outline"
          size="icon"
          className="-ml-px rounded-l-none"
          aria-label="Month after"
          disabled
          title="This month is still going on"
        >
          <ChevronRightIcon />
        </Button>
      ) : (
        <Button variant="outline" size="icon" className="-ml-px rounded-l-none" asChild>
          <Link href={hrefOf(shiftMonth(month, 1))} aria-label="Month after" prefetch={false}>
            <ChevronRightIcon />
          </Link>
        </Button>
      )}
    </nav>
  )
}

function Totals({ total }: { total: UsageRow }) {
  const facts = [
    ['Requests', formatExact(total.requests)],
    ['Failed', `${formatExact(total.failed)} (${formatShare(total.failed, total.requests)})`],
    ['Refused', formatExact(total.refused)],
    ['Tokens in', formatExact(total.promptTokens)],
    ['Tokens out', formatExact(total.completionTokens)],
    ['First token p50', formatDuration(total.timeToFirstTokenMsP50)],
    ['First token p95', formatDuration(total.timeToFirstTokenMsP95)],
    ['Speed p50', formatSpeed(total.tokensPerSecondP50)],
  ] as const
  return (
    <Card title={tokenWords(total)}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 p-4 sm:grid-cols-4 print:grid-cols-4">
        {facts.map(([label, value]) => (
          <div key={label} className="min-w-0">
            <dt className="truncate text-muted-foreground text-xs">{label}</dt>
            <dd className="truncate font-semibold text-lg">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function Lines({
  title,
  by,
  rows,
  mono = false,
}: {
  title: string
  by: string
  rows: readonly UsageRow[]
  mono?: boolean
}) {
  return (
    <Section title={title}>
      <ReportTable
        label={title}
        heads={[by, 'Requests', 'Failed', 'Tokens in', 'Tokens out', 'Time p50']}
        rows={rows.map((row) => ({
          id: row.id,
          name: <Name text={row.label} mono={mono} />,
          figures: [
            formatExact(row.requests),
            formatExact(row.failed),
            formatExact(row.promptTokens),
            formatExact(row.completionTokens),
            formatDuration(row.totalMsP50),
          ],
        }))}
      />
    </Section>
  )
}

function DaysTable({ days, zone }: { days: UsageReportPage['days']; zone: string }) {
  const { measures, bucketStartsMs } = days
  const figures = [
    measures.requests,
    measures.failed,
    measures.promptTokens,
    measures.completionTokens,
  ]
  return (
    <ReportTable
      label="Days"
      heads={['Day', 'Requests', 'Failed', 'Tokens in', 'Tokens out']}
      rows={(bucketStartsMs ?? []).map((at, index) => ({
        id: String(at),
        name: formatDay(at, zone, 'no-year'),
        figures: figures.map((points) => formatExact(points[index] ?? null)),
      }))}
    />
  )
}

function Name({ text, mono }: { text: string; mono: boolean }): ReactNode {
  return (
    <span title={text} className={mono ? 'font-mono' : undefined}>
      {text}
    </span>
  )
}

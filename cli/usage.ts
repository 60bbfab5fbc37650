import { Command, Option } from 'commander'
import { type UsageReport, usageReport } from '@/lib/admin/usage-report'
import type { UsageGroup } from '@/lib/db/contract'
import { parseMoment } from './parse-options'
import type { Printer } from './print'
import { renderMs } from './render'
import type { Run } from './run-command'

const dayMs = 86_400_000
const groups: UsageGroup[] = ['key', 'model', 'user', 'backend', 'operation', 'outcome']

type Options = {
  by: UsageGroup
  since?: (nowMs: number) => number
  until?: (nowMs: number) => number
}

export function usageCommand(run: Run): Command {
  return new Command('usage')
    .description('requests and tokens of a range of time')
    .addOption(new Option('--by <group>', 'one row for each').choices(groups).default('key'))
    .option(
      '--since <time>',
      'how far back, such as 24h (the default), or an ISO time',
      parseMoment,
    )
    .option('--until <time>', 'where it ends: 1h is an hour ago; now when left out', parseMoment)
    .action(
      run(async ({ context, printer }, options: Options) => {
        const nowMs = context.clock.nowMs()
        const untilMs = options.until?.(nowMs) ?? nowMs
        const sinceMs = options.since?.(nowMs) ?? untilMs - dayMs
        const report = await usageReport(context, { by: options.by, sinceMs, untilMs })
        printer.show(report, () => showReport(printer, report))
      }),
    )
}

function showReport(printer: Printer, report: UsageReport): void {
  const { total } = report
  printer.table({
    columns: [
      report.by,
      'requests',
      'refused',
      'failed',
      'left',
      'prompt tokens',
      'completion tokens',
      'time p50',
      'time p95',
      'first token p50',
      'tokens/s p50',
    ],
    rows: [
      ...report.rows.map((row) => [
        row.label,
        row.requests,
        row.refused,
        row.failed,
        row.left,
        row.promptTokens,
        row.completionTokens,
        renderMs(row.totalMsP50),
        renderMs(row.totalMsP95),
        renderMs(row.timeToFirstTokenMsP50),
        row.tokensPerSecondP50?.toFixed(1),
      ]),
      [
        'total',
        total.requests,
        total.refused,
        total.failed,
        total.left,
        total.promptTokens,
        total.completionTokens,
      ],
    ],
    empty: '',
  })
  if (total.estimatedRequests > 0) {
    printer.line(`The tokens of ${total.estimatedRequests} requests are estimates.`)
  }
}

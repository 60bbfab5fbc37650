import { setTimeout as wait } from 'node:timers/promises'
import { Command } from 'commander'
import { pruneUsage, tailUsage } from '@/lib/admin/tail-usage'
import { StartError } from '@/lib/core/start-error'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { parseNumber } from './parse-options'
import type { Printer } from './print'
import { renderMs, renderTime } from './render'
import type { Run } from './run-command'

const pollMs = 1000
const countMax = 1000

export function logCommands(run: Run): Command {
  const logs = new Command('logs').description('the record of every request')
  logs
    .command('tail')
    .description('the last requests; with --follow also the new ones as they end')
    .option('-n, --lines <number>', 'how many (20)', parseNumber)
    .option('-f, --follow', 'go on until Ctrl-C')
    .action(
      run(async ({ context, printer, signal }, options: { lines?: number; follow?: true }) => {
        const count = options.lines ?? 20
        if (!Number.isInteger(count) || count < 1 || count > countMax) {
          throw new StartError(`--lines: expected a whole number from 1 to ${countMax}.`)
        }
        const tail = tailUsage(context, { count })
        const last = await tail.readNew()
        if (!options.follow) {
          printer.show(last, () => showRecords(printer, last))
          return
        }
        for (let records = last; !signal.aborted; records = await tail.readNew()) {
          for (const record of records) {
            if (printer.json) printer.jsonLine(record)
            else printer.line(renderLine(record))
          }
          await wait(pollMs, undefined, { signal }).catch(() => undefined)
        }
      }),
    )
  logs
    .command('prune')
    .description('delete old records; roll-ups, which reports are made of, stay')
    .requiredOption('--days <number>', 'keep this many days', parseNumber)
    .action(
      run(async ({ context, printer, signal }, { days }: { days: number }) => {
        if (!Number.isInteger(days) || days < 0 || days > 3650) {
          throw new StartError('--days: expected a whole number from 0 to 3650.')
        }
        const removed = await pruneUsage(context, { days, signal })
        printer.show({ removed }, () => printer.line(`${removed} records were deleted.`))
      }),
    )
  return logs
}

function showRecords(printer: Printer, records: readonly UsageRecord[]): void {
  printer.table({
    columns: ['time', 'status', 'key', 'model', 'backend', 'tokens', 'took', 'error', 'id'],
    rows: records.map((record) => [
      renderTime(record.startedAtMs),
      record.status,
      record.keyPrefix ?? record.principal,
      record.modelServed ?? record.modelAsked,
      record.backendName,
      renderTokens(record),
      renderMs(record.totalMs),
      record.errorCode,
      record.id,
    ]),
    empty: 'There are no requests on record.',
  })
}

function renderLine(record: UsageRecord): string {
  return [
    renderTime(record.startedAtMs),
    record.status,
    record.method,
    record.path,
    record.keyPrefix ?? record.principal ?? '-',
    record.modelServed ?? record.modelAsked ?? '-',
    record.backendName ?? '-',
    renderTokens(record) ?? '-',
    renderMs(record.totalMs),
    record.errorCode ?? '',
  ]
    .join('  ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
    .trimEnd()
}

function renderTokens(record: UsageRecord): string | null {
  if (record.promptTokens === null && record.completionTokens === null) return null
  return `${record.promptTokens ?? '?'}+${record.completionTokens ?? '?'}`
}

import { type AdminContext, commandLineOperator } from '@/lib/admin/actor'
import { listAuditRows } from '@/lib/admin/audit-log'
import { overview } from '@/lib/admin/overview'
import { readRequestLog } from '@/lib/admin/request-log'
import type { RequestFilter } from '@/lib/admin/requests'
import { findRequest, listRequestFilterValues } from '@/lib/admin/requests'
import { systemFigures } from '@/lib/admin/system'
import { monthlyReport, usageSeries, usageTable } from '@/lib/admin/usage-figures'
import { startOfMonth } from '@/lib/ui/zone'

/** One thing that a page asks for; `targetMs` is the promise of its p95. */
export type Measured = { name: string; targetMs: number | null; read(): Promise<unknown> }

const dayMs = 86_400_000
const timezone = 'UTC'

/** What the pages of figures ask for, as an admin and as the member with the most requests. */
export async function listMeasured(context: AdminContext, nowMs: number): Promise<Measured[]> {
  const ago = (ms: number) => ({ fromMs: nowMs - ms, toMs: nowMs })
  const month = ago(30 * dayMs)
  const find = await findExamples(context, month)
  const member = { ...context, actor: find.member }
  const logOf = (reader: AdminContext, filter: RequestFilter) => () => {
    const within = { sinceMs: month.fromMs, untilMs: month.toMs, ...filter }
    return readRequestLog(reader, { filter: within, period: month, timezone })
  }
  const log = (filter: RequestFilter) => logOf(context, filter)
  const calendarMonth = {
    fromMs: startOfMonth(nowMs, timezone, -1),
    toMs: startOfMonth(nowMs, timezone),
  }
  const report = { month: 'last', period: calendarMonth, timezone }
  const overviews = [
    ['15 m', 15 * 60_000],
    ['1 h', 3_600_000],
    ['24 h', dayMs],
    ['7 d', 7 * dayMs],
    ['30 d', 30 * dayMs],
  ] as const
  return [
    ...overviews.map(([name, ms]) => ({
      name: `overview, ${name}`,
      targetMs: 150,
      read: () => overview(context, { range: ago(ms), timezone }),
    })),
    {
      name: 'overview of a member, 30 d',
      targetMs: 150,
      read: () => overview(member, { range: month, timezone }),
    },
    { name: 'log', targetMs: 300, read: log({}) },
    { name: 'log, a key', targetMs: 300, read: log({ is: { keyId: [find.keyId] } }) },
    { name: 'log, a rare key', targetMs: 300, read: log({ is: { keyId: [find.rareKeyId] } }) },
    { name: 'log, a user', targetMs: 300, read: log({ is: { userId: [find.userId] } }) },
    { name: 'log, a model', targetMs: 300, read: log({ is: { modelServed: [find.model] } }) },
    { name: 'log, a server', targetMs: 300, read: log({ is: { backendId: [find.backendId] } }) },
    { name: 'log, 5xx', targetMs: 300, read: log({ is: { status: ['5xx'] } }) },
    { name: 'log, 418', targetMs: 300, read: log({ is: { status: ['418'] } }) },
    {
      name: 'log, 5xx of a model',
      targetMs: 300,
      read: log({ is: { status: ['5xx'], modelServed: [find.model] } }),
    },
    { name: 'log, over a minute', targetMs: 300, read: log({ totalMsMin: 60_000 }) },
    {
      name: 'log, an operation of a dialect',
      targetMs: 300,
      read: log({ is: { operation: ['embed'], dialect: ['openai'] } }),
    },
    { name: 'log, long answers', targetMs: 300, read: log({ completionTokensMin: 100_000 }) },
    { name: 'log, an address', targetMs: 300, read: log({ is: { clientAddress: ['192.0.2.1'] } }) },
    { name: 'log, a part of an id', targetMs: 300, read: log({ idText: find.id.slice(-8) }) },
    { name: 'log of a member', targetMs: 300, read: logOf(member, {}) },
    { name: 'one request', targetMs: 300, read: () => findRequest(context, find.id) },
    {
      name: 'values of a filter',
      targetMs: 300,
      read: () => listRequestFilterValues(context, 'model', { sinceMs: month.fromMs }),
    },
    {
      name: 'usage by key, 30 d, compared',
      targetMs: null,
      read: () => {
        const compare = { fromMs: month.fromMs - 30 * dayMs, toMs: month.fromMs }
        return usageTable(context, { by: 'key', period: month, timezone, compare })
      },
    },
    {
      name: 'usage by day and model, 30 d',
      targetMs: null,
      read: () => usageSeries(context, { by: 'model', bucket: 'day', period: month, timezone }),
    },
    {
      name: 'usage by hour and model, 7 d',
      targetMs: null,
      read: () =>
        usageSeries(context, { by: 'model', bucket: 'hour', period: ago(7 * dayMs), timezone }),
    },
    {
      name: 'usage by hour of day and user, 30 d',
      targetMs: null,
      read: () =>
        usageSeries(context, { by: 'user', bucket: 'hour-of-day', period: month, timezone }),
    },
    {
      name: 'usage by month and model, a year',
      targetMs: null,
      read: () =>
        usageSeries(context, { by: 'model', bucket: 'month', period: ago(365 * dayMs), timezone }),
    },
    { name: 'monthly report', targetMs: null, read: () => monthlyReport(context, report) },
    { name: 'audit', targetMs: 300, read: () => listAuditRows(context, {}) },
    { name: 'audit, a text', targetMs: 300, read: () => listAuditRows(context, { text: 'gpu-2' }) },
    { name: 'system', targetMs: null, read: () => systemFigures(context) },
  ]
}

async function findExamples(context: AdminContext, month: { fromMs: number; toMs: number }) {
  const tableOf = (by: 'key' | 'user' | 'model' | 'backend') =>
    usageTable(context, { by, period: month, timezone })
  const [keys, users, models, backends, [newest]] = await Promise.all([
    tableOf('key'),
    tableOf('user'),
    tableOf('model'),
    tableOf('backend'),
    context.database.listUsageRecords({ limit: 1 }),
  ])
  const named = (rows: { id: string; label: string }[]) => rows.filter((row) => row.id !== '')
  const user = named(users.rows)[0]
  const first = (rows: { id: string; label: string }[]) => named(rows)[0]?.id ?? ''
  return {
    id: newest?.id ?? '',
    keyId: first(keys.rows),
    rareKeyId: named(keys.rows).at(-1)?.id ?? '',
    userId: user?.id ?? '',
    model: first(models.rows),
    backendId: first(backends.rows),
    member: {
      ...commandLineOperator,
      kind: 'user' as const,
      id: user?.id ?? '',
      name: user?.label ?? '',
      role: 'member' as const,
    },
  }
}

import { readUsagePage } from '@/lib/admin/usage-page'
import { readUsageQuery } from '../../(frame)/usage/usage-query'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** The figures of the page for the same query. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin, timezone }, params) =>
    readUsagePage(admin, readUsageQuery(params, { nowMs: admin.clock.nowMs(), timezone })),
  )
}

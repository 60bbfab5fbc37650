import { listRequestPage, readRequestLog } from '@/lib/admin/request-log'
import { readRequestSearch } from '../../(frame)/requests/search-params'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** The newest page with its strip, or with `cursor=` the next older one alone. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin, timezone }, params) => {
    const nowMs = admin.clock.nowMs()
    const { filter, period } = readRequestSearch(params, { nowMs, timezone })
    const cursor = params.get('cursor')
    if (cursor !== null) return listRequestPage(admin, filter, cursor)
    return readRequestLog(admin, { filter, period, timezone })
  })
}

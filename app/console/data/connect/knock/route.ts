import { lastKnock } from '@/lib/admin/last-knock'
import { answerData } from '../../answer-data'

export const dynamic = 'force-dynamic'

/** The calls from the reader's own address since `?since=`. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin, address }, params) => {
    const since = Number(params.get('since'))
    return lastKnock(admin, { address, sinceMs: Number.isFinite(since) ? since : 0 })
  })
}

import { lastKnock } from '@/lib/admin/last-knock'
import { answerData } from '../../answer-data'

export const dynamic = 'force-dynamic'

/** The calls from the reader's own address of the last `?back=` milliseconds. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin, address }, params) => {
    const back = Number(params.get('back'))
    return lastKnock(admin, { address, backMs: Number.isFinite(back) ? back : 0 })
  })
}

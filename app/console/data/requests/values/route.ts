import { listRequestFilterValues } from '@/lib/admin/requests'
import { readRequestSearch } from '../../../(frame)/requests/search-params'
import { answerData } from '../../answer-data'

export const dynamic = 'force-dynamic'

/** The values of `field=`, as the other filters and the range leave them. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin, timezone }, params) => {
    const field = params.get('field') ?? ''
    params.delete(field)
    const { filter } = readRequestSearch(params, { nowMs: admin.clock.nowMs(), timezone })
    return listRequestFilterValues(admin, field, filter)
  })
}

import { listKeyFilterValues, listKeyRows } from '@/lib/admin/key-rows'
import { parseKeysParams } from '../../(frame)/keys/search-params'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** The list as its URL asks for it; with `?values=state` the values of a filter. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }, params) => {
    const query = parseKeysParams(params)
    const field = params.get('values')
    return field === null ? listKeyRows(admin, query) : listKeyFilterValues(admin, field, query)
  })
}

import { listModelFilterValues } from '@/lib/admin/model-matrix'
import { readModelsPage } from '@/lib/admin/models-page'
import { parseModelsParams } from '../../(frame)/models/search-params'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** The page as its URL asks for it; with `?values=state` the values of a filter. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }, params): Promise<unknown> => {
    const query = parseModelsParams(params)
    const field = params.get('values')
    return field === null
      ? readModelsPage(admin, query)
      : listModelFilterValues(admin, field, query)
  })
}

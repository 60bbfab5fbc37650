import { listUserFilterValues } from '@/lib/admin/user-rows'
import { parseUsersParams } from '../../../(frame)/users/search-params'
import { answerData } from '../../answer-data'

export const dynamic = 'force-dynamic'

/** The values of the filter `?field=`, with how many people have each. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }, params) =>
    listUserFilterValues(admin, params.get('field') ?? '', parseUsersParams(params)),
  )
}

import { listUserRows } from '@/lib/admin/user-rows'
import { parseUsersParams } from '../../(frame)/users/search-params'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** The people as the URL of the list asks for them. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }, params) => listUserRows(admin, parseUsersParams(params)))
}

import { searchUsageWho } from '@/lib/admin/usage-page'
import { answerData } from '../../answer-data'

export const dynamic = 'force-dynamic'

/** Users and keys whose usage the reader may see, by a part of their name. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }, params) => searchUsageWho(admin, params.get('text') ?? ''))
}

import { readConnectFacts } from '@/lib/admin/connect-facts'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** What the Connect dialog makes its snippets of. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }) => readConnectFacts(admin))
}

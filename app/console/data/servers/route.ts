import { readServersPage } from '@/lib/admin/servers'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** What the list of servers shows, while it is open. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }) => readServersPage(admin))
}

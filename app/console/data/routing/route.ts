import { readRoutingPage } from '@/lib/admin/routing-page'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }) => readRoutingPage(admin))
}

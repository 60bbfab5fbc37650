import { explainRoute } from '@/lib/admin/explain-route'
import { parseRouteQuestion } from '../../../(frame)/routing/search-params'
import { answerData } from '../../answer-data'

export const dynamic = 'force-dynamic'

/** A dry run: nothing is sent, and no slot is taken. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }, params) => explainRoute(admin, parseRouteQuestion(params)))
}

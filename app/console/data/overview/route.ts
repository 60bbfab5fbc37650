import { answerData } from '../answer-data'
import { readOverview } from './read-overview'

export const dynamic = 'force-dynamic'

/** The figures of the overview for `?range=`. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, (session, params) => readOverview(session, params.get('range')))
}

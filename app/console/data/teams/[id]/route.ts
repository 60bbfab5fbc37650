import { answerData } from '../../answer-data'
import { readTeam } from '../read-team'

export const dynamic = 'force-dynamic'

/** What the page of a team shows live: rules, members, usage in the range. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { id } = await params
  return answerData(request, (session, search) =>
    readTeam(session, { id, rangeText: search.get('range') }),
  )
}

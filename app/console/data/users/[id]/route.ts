import { answerData } from '../../answer-data'
import { readUser } from '../read-user'

export const dynamic = 'force-dynamic'

/** What the page of a person shows live: account, keys, usage in the range. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { id } = await params
  return answerData(request, (session, search) =>
    readUser(session, { id, rangeText: search.get('range') }),
  )
}

import { readFrame } from '@/lib/admin/frame'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** The health of the whole, for the top bar of every page. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, async ({ admin }) => (await readFrame(admin)).health)
}

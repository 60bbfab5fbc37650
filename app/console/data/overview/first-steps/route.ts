import { readFirstSteps } from '@/lib/admin/first-steps'
import { answerData } from '../../answer-data'

export const dynamic = 'force-dynamic'

/** How far a first visit has come, and the newest call. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }) => readFirstSteps(admin))
}

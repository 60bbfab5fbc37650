import { openConsole } from '@/lib/admin/open-console'
import { readSystemPage } from '../../(frame)/system/read-system-page'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** What the system page shows, while it is open. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, async ({ admin }) => readSystemPage(admin, await openConsole()))
}

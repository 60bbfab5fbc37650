import { openConsole } from '@/lib/admin/open-console'
import { readSettingsPage } from '@/lib/admin/settings-page'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** What the settings page shows, while it is open. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, async ({ admin }) => {
    const { environment } = await openConsole()
    return readSettingsPage(admin, environment)
  })
}

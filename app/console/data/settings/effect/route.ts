import { settingsInEffect } from '@/lib/admin/settings-page'
import { answerData } from '../../answer-data'

export const dynamic = 'force-dynamic'

/** On how many gateways a change acts already. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }, params) =>
    settingsInEffect(admin, Number(params.get('revision')) || 0),
  )
}

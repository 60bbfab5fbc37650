import { searchAnything } from '@/lib/admin/search-anything'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** What the palette finds for `?text=`. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }, params) => searchAnything(admin, params.get('text') ?? ''))
}

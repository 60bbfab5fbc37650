import { type BlastTarget, blastRadius } from '@/lib/admin/blast-radius'
import { CorralError } from '@/lib/core/errors'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/**
 * Whom an act would have hit: `?key=`, `?user=`, `?team=`, `?backend=` (and `&model=`, `&unload=1`),
 * `?model=`, `?alias=`.
 */
export function GET(request: Request): Promise<Response> {
  return answerData(request, ({ admin }, params) => blastRadius(admin, parseTarget(params)))
}

function parseTarget(params: URLSearchParams): BlastTarget {
  const [keyId, userId, teamId, backendId, model, alias] = [
    params.get('key'),
    params.get('user'),
    params.get('team'),
    params.get('backend'),
    params.get('model'),
    params.get('alias'),
  ]
  if (keyId !== null) return { keyIds: [keyId] }
  if (userId !== null) return { userId }
  if (teamId !== null) return { teamId }
  if (backendId !== null) {
    return { backendId, isUnload: params.has('unload'), ...(model !== null && { model }) }
  }
  if (model !== null) return { model }
  if (alias !== null) return { alias }
  const problem = 'Expected key, user, team, backend, model or alias.'
  throw new CorralError('admin.invalid_input', { params: { problem } })
}

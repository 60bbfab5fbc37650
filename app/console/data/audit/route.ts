import { listAuditActors, listAuditRows } from '@/lib/admin/audit-log'
import { auditActions, auditKinds, auditVias } from '@/lib/ui/audit-list'
import { readAuditFilter } from '../../(frame)/audit/search-params'
import { answerData } from '../answer-data'

export const dynamic = 'force-dynamic'

/** What is older than `cursor=`, or with `values=actor` the values of a filter. */
export function GET(request: Request): Promise<Response> {
  return answerData(request, async ({ admin, timezone }, params) => {
    const field = params.get('values')
    const filter = readAuditFilter(params, { nowMs: admin.clock.nowMs(), timezone })
    if (field === null) return listAuditRows(admin, filter, params.get('cursor'))
    if (field === 'actor') return (await listAuditActors(admin)).map((value) => ({ value }))
    const words = { action: auditActions, kind: auditKinds, via: auditVias }[field] ?? {}
    return Object.entries(words).map(([value, label]) => ({ value, label }))
  })
}

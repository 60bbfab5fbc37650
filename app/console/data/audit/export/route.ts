import { exportAudit } from '@/lib/admin/audit-log'
import { findSession } from '@/lib/admin/session'
import { isCorralError } from '@/lib/core/errors'
import { log } from '@/lib/core/log'
import { formatIso } from '@/lib/ui/format-time'
import { readAuditFilter } from '../../../(frame)/audit/search-params'

export const dynamic = 'force-dynamic'

/** All that the filters leave, as CSV, read as fast as it is taken. */
export async function GET(request: Request): Promise<Response> {
  const session = await findSession()
  if (session === null || session.user.mustChangePassword) {
    return new Response('You were signed out.', { status: 401 })
  }
  const { admin, timezone } = session
  const params = new URL(request.url).searchParams
  const filter = readAuditFilter(params, { nowMs: admin.clock.nowMs(), timezone })
  const ending = new AbortController()
  const signal = AbortSignal.any([request.signal, ending.signal])
  const chunks = exportAudit(admin, filter, { signal, timezone })
  const encoder = new TextEncoder()
  // Whether one may is known before anything is sent.
  const first = await chunks.next().catch((error: unknown) => {
    if (isCorralError(error)) return error
    throw error
  })
  if (isCorralError(first)) return new Response(first.message, { status: first.status })
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (!first.done) controller.enqueue(encoder.encode(first.value))
    },
    async pull(controller) {
      try {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      } catch (error) {
        log.error({ err: error }, 'an export of the audit broke off')
        controller.error(error)
      }
    },
    cancel: () => ending.abort(),
  })
  const day = formatIso(admin.clock.nowMs(), timezone).slice(0, 10)
  return new Response(body, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="audit-${day}.csv"`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

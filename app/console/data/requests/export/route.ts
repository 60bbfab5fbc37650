import { exportRequests } from '@/lib/admin/export-requests'
import { findSession } from '@/lib/admin/session'
import { log } from '@/lib/core/log'
import { formatIso } from '@/lib/ui/format-time'
import { readRequestSearch } from '../../../(frame)/requests/search-params'

export const dynamic = 'force-dynamic'

/** The filtered log as a file: `format=csv` or `jsonl`, read as fast as it is taken. */
export async function GET(request: Request): Promise<Response> {
  const session = await findSession()
  if (session === null || session.user.mustChangePassword) {
    return new Response('You were signed out.', { status: 401 })
  }
  const { admin, timezone } = session
  const params = new URL(request.url).searchParams
  const format = params.get('format') === 'jsonl' ? 'jsonl' : 'csv'
  const { filter } = readRequestSearch(params, { nowMs: admin.clock.nowMs(), timezone })
  const ending = new AbortController()
  const signal = AbortSignal.any([request.signal, ending.signal])
  const chunks = exportRequests(admin, filter, { format, signal, timezone })
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      } catch (error) {
        log.error({ err: error }, 'an export broke off')
        controller.error(error)
      }
    },
    cancel: () => ending.abort(),
  })
  const day = formatIso(admin.clock.nowMs(), timezone).slice(0, 10)
  return new Response(body, {
    headers: {
      'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
      'Content-Disposition': `attachment; filename="requests-${day}.${format}"`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

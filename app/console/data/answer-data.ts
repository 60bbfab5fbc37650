import { findSession, type Session } from '@/lib/admin/session'
import { isCorralError } from '@/lib/core/errors'
import { newRequestId } from '@/lib/core/ids'
import { log } from '@/lib/core/log'
import { etagOf } from './etag-of'

/**
 * What a page asks for again while it is open: the session, one read model, JSON. 304 where
 * nothing changed since the `ETag` that the browser names (RFC 9110), 401 without a session.
 */
export async function answerData(
  request: Request,
  read: (session: Session, params: URLSearchParams) => Promise<unknown>,
): Promise<Response> {
  const session = await findSession()
  if (session === null || session.user.mustChangePassword) {
    return refuse(401, { code: 'auth.signed_out', message: 'You were signed out.' })
  }
  try {
    const json = JSON.stringify(await read(session, new URL(request.url).searchParams))
    const etag = etagOf(json)
    const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ETag: etag }
    if (request.headers.get('if-none-match') === etag) {
      return new Response(null, { status: 304, headers })
    }
    return new Response(json, { headers })
  } catch (error) {
    if (isCorralError(error)) return refuse(error.status, error)
    const id = newRequestId()
    log.error({ err: error, requestId: id }, 'a page could not be read')
    return refuse(500, { code: 'gateway.internal', message: 'This could not be read.' }, id)
  }
}

function refuse(
  status: number,
  { code, message }: { code: string; message: string },
  id: string = newRequestId(),
): Response {
  const headers = { 'Cache-Control': 'no-store', 'X-Request-Id': id }
  return Response.json({ code, message }, { status, headers })
}

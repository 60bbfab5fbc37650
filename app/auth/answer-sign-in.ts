import { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { openConsole } from '@/lib/admin/open-console'
import { type CorralError, isCorralError } from '@/lib/core/errors'
import { log } from '@/lib/core/log'
import { callerHeaderNames } from '@/lib/http/caller-header-names'
import { makeSignInConfig } from './sign-in-config'

const bodyBytesMax = 64 * 1024

/**
 * Everything under /auth: next-auth, on a request that was rebuilt from what the door says about
 * the caller, so that addresses lead back to where the browser is. A refusal keeps its status:
 * who signs in by script reads 401, 403, or 429 with `Retry-After`.
 */
export async function answerSignIn(request: Request): Promise<Response> {
  const theConsole = await openConsole()
  const rebuilt = await rebuildRequest(request)
  if (rebuilt === null) return plain(413, 'The form is too large.')
  const outcome: { refusal: CorralError | null } = { refusal: null }
  const config = await makeSignInConfig(theConsole, {
    secure: rebuilt.nextUrl.protocol === 'https:',
    address: request.headers.get(callerHeaderNames.address),
    userAgent: request.headers.get('user-agent'),
    refuse: (error) => {
      outcome.refusal = isCorralError(error) ? error : null
      if (outcome.refusal === null) log.error({ err: error }, 'a sign-in failed')
    },
  })
  const { handlers } = NextAuth(config)
  const answer = await (request.method === 'POST' ? handlers.POST : handlers.GET)(rebuilt)
  const response =
    outcome.refusal !== null && request.method === 'POST' ? render(outcome.refusal) : answer
  return withSafeHeaders(response, rebuilt.nextUrl.protocol === 'https:')
}

async function rebuildRequest(request: Request): Promise<NextRequest | null> {
  const { headers, method } = request
  const scheme = headers.get(callerHeaderNames.scheme) ?? 'http'
  const host = headers.get(callerHeaderNames.host) ?? 'localhost'
  const { pathname, search } = new URL(request.url)
  const url = `${scheme}://${host}${pathname}${search}`
  if (method !== 'POST') return new NextRequest(url, { method, headers })
  const length = Number(headers.get('content-length') ?? 0)
  if (length > bodyBytesMax) return null
  const body = await request.text()
  return body.length > bodyBytesMax ? null : new NextRequest(url, { method, headers, body })
}

function render(refusal: CorralError): Response {
  const { code, message, status, retryAfterS } = refusal
  const headers = retryAfterS === undefined ? undefined : { 'Retry-After': String(retryAfterS) }
  return Response.json({ error: { code, message, retryAfterS } }, { status, headers })
}

function withSafeHeaders(answer: Response, secure: boolean): Response {
  const response = new Response(answer.body, answer)
  response.headers.set('Cache-Control', 'no-store')
  response.headers.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
  response.headers.set('X-Frame-Options', 'DENY')
  response.headers.set('X-Content-Type-Options', 'nosniff')
  response.headers.set('Referrer-Policy', 'same-origin')
  if (secure) response.headers.set('Strict-Transport-Security', 'max-age=31536000')
  return response
}

function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { 'Content-Type': 'text/plain' } })
}

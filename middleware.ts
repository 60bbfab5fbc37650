import { type NextRequest, NextResponse } from 'next/server'
import { sessionCookieName } from '@/lib/admin/session-cookie'
import { callerHeaderNames } from '@/lib/http/caller-header-names'
import { renderContentPolicy } from '@/lib/http/content-policy'

/**
 * Looks only whether a session cookie is there, and gives each page the nonce of its scripts (C5).
 * Whether the cookie is good is asked by every page and action for itself.
 */
export function middleware(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl
  const secure = request.headers.get(callerHeaderNames.scheme) === 'https'
  const nonce = makeNonce()
  const policy = renderContentPolicy({
    nonce,
    gatewayUrl: request.headers.get(callerHeaderNames.gateway),
    development: request.headers.has(callerHeaderNames.development),
  })
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('x-corral-path', pathname + search)
  headers.set('Content-Security-Policy', policy)
  const response =
    isOpen(pathname) || request.cookies.has(sessionCookieName)
      ? NextResponse.next({ request: { headers } })
      : sendToSignIn(request)
  response.headers.set('Content-Security-Policy', policy)
  response.headers.set('X-Frame-Options', 'DENY')
  response.headers.set('X-Content-Type-Options', 'nosniff')
  response.headers.set('Referrer-Policy', 'same-origin')
  response.headers.set('Cache-Control', 'no-store')
  if (secure) response.headers.set('Strict-Transport-Security', 'max-age=31536000')
  return response
}

export const config = { matcher: ['/console', '/console/:path*'] }

function isOpen(pathname: string): boolean {
  return /^\/console\/(sign-in|invitation\/[^/]+)\/?$/.test(pathname)
}

/** Next makes a path of it, as the origin is its own: the browser knows best what we are called. */
function sendToSignIn(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl
  if (pathname.startsWith('/console/data/')) return new NextResponse(null, { status: 401 })
  const from = encodeURIComponent(pathname + search)
  return NextResponse.redirect(new URL(`/console/sign-in?from=${from}`, request.nextUrl))
}

function makeNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return btoa(String.fromCharCode(...bytes))
}

/** One name under every scheme: a header that lies about TLS never makes it another cookie. */
export const sessionCookieName = 'corral.session'
export const sessionMaxAgeS = 14 * 86_400

/** Beside it: what a sign-in needs on its way. */
export const signInCookieNames = {
  csrfToken: 'corral.csrf',
  callbackUrl: 'corral.callback-url',
  pkceCodeVerifier: 'corral.pkce',
  state: 'corral.state',
  nonce: 'corral.nonce',
} as const

export function sessionCookieOptions({ secure }: { secure: boolean }) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure } as const
}

/** Where a person goes after signing in: a path of the console, nothing that leads elsewhere. */
export function parseReturnPath(from: string | null | undefined): string {
  if (!from || !/^\/console(?:[/?#]|$)/.test(from) || /[\\\p{Cc}]/u.test(from)) return '/console'
  return /^\/console\/(sign-in|new-password|invitation)\b/.test(from) ? '/console' : from
}

import type { Account, NextAuthConfig, User } from 'next-auth'
import { CredentialsSignin } from 'next-auth'
import credentials from 'next-auth/providers/credentials'
import type { Console, OidcProvider } from '@/lib/admin/open-console'
import {
  sessionCookieName,
  sessionCookieOptions,
  sessionMaxAgeS,
  signInCookieNames,
} from '@/lib/admin/session-cookie'
import { signInWithPassword } from '@/lib/admin/sign-in'
import { signInWithOidc } from '@/lib/admin/sign-in-with-oidc'
import { isCorralError } from '@/lib/core/errors'
import { log } from '@/lib/core/log'

type Caller = {
  secure: boolean
  address: string | null
  userAgent: string | null
  /** Hears why a sign-in was refused. */
  refuse(error: unknown): void
}
type Person = { id: string; sessionEpoch: number }

const signInPage = '/console/sign-in'
const providerStepS = 15 * 60

/** next-auth's configuration for one request: settings and provider are those of now. */
export async function makeSignInConfig(
  theConsole: Console,
  caller: Caller,
): Promise<NextAuthConfig> {
  const provider = await theConsole.findOidcProvider()
  const people = new WeakMap<object, Person>()
  return {
    basePath: '/auth',
    // The request was rebuilt by the door's word, which is the only one that counts.
    trustHost: true,
    secret: theConsole.sessionSecret,
    session: { strategy: 'jwt', maxAge: sessionMaxAgeS },
    pages: { signIn: signInPage, error: signInPage },
    useSecureCookies: caller.secure,
    cookies: cookiesFor(caller.secure),
    providers: [passwordProvider(theConsole, caller), ...(provider ? [oidc(provider)] : [])],
    callbacks: {
      async signIn({ user, account, profile }) {
        if (account?.type !== 'oidc' || provider === null) return true
        try {
          const claims = { ...claimsOf(account), ...profile }
          const settings = await theConsole.readSettings()
          const person = await signInWithOidc(
            { ...theConsole, settings },
            { ...caller, issuer: provider.issuer, claims },
          )
          people.set(user, person)
          return true
        } catch (error) {
          return `${signInPage}?${refusalQuery(error)}`
        }
      },
      jwt({ token, user }) {
        const person = user && (people.get(user) ?? personOf(user))
        return person ? { sub: person.id, epoch: person.sessionEpoch } : token
      },
      // What a script of a page may read about the session: nothing.
      session: ({ session }) => ({ expires: session.expires }),
    },
    logger: {
      error: (error) => log.info({ problem: error.message }, 'a sign-in was not completed'),
      warn: () => {},
      debug: () => {},
    },
  }
}

function passwordProvider(theConsole: Console, caller: Caller) {
  return credentials({
    credentials: { name: {}, password: {} },
    async authorize({ name, password }) {
      try {
        const attempt = { name: String(name ?? ''), password: String(password ?? '') }
        const user = await signInWithPassword(theConsole, { ...caller, ...attempt })
        return { id: user.id, sessionEpoch: user.sessionEpoch }
      } catch (error) {
        caller.refuse(error)
        throw new CredentialsSignin()
      }
    },
  })
}

/** Claims may stand in the id token or at the userinfo endpoint: both are read. */
function oidc({ issuer, clientId, clientSecret }: OidcProvider) {
  return {
    id: 'oidc',
    name: 'OpenID',
    type: 'oidc' as const,
    issuer,
    clientId,
    clientSecret,
    idToken: false,
    checks: ['pkce' as const, 'state' as const, 'nonce' as const],
    authorization: { params: { scope: 'openid profile email' } },
  }
}

/** The id token was verified before this is called. */
function claimsOf(account: Account): Record<string, unknown> {
  const payload = account.id_token?.split('.')[1] ?? ''
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8') || '{}')
}

/** Users come out of `authorize` above, and out of nothing else. */
function personOf(user: User): Person | null {
  if (!('sessionEpoch' in user) || typeof user.sessionEpoch !== 'number') return null
  return user.id === undefined ? null : { id: user.id, sessionEpoch: user.sessionEpoch }
}

function refusalQuery(error: unknown): URLSearchParams {
  if (isCorralError(error)) {
    const { reason } = error.params
    return new URLSearchParams({ error: error.code, ...(reason && { reason: String(reason) }) })
  }
  log.error({ err: error }, 'a sign-in by the provider failed')
  return new URLSearchParams({ error: 'Configuration' })
}

function cookiesFor(secure: boolean): NextAuthConfig['cookies'] {
  const options = sessionCookieOptions({ secure })
  const step = { ...options, maxAge: providerStepS }
  return {
    sessionToken: { name: sessionCookieName, options },
    csrfToken: { name: signInCookieNames.csrfToken, options },
    callbackUrl: { name: signInCookieNames.callbackUrl, options },
    pkceCodeVerifier: { name: signInCookieNames.pkceCodeVerifier, options: step },
    state: { name: signInCookieNames.state, options: step },
    nonce: { name: signInCookieNames.nonce, options: step },
  }
}

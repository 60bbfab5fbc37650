import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { decode, encode } from 'next-auth/jwt'
import { cache } from 'react'
import type { SessionUser } from '@/lib/db/contract'
import { callerHeaderNames } from '@/lib/http/caller-header-names'
import { permissionsOfRole, type Role } from '@/lib/schemas/permissions'
import type { Actor, AdminContext } from './actor'
import { openConsole } from './open-console'
import { sessionCookieName, sessionCookieOptions, sessionMaxAgeS } from './session-cookie'
import { noteVisit } from './visits'

/** Who looks at this page. */
export type Session = {
  user: {
    id: string
    name: string
    role: Role
    /** Somebody else set the password: nothing but a new one is offered. */
    mustChangePassword: boolean
    /** The end of the visit before this one; null at the first. */
    previousVisitAtMs: number | null
  }
  actor: Actor
  /** For every verb and read model of lib/admin. */
  admin: AdminContext
  /** The setting `timezone`: it rules every page, axis and file. */
  timezone: string
  address: string | null
}

/**
 * The session of this request, or null: the cookie is ours, the user is there and active, and no
 * new password, deactivation or sign-out came since. Asked once a request, anew at each.
 */
export const findSession: () => Promise<Session | null> = cache(async () => {
  const token = (await cookies()).get(sessionCookieName)?.value
  if (token === undefined) return null
  const { database, clock, sealKey, sessionSecret, readSettings } = await openConsole()
  const claims = await readToken(token, sessionSecret)
  if (claims === null) return null
  const user = await database.findSessionUser(claims.userId)
  if (user === null || !user.active || user.sessionEpoch !== claims.epoch) return null
  const { address } = await findCaller()
  const actor = actorOf(user, address)
  return {
    user: {
      id: user.id,
      name: user.name,
      role: user.role,
      mustChangePassword: user.mustChangePassword,
      previousVisitAtMs: noteVisit({ database, clock }, user),
    },
    actor,
    admin: { database, actor, clock, sealKey },
    timezone: (await readSettings()).timezone,
    address,
  }
})

/** Or on to the sign-in page, or to the one that asks for a new password. */
export async function requireSession(): Promise<Session> {
  const session = await findSession()
  if (session === null) redirect(await signInPath())
  if (session.user.mustChangePassword) redirect('/console/new-password')
  return session
}

/** Sets the cookie: in a server action or a route handler. */
export async function beginSession(user: { id: string; sessionEpoch: number }): Promise<void> {
  const { sessionSecret } = await openConsole()
  const { secure } = await findCaller()
  const token = await encode({
    token: { sub: user.id, epoch: user.sessionEpoch },
    secret: sessionSecret,
    salt: sessionCookieName,
    maxAge: sessionMaxAgeS,
  })
  const options = { ...sessionCookieOptions({ secure }), maxAge: sessionMaxAgeS }
  ;(await cookies()).set(sessionCookieName, token, options)
}

/** Takes the cookie away: this browser only. */
export async function endSession(): Promise<void> {
  ;(await cookies()).delete(sessionCookieName)
}

/** What the door says about who is calling. */
export async function findCaller(): Promise<{
  address: string | null
  userAgent: string | null
  secure: boolean
}> {
  const all = await headers()
  return {
    address: all.get(callerHeaderNames.address),
    userAgent: all.get('user-agent'),
    secure: all.get(callerHeaderNames.scheme) === 'https',
  }
}

async function signInPath(): Promise<string> {
  const path = (await headers()).get('x-corral-path')
  return path === null ? '/console/sign-in' : `/console/sign-in?from=${encodeURIComponent(path)}`
}

async function readToken(
  token: string,
  secret: string,
): Promise<{ userId: string; epoch: number } | null> {
  try {
    const claims = await decode({ token, secret, salt: sessionCookieName })
    if (claims === null || typeof claims.sub !== 'string') return null
    return typeof claims.epoch === 'number' ? { userId: claims.sub, epoch: claims.epoch } : null
  } catch {
    return null
  }
}

/** A team admin manages nobody's keys who may do more than they may themselves. */
function actorOf(user: SessionUser, address: string | null): Actor {
  const most = permissionsOfRole(user.role)
  const managed = user.managedUsers.filter(({ role }) =>
    permissionsOfRole(role).every((permission) => most.includes(permission)),
  )
  return {
    kind: 'user',
    id: user.id,
    name: user.name,
    role: user.role,
    managedUserIds: managed.map(({ id }) => id),
    via: 'console',
    address,
  }
}

import { hashPassword, isBcryptHash, verifyPassword } from '@/lib/auth/password'
import type { SignInLimit } from '@/lib/auth/sign-in-limit'
import type { Clock } from '@/lib/core/clock'
import { CorralError, type ErrorCode } from '@/lib/core/errors'
import { randomBase62 } from '@/lib/core/ids'
import type { Database, SessionUser, SignInMethod } from '@/lib/db/contract'
import { type AdminContext, auditEntry } from './actor'
import { invalidInput } from './parse-input'
import { parsePassword } from './users'

export type SignInContext = { database: Database; clock: Clock }
export type SignInOrigin = { address: string | null; userAgent: string | null }

const nameCharsMax = 120
const passwordCharsMax = 256
const userAgentCharsMax = 300

/**
 * A9: who has this name and password. Throws `auth.sign_in_failed` (401), `auth.sign_in_locked`
 * (429) and, only once the password was right, `auth.user_inactive` (403).
 */
export async function signInWithPassword(
  context: SignInContext & { limit: SignInLimit },
  attempt: SignInOrigin & { name: string; password: string },
): Promise<SessionUser> {
  const { database } = context
  const name = attempt.name.trim().slice(0, nameCharsMax + 1)
  const counted = context.limit.take({ address: attempt.address, account: name })
  const found = name.length > nameCharsMax ? null : await database.findUserWithPasswordHash(name)
  const stored = found?.passwordHash ?? (await nobodysHash())
  const fits =
    attempt.password.length <= passwordCharsMax && (await verifyPassword(attempt.password, stored))
  if (found === null || found.passwordHash === null || !fits) {
    if (found !== null) await note(context, found.id, { ...attempt, reason: 'auth.sign_in_failed' })
    throw new CorralError('auth.sign_in_failed')
  }
  const { passwordHash, ...user } = found
  if (isBcryptHash(passwordHash)) {
    const to = await hashPassword(attempt.password)
    await database.replaceUserPasswordHash(user.id, { from: passwordHash, to })
  }
  counted.succeeded()
  await requireActive(context, user, attempt)
  return user
}

/** Notes the sign-in of a user who has shown who they are, unless they are deactivated. */
export async function requireActive(
  context: SignInContext,
  user: Pick<SessionUser, 'id' | 'active'>,
  attempt: SignInOrigin & { method?: SignInMethod },
): Promise<void> {
  const reason = user.active ? null : 'auth.user_inactive'
  await note(context, user.id, { ...attempt, reason })
  if (reason !== null) throw new CorralError(reason)
}

/**
 * A user's own password. The old one is asked for, except where a new one is due because somebody
 * else set it. Ends every other session; `sessionEpoch` is that of the one that goes on.
 */
export async function changeOwnPassword(
  context: AdminContext & { limit: SignInLimit },
  change: { current: string | null; next: string },
): Promise<{ sessionEpoch: number }> {
  const { actor, database } = context
  if (actor.kind !== 'user') throw invalidInput('Only a person has a password of their own.')
  const user = await database.findUserWithPasswordHash(actor.name)
  if (user === null || user.passwordHash === null) {
    throw invalidInput('This account has no password: it signs in by the provider.')
  }
  const next = parsePassword(change.next)
  if (!user.mustChangePassword) {
    const counted = context.limit.take({ address: actor.address, account: user.name })
    if (!(await verifyPassword(change.current ?? '', user.passwordHash))) {
      throw invalidInput('current: this is not your password.')
    }
    counted.succeeded()
  }
  if (await verifyPassword(next, user.passwordHash)) {
    throw invalidInput('password: choose another one than before.')
  }
  const entry = { action: 'user.change_password', kind: 'user', id: user.id, name: user.name }
  return database.updateUserPasswordHash(
    user.id,
    await hashPassword(next),
    auditEntry(actor, entry),
  )
}

function note(
  { database, clock }: SignInContext,
  userId: string,
  attempt: SignInOrigin & { method?: SignInMethod; reason: ErrorCode | null },
): Promise<void> {
  return database.recordSignIn({
    userId,
    atMs: clock.nowMs(),
    method: attempt.method ?? 'password',
    ok: attempt.reason === null,
    reason: attempt.reason,
    address: attempt.address,
    userAgent: attempt.userAgent?.slice(0, userAgentCharsMax) ?? null,
  })
}

/** Who is not there takes as long as who is. */
let nobody: Promise<string> | undefined
function nobodysHash(): Promise<string> {
  nobody ??= hashPassword(randomBase62(20))
  return nobody
}

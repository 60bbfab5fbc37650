import { CorralError, isCorralError } from '@/lib/core/errors'
import type { Database, SessionUser, User } from '@/lib/db/contract'
import { type Role, roleSchema } from '@/lib/schemas/permissions'
import type { Settings } from '@/lib/schemas/settings'
import { type AdminContext, auditEntry } from './actor'
import { requireActive, type SignInContext, type SignInOrigin } from './sign-in'

export type OidcClaims = Record<string, unknown>
type OidcSettings = Pick<
  Settings,
  'oidcDomains' | 'oidcRoleClaim' | 'oidcRoles' | 'oidcDefaultRole'
>

/** By short words, which may stand in an address; the page has the long ones. */
export const providerProblems = {
  no_subject: 'it did not say who you are',
  unverified: 'your e-mail address is not verified there',
  domain: 'e-mail addresses of your domain may not sign in here',
  no_role: 'no role here is meant for you',
  names: 'too many people have your name',
  removed: 'the account was removed meanwhile',
} as const
type ProviderProblem = keyof typeof providerProblems

/**
 * Who a person of the provider is here: the user who is linked to them, else the one user with
 * their verified e-mail address, else a new one. The role claim, where there is one, decides at
 * each sign-in. Throws `auth.provider_refused` and `auth.user_inactive`.
 */
export async function signInWithOidc(
  context: SignInContext & Pick<AdminContext, 'sealKey'> & { settings: OidcSettings },
  person: SignInOrigin & { issuer: string; claims: OidcClaims },
): Promise<SessionUser> {
  const { database, settings } = context
  const { claims, issuer } = person
  const subject = text(claims.sub)
  if (subject === null) throw refused('no_subject')
  const email = verifiedEmail(claims)
  requireDomain(settings, email)
  const role = roleOf(settings, claims)
  const admin: AdminContext = {
    ...context,
    actor: { kind: 'provider', via: 'console', address: person.address },
  }
  const oidc = { issuer, subject }
  const known = (await database.findUserByOidc(oidc)) ?? (await linkByEmail(admin, { email, oidc }))
  const user = known ?? (await createFromClaims(admin, { claims, email, oidc, role, settings }))
  await requireActive(context, user, { ...person, method: 'oidc' })
  if (role !== null && role !== user.role) await changeRole(admin, user, role)
  const session = await database.findSessionUser(user.id)
  if (session === null) throw refused('removed')
  return session
}

/** An address that the provider does not vouch for belongs to nobody. */
function verifiedEmail(claims: OidcClaims): string | null {
  return claims.email_verified === true || claims.email_verified === 'true'
    ? (text(claims.email)?.toLowerCase() ?? null)
    : null
}

function requireDomain(settings: OidcSettings, email: string | null): void {
  if (settings.oidcDomains.length === 0) return
  if (email === null) throw refused('unverified')
  const domain = email.slice(email.lastIndexOf('@') + 1)
  if (settings.oidcDomains.some((one) => one.toLowerCase() === domain)) return
  throw refused('domain')
}

const rank: Record<Role, number> = { admin: 3, operator: 2, viewer: 1, member: 0 }

/** Of several values the one that may most; null where the claim tells none. */
export function roleOf(settings: OidcSettings, claims: OidcClaims): Role | null {
  const { oidcRoleClaim, oidcRoles } = settings
  if (oidcRoleClaim === '') return null
  const named = Object.keys(oidcRoles).length > 0
  const roles = valuesAt(claims, oidcRoleClaim).flatMap((value) => {
    if (named) return Object.hasOwn(oidcRoles, value) ? [oidcRoles[value]] : []
    const parsed = roleSchema.safeParse(value)
    return parsed.success ? [parsed.data] : []
  })
  const known = roles.filter((role) => role !== undefined)
  return known.sort((a, b) => rank[b] - rank[a])[0] ?? null
}

/** A claim by its own name, else by a path with dots. */
function valuesAt(claims: OidcClaims, path: string): string[] {
  const found = Object.hasOwn(claims, path)
    ? claims[path]
    : path.split('.').reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), claims)
  const list = Array.isArray(found) ? found : [found]
  return list.filter((value) => typeof value === 'string')
}

async function linkByEmail(
  context: AdminContext,
  { email, oidc }: { email: string | null; oidc: { issuer: string; subject: string } },
): Promise<User | null> {
  if (email === null) return null
  const users = await context.database.listUsers()
  const fitting = users.filter((user) => user.email?.toLowerCase() === email)
  const [only] = fitting
  if (only === undefined || fitting.length > 1 || only.hasOidc) return null
  const entry = { action: 'user.link_provider', kind: 'user', id: only.id, name: only.name }
  return context.database.linkUserToOidc(only.id, oidc, auditEntry(context.actor, entry))
}

async function createFromClaims(
  context: AdminContext,
  person: {
    claims: OidcClaims
    email: string | null
    oidc: { issuer: string; subject: string }
    role: Role | null
    settings: OidcSettings
  },
): Promise<User> {
  const { claims, email, oidc, settings } = person
  const role = person.role ?? settings.oidcDefaultRole
  if (role === 'none') throw refused('no_role')
  const wanted = text(claims.preferred_username) ?? email ?? text(claims.name) ?? oidc.subject
  const name = await freeName(context.database, wanted)
  const input = { name, role, active: true, rateLimit: null, email, passwordHash: null, oidc }
  const entry = { action: 'user.create', kind: 'user', name }
  return context.database.createUser(input, auditEntry(context.actor, entry))
}

async function freeName(database: Database, wanted: string): Promise<string> {
  const base =
    wanted
      .replace(/[\p{Cc}/]+/gu, ' ')
      .trim()
      .slice(0, 100) || 'person'
  for (let n = 1; n < 100; n++) {
    const name = n === 1 ? base : `${base} ${n}`
    if ((await database.findUserByName(name)) === null) return name
  }
  throw refused('names')
}

/** The last admin stays one, whatever a provider says. */
async function changeRole(context: AdminContext, user: User, role: Role): Promise<void> {
  const entry = { action: 'user.update', kind: 'user', id: user.id, name: user.name }
  try {
    await context.database.updateUser(user.id, { role }, auditEntry(context.actor, entry))
  } catch (error) {
    if (!isCorralError(error) || error.code !== 'admin.last_admin') throw error
  }
}

function refused(problem: ProviderProblem): CorralError {
  const params = { problem: providerProblems[problem], reason: problem }
  return new CorralError('auth.provider_refused', { params })
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

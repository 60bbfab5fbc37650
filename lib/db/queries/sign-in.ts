import { newId } from '@/lib/core/ids'
import type { Role } from '@/lib/schemas/permissions'
import type { Cellar } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { toMs } from '../columns'
import type {
  AuditEntry,
  SessionUser,
  SignIn,
  SignInMethod,
  User,
  UserWithPasswordHash,
} from '../contract'
import type { Prisma } from '../generated/sqlite/client'
import { alreadyExists } from '../refusals'
import { getUser, raiseSessionEpoch, toUser, userSelect } from './users'

const signInsKept = 20

export async function findSessionUser({ prisma }: Cellar, id: string): Promise<SessionUser | null> {
  const row = await prisma.user.findUnique({ select: sessionSelect, where: { id } })
  return row === null ? null : toSessionUser(row)
}

export async function findUserWithPasswordHash(
  { prisma }: Cellar,
  name: string,
): Promise<UserWithPasswordHash | null> {
  const row = await prisma.user.findUnique({
    select: { ...sessionSelect, passwordHash: true },
    where: { name },
  })
  return row === null ? null : { ...toSessionUser(row), passwordHash: row.passwordHash }
}

export async function findUserByOidc(
  { prisma }: Cellar,
  oidc: { issuer: string; subject: string },
): Promise<User | null> {
  const row = await prisma.user.findFirst({
    select: userSelect,
    where: { oidcIssuer: oidc.issuer, oidcSubject: oidc.subject },
  })
  return row === null ? null : toUser(row)
}

export function linkUserToOidc(
  cellar: Cellar,
  id: string,
  oidc: { issuer: string; subject: string },
  audit: AuditEntry,
): Promise<User> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const before = await getUser(tx, id)
    const where = { oidcIssuer: oidc.issuer, oidcSubject: oidc.subject }
    if ((await tx.user.count({ where: { ...where, id: { not: id } } })) > 0) {
      throw alreadyExists('user', oidc.subject)
    }
    const after = toUser(await tx.user.update({ select: userSelect, where: { id }, data: where }))
    return { result: after, before, after, targetId: id, targetName: after.name }
  })
}

export function updateUserPasswordHash(
  cellar: Cellar,
  id: string,
  passwordHash: string,
  audit: AuditEntry,
  { mustChangePassword = false }: { mustChangePassword?: boolean } = {},
): Promise<{ sessionEpoch: number }> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const { name } = await getUser(tx, id)
    const data = { passwordHash, mustChangePassword }
    await tx.user.update({ select: { id: true }, where: { id }, data })
    const sessionEpoch = await raiseSessionEpoch(tx, id)
    return { result: { sessionEpoch }, before: null, after: null, targetId: id, targetName: name }
  })
}

/** Only where the hash is still the one that verified: a new password is never undone. */
export async function replaceUserPasswordHash(
  { prisma }: Cellar,
  id: string,
  change: { from: string; to: string },
): Promise<void> {
  await prisma.user.updateMany({
    where: { id, passwordHash: change.from },
    data: { passwordHash: change.to },
  })
}

export function endUserSessions(cellar: Cellar, id: string, audit: AuditEntry): Promise<void> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const { name } = await getUser(tx, id)
    await raiseSessionEpoch(tx, id)
    return { result: undefined, before: null, after: null, targetId: id, targetName: name }
  })
}

export async function recordSignIn({ prisma }: Cellar, signIn: SignIn): Promise<void> {
  const { userId } = signIn
  await prisma.$transaction(async (tx) => {
    await tx.signIn.create({ select: { id: true }, data: { id: newId(signIn.atMs), ...signIn } })
    if (signIn.ok) {
      await tx.user.updateMany({ where: { id: userId }, data: { lastSignInAtMs: signIn.atMs } })
    }
    const kept = await tx.signIn.findMany({
      select: { id: true },
      where: { userId },
      orderBy: [{ atMs: 'desc' }, { id: 'desc' }],
      take: signInsKept,
    })
    await tx.signIn.deleteMany({ where: { userId, id: { notIn: kept.map((row) => row.id) } } })
  })
}

export async function listSignIns(
  { prisma }: Cellar,
  filter: { userId: string; limit: number },
): Promise<SignIn[]> {
  const rows = await prisma.signIn.findMany({
    where: { userId: filter.userId },
    orderBy: [{ atMs: 'desc' }, { id: 'desc' }],
    take: filter.limit,
  })
  return rows.map((row) => ({
    userId: row.userId,
    atMs: Number(row.atMs),
    method: row.method as SignInMethod,
    ok: row.ok,
    reason: row.reason,
    address: row.address,
    userAgent: row.userAgent,
  }))
}

export async function touchUserVisit({ prisma }: Cellar, id: string, atMs: number): Promise<void> {
  await prisma.user.updateMany({ where: { id }, data: { lastVisitAtMs: atMs } })
}

const sessionSelect = {
  id: true,
  name: true,
  role: true,
  active: true,
  sessionEpoch: true,
  mustChangePassword: true,
  lastVisitAtMs: true,
  memberships: {
    where: { isAdmin: true },
    select: {
      team: { select: { members: { select: { user: { select: { id: true, role: true } } } } } },
    },
  },
} satisfies Prisma.UserSelect

function toSessionUser(row: Prisma.UserGetPayload<{ select: typeof sessionSelect }>): SessionUser {
  const managed = new Map<string, Role>()
  for (const { team } of row.memberships) {
    for (const { user } of team.members) managed.set(user.id, user.role as Role)
  }
  return {
    id: row.id,
    name: row.name,
    role: row.role as Role,
    active: row.active,
    sessionEpoch: row.sessionEpoch ?? 0,
    mustChangePassword: row.mustChangePassword ?? false,
    lastVisitAtMs: toMs(row.lastVisitAtMs),
    managedUsers: [...managed].map(([id, role]) => ({ id, role })),
  }
}

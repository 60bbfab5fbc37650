import { CorralError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import type { UserInput } from '@/lib/schemas/entities'
import type { Role } from '@/lib/schemas/permissions'
import type { Cellar, Transaction } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { ifGiven, parseNullableColumn, renderNullableColumn, toMs } from '../columns'
import type { AuditEntry, NewUser, User } from '../contract'
import type { Prisma } from '../generated/sqlite/client'
import { alreadyExists, inUse, notFound } from '../refusals'

export async function listUsers({ prisma }: Cellar): Promise<User[]> {
  const rows = await prisma.user.findMany({ select: userSelect, orderBy: { name: 'asc' } })
  return rows.map(toUser)
}

export async function findUserByName({ prisma }: Cellar, name: string): Promise<User | null> {
  const row = await prisma.user.findUnique({ select: userSelect, where: { name } })
  return row === null ? null : toUser(row)
}

export async function findUser({ prisma }: Cellar, id: string): Promise<User | null> {
  const row = await prisma.user.findUnique({ select: userSelect, where: { id } })
  return row === null ? null : toUser(row)
}

export function countUsers({ prisma }: Cellar): Promise<number> {
  return prisma.user.count()
}

export function createUser(cellar: Cellar, input: NewUser, audit: AuditEntry): Promise<User> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const after = await insertUser(tx, input)
    return { result: after, before: null, after, targetId: after.id, targetName: after.name }
  })
}

/** Within a transaction that holds the lock of changes. */
export async function insertUser(tx: Transaction, input: NewUser): Promise<User> {
  await refuseTakenName(tx, input.name)
  const row = await tx.user.create({
    select: userSelect,
    data: {
      id: newId(),
      name: input.name,
      role: input.role,
      active: input.active,
      rateLimit: renderNullableColumn(input.rateLimit),
      email: input.email ?? null,
      passwordHash: input.passwordHash,
      mustChangePassword: input.mustChangePassword ?? false,
      oidcIssuer: input.oidc?.issuer ?? null,
      oidcSubject: input.oidc?.subject ?? null,
      sessionEpoch: 0,
      createdAtMs: Date.now(),
    },
  })
  return toUser(row)
}

export function updateUser(
  cellar: Cellar,
  id: string,
  change: Partial<UserInput>,
  audit: AuditEntry,
): Promise<User> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const before = await getUser(tx, id)
    if (change.name !== undefined && change.name !== before.name) {
      await refuseTakenName(tx, change.name)
    }
    const row = await tx.user.update({
      select: userSelect,
      where: { id },
      data: {
        name: change.name,
        role: change.role,
        active: change.active,
        rateLimit: ifGiven(change.rateLimit, renderNullableColumn),
        email: change.email,
      },
    })
    // A session that began before must not live again when the user is active again.
    if (change.active === false && before.active) await raiseSessionEpoch(tx, id)
    if (isActiveAdmin(before)) await requireActiveAdmin(tx)
    const after = toUser(row)
    return { result: after, before, after, targetId: id, targetName: after.name }
  })
}

/** Refused while the user owns a key that is not revoked; revoked keys go with the user. */
export function removeUser(cellar: Cellar, id: string, audit: AuditEntry): Promise<void> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const before = await getUser(tx, id)
    // The key of the playground stands in no list, where it could be revoked.
    const ofPeople = { ownerId: id, purpose: null, state: { not: 'revoked' } }
    const keys = await tx.key.count({ where: ofPeople })
    if (keys > 0) throw inUse('user', before.name, `it owns ${keys} keys that are not revoked`)
    await tx.user.delete({ select: { id: true }, where: { id } })
    if (isActiveAdmin(before)) await requireActiveAdmin(tx)
    return { result: undefined, before, after: null, targetId: id, targetName: before.name }
  })
}

/** Ends every session of a user; returns the epoch of those that begin now. */
export async function raiseSessionEpoch(tx: Transaction, id: string): Promise<number> {
  const row = await tx.user.findUnique({ select: { sessionEpoch: true }, where: { id } })
  const sessionEpoch = (row?.sessionEpoch ?? 0) + 1
  await tx.user.update({ select: { id: true }, where: { id }, data: { sessionEpoch } })
  return sessionEpoch
}

export const userSelect = {
  id: true,
  name: true,
  role: true,
  active: true,
  rateLimit: true,
  email: true,
  passwordHash: true,
  oidcSubject: true,
  mustChangePassword: true,
  lastSignInAtMs: true,
  lastVisitAtMs: true,
  createdAtMs: true,
  _count: { select: { keys: true } },
} satisfies Prisma.UserSelect

export type UserRow = Prisma.UserGetPayload<{ select: typeof userSelect }>

/** Of the password only whether there is one. */
export function toUser(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    role: row.role as Role,
    active: row.active,
    rateLimit: parseNullableColumn(row.rateLimit),
    email: row.email,
    hasPassword: row.passwordHash !== null,
    hasOidc: row.oidcSubject !== null,
    mustChangePassword: row.mustChangePassword ?? false,
    lastSignInAtMs: toMs(row.lastSignInAtMs),
    lastVisitAtMs: toMs(row.lastVisitAtMs),
    createdAtMs: Number(row.createdAtMs),
    keyCount: row._count.keys,
  }
}

export async function getUser(tx: Transaction, id: string): Promise<User> {
  const row = await tx.user.findUnique({ select: userSelect, where: { id } })
  if (row === null) throw notFound('user', id)
  return toUser(row)
}

async function refuseTakenName(tx: Transaction, name: string): Promise<void> {
  if ((await tx.user.count({ where: { name } })) > 0) throw alreadyExists('user', name)
}

function isActiveAdmin(user: User): boolean {
  return user.role === 'admin' && user.active
}

async function requireActiveAdmin(tx: Transaction): Promise<void> {
  const admins = await tx.user.count({ where: { role: 'admin', active: true } })
  if (admins === 0) throw new CorralError('admin.last_admin')
}

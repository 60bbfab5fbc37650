import { CorralError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import type { Role } from '@/lib/schemas/permissions'
import type { Cellar } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { parseColumn, toMs } from '../columns'
import type { AuditEntry, Invitation, User } from '../contract'
import type { Prisma } from '../generated/sqlite/client'
import { notFound } from '../refusals'
import { insertUser } from './users'

const keptForMs = 30 * 86_400_000

export async function listInvitations({ prisma }: Cellar, nowMs: number): Promise<Invitation[]> {
  const rows = await prisma.invitation.findMany({
    select,
    where: { acceptedAtMs: null, expiresAtMs: { gt: nowMs } },
    orderBy: [{ createdAtMs: 'desc' }, { id: 'desc' }],
  })
  return rows.map(toInvitation)
}

export async function findInvitationByDigest(
  { prisma }: Cellar,
  digest: string,
): Promise<Invitation | null> {
  const row = await prisma.invitation.findUnique({ select, where: { digest } })
  return row === null ? null : toInvitation(row)
}

/** Forgets what is over since a month: the audit has it. */
export function createInvitation(
  cellar: Cellar,
  input: Omit<Invitation, 'id' | 'createdAtMs' | 'acceptedAtMs'> & { digest: string },
  audit: AuditEntry,
): Promise<Invitation> {
  return changeWithAudit(cellar, { raises: null, audit }, async (tx) => {
    const nowMs = Date.now()
    await tx.invitation.deleteMany({ where: { expiresAtMs: { lt: nowMs - keptForMs } } })
    const row = await tx.invitation.create({
      select,
      data: { ...input, id: newId(nowMs), teams: JSON.stringify(input.teams), createdAtMs: nowMs },
    })
    const after = toInvitation(row)
    const targetName = after.userName ?? after.email ?? after.id
    return { result: after, before: null, after, targetId: after.id, targetName }
  })
}

export function removeInvitation(cellar: Cellar, id: string, audit: AuditEntry): Promise<void> {
  return changeWithAudit(cellar, { raises: null, audit }, async (tx) => {
    const row = await tx.invitation.findUnique({ select, where: { id } })
    if (row === null) throw notFound('invitation', id)
    await tx.invitation.delete({ select: { id: true }, where: { id } })
    const before = toInvitation(row)
    const targetName = before.userName ?? before.email ?? id
    return { result: undefined, before, after: null, targetId: id, targetName }
  })
}

/** The lock of changes comes first, so of two that accept at once one is refused. */
export function acceptInvitation(
  cellar: Cellar,
  acceptance: { digest: string; userName: string; passwordHash: string; nowMs: number },
  audit: AuditEntry,
): Promise<User> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const { digest, nowMs, userName, passwordHash } = acceptance
    const row = await tx.invitation.findUnique({ select, where: { digest } })
    if (row === null || row.acceptedAtMs !== null || Number(row.expiresAtMs) <= nowMs) {
      throw new CorralError('auth.invitation_over')
    }
    const invitation = toInvitation(row)
    const user = await insertUser(tx, {
      name: invitation.userName ?? userName,
      role: invitation.role,
      active: true,
      rateLimit: null,
      email: invitation.email,
      passwordHash,
    })
    const teams = await tx.team.findMany({
      select: { id: true },
      where: { id: { in: invitation.teams } },
    })
    for (const { id: teamId } of teams) {
      const data = { teamId, userId: user.id, isAdmin: false, createdAtMs: nowMs }
      await tx.teamMember.create({ select: { teamId: true }, data })
    }
    const accepted = { acceptedAtMs: nowMs, acceptedUserId: user.id }
    await tx.invitation.update({ select: { id: true }, where: { digest }, data: accepted })
    return { result: user, before: null, after: user, targetId: user.id, targetName: user.name }
  })
}

const select = {
  id: true,
  userName: true,
  email: true,
  role: true,
  teams: true,
  createdBy: true,
  createdAtMs: true,
  expiresAtMs: true,
  acceptedAtMs: true,
} satisfies Prisma.InvitationSelect

function toInvitation(row: Prisma.InvitationGetPayload<{ select: typeof select }>): Invitation {
  return {
    id: row.id,
    userName: row.userName,
    email: row.email,
    role: row.role as Role,
    teams: parseColumn(row.teams),
    createdBy: row.createdBy,
    createdAtMs: Number(row.createdAtMs),
    expiresAtMs: Number(row.expiresAtMs),
    acceptedAtMs: toMs(row.acceptedAtMs),
  }
}

import { newId } from '@/lib/core/ids'
import type { TeamInput } from '@/lib/schemas/entities'
import type { Role } from '@/lib/schemas/permissions'
import type { Cellar, Transaction } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { ifGiven, parseColumn, parseNullableColumn, renderNullableColumn } from '../columns'
import type { AuditEntry, Team, TeamMembership } from '../contract'
import type { Prisma } from '../generated/sqlite/client'
import { alreadyExists, notFound } from '../refusals'

export async function listTeams({ prisma }: Cellar): Promise<Team[]> {
  const rows = await prisma.team.findMany({ select, orderBy: { name: 'asc' } })
  return rows.map(toTeam)
}

export async function findTeam({ prisma }: Cellar, reference: string): Promise<Team | null> {
  const byId = await prisma.team.findUnique({ select, where: { id: reference } })
  const row = byId ?? (await prisma.team.findUnique({ select, where: { name: reference } }))
  return row === null ? null : toTeam(row)
}

export function createTeam(cellar: Cellar, input: TeamInput, audit: AuditEntry): Promise<Team> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    await refuseTakenName(tx, input.name)
    const row = await tx.team.create({
      select,
      data: {
        id: newId(),
        name: input.name,
        description: input.description,
        models: JSON.stringify(input.models),
        rateLimit: renderNullableColumn(input.rateLimit),
        createdAtMs: Date.now(),
      },
    })
    const after = toTeam(row)
    return { result: after, before: null, after, targetId: after.id, targetName: after.name }
  })
}

export function updateTeam(
  cellar: Cellar,
  id: string,
  change: Partial<TeamInput>,
  audit: AuditEntry,
): Promise<Team> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const before = await getTeam(tx, id)
    if (change.name !== undefined && change.name !== before.name) {
      await refuseTakenName(tx, change.name)
    }
    const row = await tx.team.update({
      select,
      where: { id },
      data: {
        name: change.name,
        description: change.description,
        models: ifGiven(change.models, JSON.stringify),
        rateLimit: ifGiven(change.rateLimit, renderNullableColumn),
      },
    })
    const after = toTeam(row)
    return { result: after, before, after, targetId: id, targetName: after.name }
  })
}

export function removeTeam(cellar: Cellar, id: string, audit: AuditEntry): Promise<void> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const before = await getTeam(tx, id)
    await tx.team.delete({ select: { id: true }, where: { id } })
    return { result: undefined, before, after: null, targetId: id, targetName: before.name }
  })
}

export async function listTeamMemberships(
  { prisma }: Cellar,
  filter: { teamId?: string; userId?: string } = {},
): Promise<TeamMembership[]> {
  const rows = await prisma.teamMember.findMany({
    where: { teamId: filter.teamId, userId: filter.userId },
    include: {
      team: { select: { name: true } },
      user: { select: { name: true, role: true, active: true } },
    },
    orderBy: [{ team: { name: 'asc' } }, { user: { name: 'asc' } }],
  })
  return rows.map((row) => ({
    teamId: row.teamId,
    teamName: row.team.name,
    userId: row.userId,
    userName: row.user.name,
    userRole: row.user.role as Role,
    userActive: row.user.active,
    isAdmin: row.isAdmin,
    createdAtMs: Number(row.createdAtMs),
  }))
}

/** In the audit row the member is the target's before and after, the team the target. */
export function setTeamMember(
  cellar: Cellar,
  member: { teamId: string; userId: string; isAdmin: boolean },
  audit: AuditEntry,
): Promise<void> {
  const { teamId, userId, isAdmin } = member
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const { name } = await getTeam(tx, teamId)
    const user = await tx.user.findUnique({ select: { name: true }, where: { id: userId } })
    if (user === null) throw notFound('user', userId)
    const where = { teamId_userId: { teamId, userId } }
    const before = await tx.teamMember.findUnique({ select: { isAdmin: true }, where })
    await tx.teamMember.upsert({
      select: { teamId: true },
      where,
      create: { teamId, userId, isAdmin, createdAtMs: Date.now() },
      update: { isAdmin },
    })
    return {
      result: undefined,
      before: before === null ? null : { member: user.name, isAdmin: before.isAdmin },
      after: { member: user.name, isAdmin },
      targetId: teamId,
      targetName: name,
    }
  })
}

export function removeTeamMember(
  cellar: Cellar,
  { teamId, userId }: { teamId: string; userId: string },
  audit: AuditEntry,
): Promise<void> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const { name } = await getTeam(tx, teamId)
    const where = { teamId_userId: { teamId, userId } }
    const row = await tx.teamMember.findUnique({
      select: { isAdmin: true, user: { select: { name: true } } },
      where,
    })
    if (row === null) throw notFound('member', userId)
    await tx.teamMember.delete({ select: { teamId: true }, where })
    const before = { member: row.user.name, isAdmin: row.isAdmin }
    return { result: undefined, before, after: null, targetId: teamId, targetName: name }
  })
}

const select = {
  id: true,
  name: true,
  description: true,
  models: true,
  rateLimit: true,
  createdAtMs: true,
  _count: { select: { members: true } },
} satisfies Prisma.TeamSelect

function toTeam(row: Prisma.TeamGetPayload<{ select: typeof select }>): Team {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    models: parseColumn(row.models),
    rateLimit: parseNullableColumn(row.rateLimit),
    createdAtMs: Number(row.createdAtMs),
    memberCount: row._count.members,
  }
}

async function getTeam(tx: Transaction, id: string): Promise<Team> {
  const row = await tx.team.findUnique({ select, where: { id } })
  if (row === null) throw notFound('team', id)
  return toTeam(row)
}

async function refuseTakenName(tx: Transaction, name: string): Promise<void> {
  if ((await tx.team.count({ where: { name } })) > 0) throw alreadyExists('team', name)
}

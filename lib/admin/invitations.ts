import { createHash } from 'node:crypto'
import { hashPassword } from '@/lib/auth/password'
import { CorralError } from '@/lib/core/errors'
import { randomBase62 } from '@/lib/core/ids'
import type { Invitation, User } from '@/lib/db/contract'
import {
  type InvitationInput,
  invitationInputSchema,
  userInputSchema,
} from '@/lib/schemas/entities'
import { type AdminContext, auditEntry } from './actor'
import { parseInput } from './parse-input'
import { assertAllowed, canManageUsers } from './permissions'
import { getTeam } from './teams'
import { parsePassword } from './users'

const validForMs = 72 * 3_600_000

/** Those that are neither used nor over. */
export async function listInvitations(context: AdminContext): Promise<Invitation[]> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  return context.database.listInvitations(context.clock.nowMs())
}

/**
 * A one-time link that is valid for 72 h: `/console/invitation/<token>`. The token is kept as a
 * digest; this is the only time that anyone can read it.
 */
export async function createInvitation(
  context: AdminContext,
  input: Partial<Record<keyof InvitationInput, unknown>>,
): Promise<{ invitation: Invitation; token: string }> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const { teams: references, ...parsed } = parseInput(invitationInputSchema, input)
  if (parsed.userName !== null && (await context.database.findUserByName(parsed.userName))) {
    throw new CorralError('admin.already_exists', {
      params: { kind: 'user', name: parsed.userName },
    })
  }
  const teams: string[] = []
  for (const reference of references) teams.push((await getTeam(context, reference)).team.id)
  const token = randomBase62(43)
  const name = parsed.userName ?? parsed.email
  const entry = auditEntry(context.actor, { action: 'user.invite', kind: 'invitation', name })
  const invitation = await context.database.createInvitation(
    {
      ...parsed,
      teams,
      digest: digestToken(token),
      createdBy: entry.actor,
      expiresAtMs: context.clock.nowMs() + validForMs,
    },
    entry,
  )
  return { invitation, token }
}

/** The link stops working at once. */
export async function withdrawInvitation(context: AdminContext, id: string): Promise<void> {
  assertAllowed(canManageUsers(context.actor), 'admin')
  const entry = { action: 'user.withdraw_invitation', kind: 'invitation', id, name: null }
  await context.database.removeInvitation(id, auditEntry(context.actor, entry))
}

/** What a link stands for, or null when it was used, was withdrawn or is over. Open to all. */
export async function findInvitation(
  { database, clock }: Pick<AdminContext, 'database' | 'clock'>,
  token: string,
): Promise<Invitation | null> {
  const invitation = await database.findInvitationByDigest(digestToken(token))
  if (invitation === null || invitation.acceptedAtMs !== null) return null
  return invitation.expiresAtMs > clock.nowMs() ? invitation : null
}

/** Makes the user, once. Throws `auth.invitation_over`, `admin.already_exists`, `admin.invalid_input`. */
export async function acceptInvitation(
  {
    database,
    clock,
    address,
  }: Pick<AdminContext, 'database' | 'clock'> & { address: string | null },
  acceptance: { token: string; name: string; password: string },
): Promise<User> {
  const invitation = await findInvitation({ database, clock }, acceptance.token)
  if (invitation === null) throw new CorralError('auth.invitation_over')
  const { name } = parseInput(userInputSchema, { name: invitation.userName ?? acceptance.name })
  const passwordHash = await hashPassword(parsePassword(acceptance.password))
  return database.acceptInvitation(
    {
      digest: digestToken(acceptance.token),
      userName: name,
      passwordHash,
      nowMs: clock.nowMs(),
    },
    {
      actor: name,
      actorUserId: null,
      via: 'console',
      address,
      action: 'user.accept_invitation',
      targetKind: 'user',
      targetId: null,
      targetName: name,
    },
  )
}

/** 256 bits of chance need no slow hash. */
function digestToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

'use server'

import { revalidatePath } from 'next/cache'
import { runVerb, type VerbResult } from '@/app/console/run-verb'
import { createInvitation, withdrawInvitation } from '@/lib/admin/invitations'
import { openConsole } from '@/lib/admin/open-console'
import { beginSession } from '@/lib/admin/session'
import { changeOwnPassword } from '@/lib/admin/sign-in'
import {
  createTeam,
  removeTeam,
  removeTeamMember,
  setTeamMember,
  updateTeam,
} from '@/lib/admin/teams'
import { readWhatStops, type WhatStops } from '@/lib/admin/user-page'
import {
  activateUser,
  createUser,
  deactivateUser,
  removeUser,
  resetUserPassword,
  signOutEverywhere,
  updateUser,
} from '@/lib/admin/users'
import type { RateLimit } from '@/lib/schemas/entities'

export type UserChange = {
  name?: string
  role?: string
  email?: string | null
  rateLimit?: RateLimit | null
}
/** The password is told this once. */
export type MadeUser = { name: string; password: string }
export type TeamChange = {
  name?: string
  description?: string
  models?: { allow: string[]; deny: string[] }
  rateLimit?: RateLimit | null
}

/** With a password that is made here and told once. */
export async function createUserAction(
  change: UserChange & { name: string },
): Promise<VerbResult<{ made: MadeUser }>> {
  const result = await runVerb(async ({ admin }) => {
    const { user, password } = await createUser(admin, change)
    return { made: { name: user.name, password: password ?? '' } }
  })
  return changed(result)
}

export async function updateUserAction(id: string, change: UserChange): Promise<VerbResult> {
  return changed(await runVerb(({ admin }) => done(updateUser(admin, id, change))))
}

export async function activateUserAction(id: string): Promise<VerbResult> {
  return changed(await runVerb(({ admin }) => done(activateUser(admin, id))))
}

export async function deactivateUserAction(id: string): Promise<VerbResult> {
  return changed(await runVerb(({ admin }) => done(deactivateUser(admin, id))))
}

export async function removeUserAction(id: string): Promise<VerbResult> {
  return changed(await runVerb(({ admin }) => done(removeUser(admin, id))))
}

export async function resetPasswordAction(id: string): Promise<VerbResult<{ password: string }>> {
  const result = await runVerb(async ({ admin }) => {
    const { password } = await resetUserPassword(admin, id)
    return { password: password ?? '' }
  })
  return changed(result)
}

export async function signOutEverywhereAction(id: string): Promise<VerbResult> {
  return changed(await runVerb(({ admin }) => done(signOutEverywhere(admin, id))))
}

export async function findWhatStopsAction(id: string): Promise<VerbResult<WhatStops>> {
  return runVerb(({ admin }) => readWhatStops(admin, id))
}

/** One's own. Every other session ends; this browser goes on. */
export async function changePasswordAction(change: {
  current: string
  next: string
}): Promise<VerbResult> {
  return runVerb(async ({ admin, user }) => {
    const { limit } = await openConsole()
    const { sessionEpoch } = await changeOwnPassword(
      { ...admin, limit },
      { current: String(change.current), next: String(change.next) },
    )
    await beginSession({ id: user.id, sessionEpoch })
    return {}
  })
}

/** The token is told once; the browser knows under which address it came. */
export async function inviteAction(invitation: {
  userName: string | null
  email: string | null
  role: string
  teams: string[]
}): Promise<VerbResult<{ token: string; expiresAtMs: number }>> {
  const result = await runVerb(async ({ admin }) => {
    const { invitation: made, token } = await createInvitation(admin, invitation)
    return { token, expiresAtMs: made.expiresAtMs }
  })
  return changed(result)
}

export async function withdrawInvitationAction(id: string): Promise<VerbResult> {
  return changed(await runVerb(({ admin }) => done(withdrawInvitation(admin, id))))
}

export async function createTeamAction(
  change: TeamChange & { name: string },
): Promise<VerbResult<{ id: string }>> {
  return changed(await runVerb(async ({ admin }) => ({ id: (await createTeam(admin, change)).id })))
}

export async function updateTeamAction(id: string, change: TeamChange): Promise<VerbResult> {
  return changed(await runVerb(({ admin }) => done(updateTeam(admin, id, change))))
}

export async function removeTeamAction(id: string): Promise<VerbResult> {
  return changed(await runVerb(({ admin }) => done(removeTeam(admin, id))))
}

export async function setTeamMemberAction(
  teamId: string,
  member: { user: string; isAdmin: boolean },
): Promise<VerbResult> {
  return changed(await runVerb(({ admin }) => done(setTeamMember(admin, teamId, member))))
}

export async function removeTeamMemberAction(
  teamId: string,
  member: { user: string },
): Promise<VerbResult> {
  return changed(await runVerb(({ admin }) => done(removeTeamMember(admin, teamId, member))))
}

async function done(act: Promise<unknown>): Promise<object> {
  await act
  return {}
}

function changed<Result extends { ok: boolean }>(result: Result): Result {
  if (result.ok) revalidatePath('/console', 'layout')
  return result
}

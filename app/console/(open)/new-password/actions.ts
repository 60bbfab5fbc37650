'use server'

import { redirect } from 'next/navigation'
import { openConsole } from '@/lib/admin/open-console'
import { beginSession, findSession } from '@/lib/admin/session'
import { changeOwnPassword } from '@/lib/admin/sign-in'
import { isCorralError } from '@/lib/core/errors'

/** Every session ends with the old password; this browser gets a new one. */
export async function setNewPassword(
  _before: { problem: string | null },
  form: FormData,
): Promise<{ problem: string | null }> {
  const session = await findSession()
  if (session === null) redirect('/console/sign-in?from=/console')
  const { limit } = await openConsole()
  const current = form.get('current')
  try {
    const { sessionEpoch } = await changeOwnPassword(
      { ...session.admin, limit },
      { current: current === null ? null : String(current), next: String(form.get('password')) },
    )
    await beginSession({ id: session.user.id, sessionEpoch })
  } catch (error) {
    if (isCorralError(error)) return { problem: error.message.replace(/^(password|current): /, '') }
    throw error
  }
  redirect('/console')
}

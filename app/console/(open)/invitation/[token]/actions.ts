'use server'

import { redirect } from 'next/navigation'
import { acceptInvitation } from '@/lib/admin/invitations'
import { openConsole } from '@/lib/admin/open-console'
import { beginSession, findCaller } from '@/lib/admin/session'
import { requireActive } from '@/lib/admin/sign-in'
import { isCorralError } from '@/lib/core/errors'

type State = { problem: string | null; name: string }

/** Makes the user and signs them in. */
export async function joinByInvitation(_before: State, form: FormData): Promise<State> {
  const [theConsole, caller] = await Promise.all([openConsole(), findCaller()])
  const name = String(form.get('name'))
  const token = String(form.get('token'))
  try {
    const acceptance = { token, name, password: String(form.get('password')) }
    const user = await acceptInvitation({ ...theConsole, ...caller }, acceptance)
    await requireActive(theConsole, user, { ...caller, method: 'invitation' })
    await beginSession({ id: user.id, sessionEpoch: 0 })
  } catch (error) {
    if (isCorralError(error)) {
      return { problem: error.message.replace(/^(password|name): /, ''), name }
    }
    throw error
  }
  redirect('/console')
}

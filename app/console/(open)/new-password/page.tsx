import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { findSession } from '@/lib/admin/session'
import { NewPasswordForm } from './new-password-form'

export const metadata: Metadata = { title: 'New password' }

/** After a first sign-in, and whenever a person wants another. */
export default async function NewPasswordPage() {
  const session = await findSession()
  if (session === null) redirect('/console/sign-in?from=/console')
  const isDue = session.user.mustChangePassword
  return (
    <>
      <h1 className="mb-1 font-semibold text-lg">
        {isDue ? 'Choose your password' : 'Change password'}
      </h1>
      <p className="mb-4 text-muted-foreground text-sm">
        {isDue
          ? `The one you have was set by somebody else, ${session.user.name}.`
          : 'Every other session of yours ends.'}
      </p>
      <NewPasswordForm userName={session.user.name} asksForCurrent={!isDue} />
    </>
  )
}

import type { Metadata } from 'next'
import { findInvitation } from '@/lib/admin/invitations'
import { openConsole } from '@/lib/admin/open-console'
import { publicErrorText } from '@/lib/core/errors'
import { InvitationForm } from './invitation-form'

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' }

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  const invitation = await findInvitation(await openConsole(), token)
  if (invitation === null) {
    return (
      <>
        <h1 className="mb-1 font-semibold text-lg">This link is over</h1>
        <p className="text-muted-foreground text-sm">{publicErrorText('auth.invitation_over')}</p>
      </>
    )
  }
  return (
    <>
      <h1 className="mb-1 font-semibold text-lg">Welcome</h1>
      <p className="mb-4 break-words text-muted-foreground text-sm">
        {invitation.createdBy} invites you as {articles[invitation.role]}.
      </p>
      <InvitationForm token={token} userName={invitation.userName} />
    </>
  )
}

const articles = {
  admin: 'an admin',
  operator: 'an operator',
  viewer: 'a viewer',
  member: 'a member',
} as const

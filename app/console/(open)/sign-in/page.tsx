import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { openConsole } from '@/lib/admin/open-console'
import { findSession } from '@/lib/admin/session'
import { parseReturnPath } from '@/lib/admin/session-cookie'
import { describeRefusal } from './describe-refusal'
import { SignInForm } from './sign-in-form'

export const metadata: Metadata = { title: 'Sign in' }

type Params = Promise<Record<string, string | string[] | undefined>>

export default async function SignInPage({ searchParams }: { searchParams: Params }) {
  const params = await searchParams
  const text = (name: string) => (typeof params[name] === 'string' ? params[name] : null)
  const from = parseReturnPath(text('from') ?? text('callbackUrl'))
  const session = await findSession()
  if (session !== null) redirect(session.user.mustChangePassword ? '/console/new-password' : from)
  const provider = await (await openConsole()).findOidcProvider()
  return (
    <>
      <h1 className="mb-4 font-semibold text-lg">Sign in</h1>
      <SignInForm
        from={from}
        provider={provider && new URL(provider.issuer).hostname}
        refusal={describeRefusal(text('error'), text('reason'))}
      />
    </>
  )
}

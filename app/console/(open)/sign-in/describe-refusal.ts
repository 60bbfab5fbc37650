import { providerProblems } from '@/lib/admin/sign-in-with-oidc'
import { publicErrorText } from '@/lib/core/errors'

/** Only words of ours: what stands in an address is nobody's text to write on this page. */
export function describeRefusal(error: string | null, reason: string | null): string | null {
  if (error === null) return null
  if (error === 'auth.user_inactive') return publicErrorText(error)
  if (error === 'auth.provider_refused') {
    return publicErrorText(error, { problem: problemOf(reason) })
  }
  return 'The sign-in provider broke off. Try again; the log of the console has the cause.'
}

function problemOf(reason: string | null): string {
  const known = Object.entries(providerProblems).find(([name]) => name === reason)
  return known?.[1] ?? 'it gave no reason'
}

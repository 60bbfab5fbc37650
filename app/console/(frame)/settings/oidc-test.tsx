'use client'

import { useState, useTransition } from 'react'
import { Copyable } from '@/components/copy/copyable'
import { SettingCard } from '@/components/setting-card/setting-card'
import { Note, Problem } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import type { OidcCheck } from '@/lib/admin/check-oidc-provider'
import { formatDuration } from '@/lib/ui/format'
import { testOidcProvider } from './actions'

export const oidcTestWords = ['callback address', 'redirect uri', 'test provider openid oidc']

/** What the provider has to know of Corral, and whether Corral can read the provider. */
export function OidcTest({
  callbackUrl,
  issuer,
  mayTest,
}: {
  callbackUrl: string
  issuer: string
  mayTest: boolean
}) {
  const [check, setCheck] = useState<(OidcCheck & { issuer: string }) | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isTesting, startTesting] = useTransition()
  const test = () => {
    startTesting(async () => {
      const result = await testOidcProvider(issuer)
      setRefusal(result.ok ? null : result.error.message)
      setCheck(result.ok ? { ...result.check, issuer } : null)
    })
  }
  const shown = check?.issuer === issuer ? check : null
  return (
    <>
      <SettingCard
        id="oidcCallback"
        title="Callback address"
        effect="Allow it at the provider as a redirect address. It follows the host under which you opened this page."
        control={<Copyable text={callbackUrl} what="callback address" />}
      />
      {mayTest && (
        <SettingCard
          id="oidcTest"
          title="Test the provider"
          effect="Reads its discovery document, from this server and with what is saved. Nobody is signed in."
          control={
            <Button
              variant="outline"
              onClick={test}
              disabled={isTesting || issuer === ''}
              title={issuer === '' ? 'Save a provider first' : undefined}
              className="sm:ml-auto"
            >
              {isTesting ? 'Testing' : 'Test provider'}
            </Button>
          }
          problem={refusal}
          foot={
            shown && (
              <div className="py-1">
                {shown.problem === null ? (
                  <Note tone="success">
                    The provider answered in {formatDuration(shown.tookMs)} and can be signed in
                    with.
                    {shown.claims.length > 0 && ` Claims: ${shown.claims.join(', ')}.`}
                  </Note>
                ) : (
                  <Problem title="Nobody could sign in by this provider">{shown.problem}</Problem>
                )}
              </div>
            )
          }
        />
      )}
    </>
  )
}

'use client'

import { type FormEvent, useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Separator } from '@/components/ui/separator'
import { useIsAlive } from '@/components/ui/use-is-alive'
import { Field, Problem } from '../field'
import { beginProviderSignIn, signIn } from './sign-in'

export function SignInForm(props: {
  from: string
  /** The host of the OpenID provider, where there is one. */
  provider: string | null
  refusal: string | null
}) {
  const [problem, setProblem] = useState(props.refusal)
  const [isBusy, setIsBusy] = useState(false)
  const lock = useLock()
  // Before its script runs, a form would be sent by the browser itself: to a page, not to next-auth.
  const isAlive = useIsAlive()

  const run = async (work: () => Promise<void>) => {
    setIsBusy(true)
    setProblem(null)
    try {
      await work()
    } catch {
      setProblem('The server did not answer. Check the connection and try again.')
      setIsBusy(false)
    }
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    run(async () => {
      const refusal = await signIn({
        name: String(form.get('name')),
        password: String(form.get('password')),
      })
      if (refusal === null) return window.location.assign(props.from)
      if (refusal.retryAfterS === undefined) setProblem(refusal.message)
      else lock.start(refusal.retryAfterS)
      setIsBusy(false)
    })
  }
  const goToProvider = () =>
    run(async () => window.location.assign(await beginProviderSignIn(props.from)))

  return (
    <form method="post" onSubmit={submit} className="grid gap-4">
      <Problem>
        {lock.seconds > 0
          ? `Too many failed sign-ins. Try again in ${lock.seconds} seconds.`
          : problem}
      </Problem>
      <Field
        id="name"
        name="name"
        label="User name"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus
      />
      <Field
        id="password"
        name="password"
        type="password"
        label="Password"
        autoComplete="current-password"
        required
      />
      <Button type="submit" disabled={!isAlive || isBusy || lock.seconds > 0}>
        {isBusy ? 'Signing in…' : 'Sign in'}
      </Button>
      {props.provider && (
        <>
          <Separator />
          <Button type="button" variant="outline" disabled={isBusy} onClick={goToProvider}>
            <span className="truncate">Sign in with {props.provider}</span>
          </Button>
        </>
      )}
    </form>
  )
}

/** Counts the seconds of a lock down to none. */
function useLock() {
  const [until, setUntil] = useState(0)
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    if (until === 0) return
    const tick = () => setSeconds(Math.max(0, Math.ceil((until - performance.now()) / 1000)))
    tick()
    const timer = setInterval(tick, 500)
    return () => clearInterval(timer)
  }, [until])
  return {
    seconds,
    start: (forSeconds: number) => setUntil(performance.now() + forSeconds * 1000),
  }
}

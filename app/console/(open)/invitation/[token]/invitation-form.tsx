'use client'

import { useActionState } from 'react'
import { Button } from '@/components/ui/button'
import { Field, Problem } from '../../field'
import { joinByInvitation } from './actions'

export function InvitationForm(props: { token: string; userName: string | null }) {
  const [state, submit, isBusy] = useActionState(joinByInvitation, { problem: null, name: '' })
  const isNamed = props.userName !== null
  return (
    <form action={submit} className="grid gap-4">
      <Problem>{state.problem}</Problem>
      {/* Bound to the action instead, React renders the answer to a form without script for ever. */}
      <input type="hidden" name="token" value={props.token} />
      <Field
        id="name"
        name="name"
        label="User name"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={120}
        defaultValue={props.userName ?? state.name}
        readOnly={isNamed}
        required
        autoFocus={!isNamed}
      />
      <Field
        id="password"
        name="password"
        type="password"
        label="Password"
        hint="At least 12 characters. A sentence is easy to remember."
        autoComplete="new-password"
        minLength={12}
        maxLength={256}
        required
        autoFocus={isNamed}
      />
      <Button type="submit" disabled={isBusy}>
        {isBusy ? 'Joining…' : 'Create account'}
      </Button>
    </form>
  )
}

'use client'

import { useActionState } from 'react'
import { Button } from '@/components/ui/button'
import { Field, Problem } from '../../field'
import { joinByInvitation } from './actions'

export function InvitationForm(props: { token: string; userName: string | null }) {
  const join = joinByInvitation.bind(null, props.token)
  const [state, submit, isBusy] = useActionState(join, { problem: null, name: '' })
  const isNamed = props.userName !== null
  return (
    <form action={submit} className="grid gap-4">
      <Problem>{state.problem}</Problem>
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

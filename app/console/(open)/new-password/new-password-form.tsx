'use client'

import { useActionState } from 'react'
import { Button } from '@/components/ui/button'
import { Field, Problem } from '../field'
import { setNewPassword } from './actions'

export function NewPasswordForm(props: { userName: string; asksForCurrent: boolean }) {
  const [state, submit, isBusy] = useActionState(setNewPassword, { problem: null })
  return (
    <form action={submit} className="grid gap-4">
      <Problem>{state.problem}</Problem>
      <input
        type="hidden"
        name="username"
        autoComplete="username"
        value={props.userName}
        readOnly
      />
      {props.asksForCurrent && (
        <Field
          id="current"
          name="current"
          type="password"
          label="Current password"
          autoComplete="current-password"
          required
          autoFocus
        />
      )}
      <Field
        id="password"
        name="password"
        type="password"
        label="New password"
        hint="At least 12 characters. A sentence is easy to remember."
        autoComplete="new-password"
        minLength={12}
        maxLength={256}
        required
        autoFocus={!props.asksForCurrent}
      />
      <Button type="submit" disabled={isBusy}>
        {isBusy ? 'Saving…' : 'Save password'}
      </Button>
    </form>
  )
}

'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import * as z from 'zod'
import type { VerbResult } from '@/app/console/run-verb'
import { LimitFields } from '@/components/limit-fields/limit-fields'
import {
  checkLimit,
  limitShape,
  toLimit,
  valuesOfLimit,
} from '@/components/limit-fields/limit-values'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import type { User } from '@/lib/db/contract'
import { roleSchema } from '@/lib/schemas/permissions'
import { createUserCommand, updateUserCommand } from '@/lib/ui/people-command'
import { createUserAction, type MadeUser, type UserChange, updateUserAction } from './actions'
import { FormDialogBody } from './form-dialog'
import { RoleField } from './role-field'
import { TextField } from './text-field'

export const nameSchema = z
  .string()
  .trim()
  .min(1, 'Say what to call it.')
  .max(120, 'At most 120 characters.')
  .regex(/^[^\p{Cc}/]*$/u, 'No slash and no line break.')
export const emailSchema = z.union([
  z.literal(''),
  z.email('An e-mail address, such as ana@example.com.').max(254),
])
const schema = z
  .object({ name: nameSchema, role: roleSchema, email: emailSchema, ...limitShape })
  .superRefine(checkLimit)
type Values = z.infer<typeof schema>

type Props = {
  /** Left out, a new one is made. */
  user?: Pick<User, 'id' | 'name' | 'role' | 'email' | 'rateLimit'>
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Of a new one with the password that is told once. */
  onDone: (made: MadeUser | null) => void
}

/** Makes or changes a person. Only what was changed here is saved. */
export function UserDialog(props: Props) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent>
        <UserForm {...props} />
      </DialogContent>
    </Dialog>
  )
}

function UserForm({ user, onOpenChange, onDone }: Props) {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: {
      name: user?.name ?? '',
      role: user?.role ?? 'member',
      email: user?.email ?? '',
      ...valuesOfLimit(user?.rateLimit ?? null),
    },
  })
  const [problem, setProblem] = useState<string | null>(null)
  const values = form.watch()
  const { dirtyFields } = form.formState
  const change = toChange(values, user ? dirtyFields : undefined)
  const what = user ? 'The user was not changed' : 'The user was not created'

  const save = async () => {
    setProblem(null)
    const result: VerbResult<{ made?: MadeUser }> = user
      ? await updateUserAction(user.id, change)
      : await createUserAction({ ...change, name: values.name.trim() })
    if (!result.ok) {
      const { field, message } = result.error
      if (field === 'name' || field === 'email') form.setError(field, { message })
      else setProblem(message)
      return
    }
    onOpenChange(false)
    onDone(result.made ?? null)
  }
  return (
    <FormDialogBody
      form={form}
      title={user ? `Edit ${user.name}` : 'Create user'}
      description={
        user
          ? 'A role and a limit act within a second, on every key of theirs.'
          : 'They get a password that works once: at the first sign-in they choose their own.'
      }
      verb={user ? 'Save user' : 'Create user'}
      command={
        user
          ? Object.keys(change).length > 0
            ? updateUserCommand(user.name, change)
            : null
          : createUserCommand(withoutDefaults(change))
      }
      problem={problem === null ? null : { title: what, message: problem }}
      isUnchanged={user !== undefined && Object.keys(change).length === 0}
      save={save}
    >
      <TextField
        control={form.control}
        name="name"
        label="User name"
        placeholder="ana"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={130}
      />
      <RoleField control={form.control} name="role" />
      <TextField
        control={form.control}
        name="email"
        label="E-mail"
        type="email"
        placeholder="not known"
        hint="Only to tell people apart: nothing is sent."
      />
      <LimitFields inherited="As their teams or the default say">
        For each key of theirs that has no limit of its own.
      </LimitFields>
    </FormDialogBody>
  )
}

function toChange(values: Values, changed?: Partial<Record<keyof Values, unknown>>): UserChange {
  const has = (...names: (keyof Values)[]) =>
    changed === undefined || names.some((name) => changed[name])
  return {
    ...(has('name') && { name: values.name.trim() }),
    ...(has('role') && { role: values.role }),
    ...(has('email') && { email: values.email.trim() || null }),
    ...(has('limit', 'requests', 'windowSeconds') && { rateLimit: toLimit(values) }),
  }
}

function withoutDefaults({ name, role, email, rateLimit }: UserChange): UserChange {
  return {
    ...(name && { name }),
    ...(role !== undefined && { role }),
    ...(email && { email }),
    ...(rateLimit && { rateLimit }),
  }
}

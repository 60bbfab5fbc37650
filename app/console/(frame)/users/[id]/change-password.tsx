'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import * as z from 'zod'
import { toastDone } from '@/components/toast/toast'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { changePasswordAction } from '../actions'
import { FormDialogBody } from '../form-dialog'
import { TextField } from '../text-field'

const schema = z.object({
  current: z.string().min(1, 'Type the password that you have now.'),
  next: z
    .string()
    .min(12, 'At least 12 characters. A sentence is easy to remember.')
    .max(256, 'At most 256 characters.'),
})
type Values = z.infer<typeof schema>
type Props = { name: string; open: boolean; onOpenChange: (open: boolean) => void }

/** One's own. Every other session ends; this one goes on. */
export function ChangePassword(props: Props) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent>
        <PasswordForm {...props} />
      </DialogContent>
    </Dialog>
  )
}

function PasswordForm({ name, onOpenChange }: Props) {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { current: '', next: '' },
  })
  const [problem, setProblem] = useState<string | null>(null)
  const save = async (values: Values) => {
    setProblem(null)
    const result = await changePasswordAction(values)
    if (result.ok) {
      onOpenChange(false)
      toastDone('Password changed. Every other session of yours ended')
      return
    }
    const { field, message } = result.error
    const words = message.replace(/^(current|password): /, '')
    if (field === 'current') form.setError('current', { message: sentence(words) })
    else if (field === 'password') form.setError('next', { message: sentence(words) })
    else setProblem(words)
  }
  return (
    <FormDialogBody
      form={form}
      title="Change password"
      description="Every other session of yours ends. Keys go on working."
      verb="Save password"
      command={null}
      problem={
        problem === null ? null : { title: 'The password was not changed', message: problem }
      }
      save={save}
    >
      <input type="text" autoComplete="username" value={name} readOnly hidden />
      <TextField
        control={form.control}
        name="current"
        label="Current password"
        type="password"
        autoComplete="current-password"
      />
      <TextField
        control={form.control}
        name="next"
        label="New password"
        type="password"
        autoComplete="new-password"
        hint="At least 12 characters. A sentence is easy to remember."
      />
    </FormDialogBody>
  )
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

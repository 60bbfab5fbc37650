'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import * as z from 'zod'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { FormField, FormItem } from '@/components/ui/form'
import { Label } from '@/components/ui/label'
import { roleSchema } from '@/lib/schemas/permissions'
import { inviteCommand } from '@/lib/ui/people-command'
import { inviteAction } from './actions'
import { FormDialogBody } from './form-dialog'
import { RoleField } from './role-field'
import { TextField } from './text-field'
import { emailSchema, nameSchema } from './user-dialog'

const schema = z.object({
  userName: z.union([z.literal(''), nameSchema]),
  email: emailSchema,
  role: roleSchema,
  teams: z.array(z.string()),
})
type Values = z.infer<typeof schema>

type Props = {
  teams: readonly { id: string; name: string }[]
  open: boolean
  onOpenChange: (open: boolean) => void
  onDone: (link: string) => void
}

/** A link by which one new person comes in, within 72 h. */
export function InviteDialog(props: Props) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent>
        <InviteForm {...props} />
      </DialogContent>
    </Dialog>
  )
}

function InviteForm({ teams, onOpenChange, onDone }: Props) {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { userName: '', email: '', role: 'member', teams: [] },
  })
  const [problem, setProblem] = useState<string | null>(null)
  const values = form.watch()
  const invitation = {
    userName: values.userName.trim() || null,
    email: values.email.trim() || null,
    role: values.role,
    teams: values.teams,
  }
  const save = async () => {
    setProblem(null)
    const result = await inviteAction(invitation)
    if (!result.ok) {
      setProblem(result.error.message)
      return
    }
    onOpenChange(false)
    onDone(`${window.location.origin}/console/invitation/${result.token}`)
  }
  return (
    <FormDialogBody
      form={form}
      title="Invite user"
      description="Makes a link for one person, valid for 72 h. You copy it and send it."
      verb="Create link"
      command={inviteCommand(invitation)}
      problem={problem === null ? null : { title: 'The link was not created', message: problem }}
      save={save}
    >
      <TextField
        control={form.control}
        name="userName"
        label="User name"
        placeholder="they choose"
        autoCapitalize="none"
        spellCheck={false}
      />
      <RoleField control={form.control} name="role" />
      <TextField
        control={form.control}
        name="email"
        label="E-mail"
        type="email"
        placeholder="not known"
        hint="Kept with the account: nothing is sent."
      />
      {teams.length > 0 && (
        <FormField
          control={form.control}
          name="teams"
          render={({ field }) => (
            <FormItem>
              <fieldset className="grid gap-2">
                <legend className="mb-1.5 font-medium text-sm">Teams</legend>
                <div className="scrollbar-quiet grid max-h-48 gap-2 overflow-y-auto sm:grid-cols-2">
                  {teams.map(({ id, name }) => (
                    <Label key={id} className="min-w-0 font-normal coarse:min-h-11">
                      <Checkbox
                        checked={field.value.includes(name)}
                        onCheckedChange={(isOn) =>
                          field.onChange(
                            isOn === true
                              ? [...field.value, name]
                              : field.value.filter((one: string) => one !== name),
                          )
                        }
                      />
                      <span className="truncate" title={name}>
                        {name}
                      </span>
                    </Label>
                  ))}
                </div>
              </fieldset>
            </FormItem>
          )}
        />
      )}
    </FormDialogBody>
  )
}

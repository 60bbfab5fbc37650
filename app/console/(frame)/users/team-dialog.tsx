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
import type { Team } from '@/lib/db/contract'
import { createTeamCommand, updateTeamCommand } from '@/lib/ui/people-command'
import { createTeamAction, type TeamChange, updateTeamAction } from './actions'
import { FormDialogBody } from './form-dialog'
import { toList } from './people-words'
import { TextField } from './text-field'
import { nameSchema } from './user-dialog'

const schema = z
  .object({
    name: nameSchema,
    description: z.string().max(500, 'At most 500 characters.'),
    allow: z.string(),
    deny: z.string(),
    ...limitShape,
  })
  .superRefine(checkLimit)
type Values = z.infer<typeof schema>

type Props = {
  /** Left out, a new one is made. */
  team?: Pick<Team, 'id' | 'name' | 'description' | 'models' | 'rateLimit'>
  open: boolean
  onOpenChange: (open: boolean) => void
  /** With the id of a new one. */
  onDone: (id: string | null) => void
}

/** Makes or changes a team. Only what was changed here is saved. */
export function TeamDialog(props: Props) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent>
        <TeamForm {...props} />
      </DialogContent>
    </Dialog>
  )
}

function TeamForm({ team, onOpenChange, onDone }: Props) {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: {
      name: team?.name ?? '',
      description: team?.description ?? '',
      allow: renderList(team?.models.allow),
      deny: renderList(team?.models.deny),
      ...valuesOfLimit(team?.rateLimit ?? null),
    },
  })
  const [problem, setProblem] = useState<string | null>(null)
  const values = form.watch()
  const { dirtyFields } = form.formState
  const change = toChange(values, team ? dirtyFields : undefined)
  const isUnchanged = team !== undefined && Object.keys(change).length === 0

  const save = async () => {
    setProblem(null)
    const result: VerbResult<{ id?: string }> = team
      ? await updateTeamAction(team.id, change)
      : await createTeamAction({ ...change, name: values.name.trim() })
    if (!result.ok) {
      const { field, message } = result.error
      if (field === 'name') form.setError(field, { message })
      else setProblem(message)
      return
    }
    onOpenChange(false)
    onDone(result.id ?? null)
  }
  return (
    <FormDialogBody
      form={form}
      title={team ? `Edit ${team.name}` : 'Create team'}
      description="What stands here holds for the keys of its members, within a second."
      verb={team ? 'Save team' : 'Create team'}
      command={
        team
          ? isUnchanged
            ? null
            : updateTeamCommand(team.name, change)
          : createTeamCommand(withoutDefaults(change))
      }
      problem={
        problem === null
          ? null
          : { title: `The team was not ${team ? 'changed' : 'created'}`, message: problem }
      }
      isUnchanged={isUnchanged}
      save={save}
    >
      <TextField control={form.control} name="name" label="Name" placeholder="vision" />
      <TextField
        control={form.control}
        name="description"
        label="Description"
        placeholder="what it is for"
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          control={form.control}
          name="allow"
          label="Models they may use"
          placeholder="every model"
          hint="Names or globs: llama3*, qwen3:8b"
          spellCheck={false}
          className="font-mono"
        />
        <TextField
          control={form.control}
          name="deny"
          label="Models they may not use"
          placeholder="none"
          hint="These win over the others."
          spellCheck={false}
          className="font-mono"
        />
      </div>
      <LimitFields inherited="As the default says">
        For each key of a member, where neither key nor user has a limit. Of several teams the most
        generous holds.
      </LimitFields>
    </FormDialogBody>
  )
}

function renderList(list: readonly string[] | undefined): string {
  return list === undefined || list.join() === '*' ? '' : list.join(', ')
}

function toChange(values: Values, changed?: Partial<Record<keyof Values, unknown>>): TeamChange {
  const has = (...names: (keyof Values)[]) =>
    changed === undefined || names.some((name) => changed[name])
  return {
    ...(has('name') && { name: values.name.trim() }),
    ...(has('description') && { description: values.description.trim() }),
    ...(has('allow', 'deny') && {
      models: { allow: toList(values.allow, ['*']), deny: toList(values.deny, []) },
    }),
    ...(has('limit', 'requests', 'windowSeconds') && { rateLimit: toLimit(values) }),
  }
}

function withoutDefaults({ name, description, models, rateLimit }: TeamChange): TeamChange {
  const isEverything = models?.allow.join() === '*' && models.deny.length === 0
  return {
    ...(name && { name }),
    ...(description && { description }),
    ...(models && !isEverything && { models }),
    ...(rateLimit && { rateLimit }),
  }
}

'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { ChevronRightIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { type UseFormReturn, useForm, useWatch } from 'react-hook-form'
import { AsCommand } from '@/components/as-command/as-command'
import { toastDone } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import { Collapsible, CollapsibleContent, CollapsibleTrigger } from '@/components/ui/collapsible'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog'
import { Form } from '@/components/ui/form'
import type { BackendCheck } from '@/lib/admin/check-backend'
import type { Backend } from '@/lib/db/contract'
import { addServerCommand, updateServerCommand } from '@/lib/ui/server-command'
import { addServer, saveServer, type Theirs, tryServer } from './actions'
import { ChangedMeanwhile } from './changed-meanwhile'
import { AddressFields, MoreFields, RoomFields } from './server-fields'
import {
  baseOf,
  changesOf,
  emptyServerValues,
  fieldsOf,
  type ServerValues,
  serverValuesSchema,
  valuesOf,
} from './server-values'
import { TestResult } from './test-result'

/** Adds a server, or edits the one given. */
export function ServerDialog({
  server,
  onClose,
  onSaved,
}: {
  server?: Backend
  onClose: () => void
  onSaved?: () => Promise<void>
}) {
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="sm:max-w-2xl">
        <ServerForm server={server} onClose={onClose} onSaved={onSaved} />
      </DialogContent>
    </Dialog>
  )
}

function ServerForm({
  server,
  onClose,
  onSaved,
}: {
  server: Backend | undefined
  onClose: () => void
  onSaved: (() => Promise<void>) | undefined
}) {
  const [base, setBase] = useState(server)
  const [theirs, setTheirs] = useState<Theirs | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isSaving, startSaving] = useTransition()
  const router = useRouter()
  const form = useForm<ServerValues>({
    resolver: zodResolver(serverValuesSchema),
    defaultValues: base ? valuesOf(base) : emptyServerValues,
  })

  const save = (values: ServerValues, over: Backend | undefined = base) =>
    startSaving(async () => {
      setProblem(null)
      if (base === undefined || over === undefined) {
        const result = await addServer(fieldsOf(values))
        if (!result.ok) return fail(result.error)
        await onSaved?.()
        toastDone(`${result.name} added`)
        router.push(`/console/servers/${result.id}`)
        return
      }
      const change = changesOf(values, baseOf(base))
      if (Object.keys(change).length === 0) return onClose()
      const result = await saveServer(base.id, { change, before: baseOf(over) })
      if (result.theirs) return setTheirs(result.theirs)
      if (!result.ok) return fail(result.error)
      await onSaved?.()
      toastDone(`${result.name} saved`)
      onClose()
    })

  const fail = ({ message, field }: { message: string; field?: string }) => {
    const name = field === undefined ? undefined : fieldNames[field]
    if (name === undefined) setProblem(message)
    else
      form.setError(
        name,
        { message: message.slice((field?.length ?? 0) + 2) },
        { shouldFocus: true },
      )
  }

  if (theirs !== null && base !== undefined) {
    const mine = form.getValues()
    return (
      <ChangedMeanwhile
        before={baseOf(base)}
        theirs={theirs}
        mine={changesOf(mine, baseOf(base))}
        isSaving={isSaving}
        onKeepTheirs={() => {
          setBase(theirs.backend)
          form.reset(valuesOf(theirs.backend))
          setTheirs(null)
        }}
        onSaveMine={() => {
          setTheirs(null)
          save(mine, theirs.backend)
        }}
      />
    )
  }

  return (
    <Form {...form}>
      <form
        noValidate
        onSubmit={form.handleSubmit((values) => save(values))}
        className="flex min-h-0 flex-1 flex-col"
      >
        <DialogHeader>
          <DialogTitle className="truncate">
            {base ? `Edit ${base.name}` : 'Add server'}
          </DialogTitle>
          <DialogDescription>
            {base
              ? 'What you save is in effect within a second.'
              : 'A machine that runs Ollama, or anything that answers like OpenAI.'}
          </DialogDescription>
        </DialogHeader>
        <DialogBody>
          <AddressFields form={form} hasCredential={base?.hasCredential ?? false} />
          <LiveTest form={form} id={base?.id} />
          <RoomFields form={form} />
          <Collapsible>
            <CollapsibleTrigger asChild>
              <Button variant="ghost" className="group -ml-3 text-muted-foreground">
                <ChevronRightIcon className="transition-transform group-data-[state=open]:rotate-90" />
                Routing, limits and checks
              </Button>
            </CollapsibleTrigger>
            <CollapsibleContent className="flex flex-col gap-4 pt-3">
              <MoreFields form={form} />
            </CollapsibleContent>
          </Collapsible>
          {problem && (
            <p role="alert" className="text-destructive-text text-sm">
              {problem}
            </p>
          )}
        </DialogBody>
        <DialogFooter>
          <div className="sm:mr-auto sm:-ml-3">
            <FormCommand form={form} base={base} />
          </div>
          <Button variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={isSaving}>
            {base ? 'Save server' : 'Add server'}
          </Button>
        </DialogFooter>
      </form>
    </Form>
  )
}

/** Which field of the form a refusal of the verb is about. */
const fieldNames: Record<string, keyof ServerValues> = {
  url: 'url',
  name: 'name',
  credential: 'credential',
  maxMemoryGb: 'memory',
  maxParallel: 'slots',
  priority: 'priority',
  weight: 'weight',
  labels: 'labels',
  requestsPerMinute: 'perMinute',
  models: 'allow',
  healthPath: 'healthPath',
}

function LiveTest({ form, id }: { form: UseFormReturn<ServerValues>; id: string | undefined }) {
  const [check, setCheck] = useState<BackendCheck | null>(null)
  const [isTesting, startTesting] = useTransition()
  const test = () =>
    startTesting(async () => {
      if (!(await form.trigger('url'))) return
      const { url, kind, credential, name } = form.getValues()
      const result = await tryServer({ url, kind, credential: credential || null, id })
      if (!result.ok) {
        form.setError('url', { message: result.error.message.replace(/^url: /, '') })
        setCheck(null)
        return
      }
      setCheck(result.check)
      if (name.trim() === '') form.setValue('name', hostOf(url), { shouldDirty: true })
    })
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <Button variant="outline" onClick={test} disabled={isTesting}>
          {isTesting ? 'Testing…' : 'Test address'}
        </Button>
        <span className="text-muted-foreground text-xs">
          {id === undefined
            ? 'Asks the server now, from here. Nothing is saved.'
            : 'Asks it now. The stored credential goes only to the stored address.'}
        </span>
      </div>
      <div aria-live="polite">{check && <TestResult check={check} />}</div>
    </div>
  )
}

function FormCommand({
  form,
  base,
}: {
  form: UseFormReturn<ServerValues>
  base: Backend | undefined
}) {
  const values = { ...emptyServerValues, ...useWatch({ control: form.control }) } as ServerValues
  if (base !== undefined) {
    const args = updateServerCommand(base.name, changesOf(values, baseOf(base)))
    return args && <AsCommand args={args} />
  }
  const plain = fieldsOf({ ...emptyServerValues, url: values.url, name: values.name })
  const fields = { ...changesOf(values, plain), url: values.url }
  return <AsCommand args={addServerCommand(values.name, fields)} />
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname.replace(/^\[|\]$/g, '')
  } catch {
    return ''
  }
}

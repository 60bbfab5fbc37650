'use client'

import type { ReactNode } from 'react'
import type { UseFormReturn } from 'react-hook-form'
import { Checkbox } from '@/components/ui/checkbox'
import {
  FormControl,
  FormDescription,
  FormField,
  FormItem,
  FormLabel,
  FormMessage,
} from '@/components/ui/form'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import { operationGroups } from '@/lib/schemas/names'
import type { ServerValues } from './server-values'

type ServerForm = UseFormReturn<ServerValues>

export function AddressFields({
  form,
  hasCredential,
}: {
  form: ServerForm
  hasCredential: boolean
}) {
  const isForgotten = form.watch('forgetCredential')
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-[minmax(0,1fr)_12rem]">
        <TextField
          form={form}
          name="url"
          label="Address"
          note="http://10.0.0.7:11434, with a base path if it has one"
          isMono
        />
        <FormField
          control={form.control}
          name="kind"
          render={({ field }) => (
            <FormItem>
              <FormLabel>Speaks</FormLabel>
              <Select value={field.value} onValueChange={field.onChange}>
                <FormControl>
                  <SelectTrigger>
                    <SelectValue />
                  </SelectTrigger>
                </FormControl>
                <SelectContent>
                  <SelectItem value="ollama">Ollama</SelectItem>
                  <SelectItem value="openai">OpenAI only</SelectItem>
                </SelectContent>
              </Select>
              <FormMessage />
            </FormItem>
          )}
        />
      </div>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField form={form} name="name" label="Name" note="As lists and errors call it" isMono />
        <FormField
          control={form.control}
          name="credential"
          render={({ field }) => (
            <FormItem>
              <FormLabel>Credential</FormLabel>
              <FormControl>
                <Input
                  {...field}
                  type="password"
                  autoComplete="new-password"
                  disabled={isForgotten}
                  placeholder={hasCredential ? 'Stored, and never shown' : 'None'}
                />
              </FormControl>
              <FormDescription>
                Sent to the server as a bearer token. Sealed at rest.
              </FormDescription>
              <FormMessage />
              {hasCredential && (
                <Check form={form} name="forgetCredential" label="Forget the stored credential" />
              )}
            </FormItem>
          )}
        />
      </div>
    </>
  )
}

export function RoomFields({ form }: { form: ServerForm }) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-3">
      <TextField
        form={form}
        name="memory"
        label="Memory"
        unit="GB"
        note="Larger models are not sent there. Empty: no limit is known."
      />
      <TextField form={form} name="slots" label="Slots" note="Requests that it runs at a time" />
      <TextField form={form} name="priority" label="Priority" note="Lower comes first" />
    </div>
  )
}

export function MoreFields({ form }: { form: ServerForm }) {
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <TextField
          form={form}
          name="weight"
          label="Weight"
          note="Its share of work in the strategy “weighted”"
        />
        <TextField
          form={form}
          name="perMinute"
          label="Limit"
          unit="requests a minute"
          note="Empty: none"
        />
        <TextField form={form} name="labels" label="Labels" note="gpu=a100, zone=berlin" isMono />
      </div>
      <OperationsField form={form} />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField
          form={form}
          name="allow"
          label="Models that may be sent there"
          note="Names or globs, with commas. * is every one."
          isMono
        />
        <TextField
          form={form}
          name="deny"
          label="Models that may not"
          note="These win over the ones that may."
          isMono
        />
      </div>
      <div className="grid items-start gap-4 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <FormField
          control={form.control}
          name="healthMethod"
          render={({ field }) => (
            <FormItem>
              <FormLabel>Check by</FormLabel>
              <Select value={field.value} onValueChange={field.onChange}>
                <FormControl>
                  <SelectTrigger>
                    <SelectValue />
                  </SelectTrigger>
                </FormControl>
                <SelectContent>
                  <SelectItem value="GET">GET</SelectItem>
                  <SelectItem value="HEAD">HEAD</SelectItem>
                </SelectContent>
              </Select>
            </FormItem>
          )}
        />
        <TextField
          form={form}
          name="healthPath"
          label="Path of checks"
          note="Asked every few seconds; an answer below 400 is good."
          isMono
        />
      </div>
    </>
  )
}

const operationWords: Record<(typeof operationGroups)[number], string> = {
  inference: 'Answers',
  embeddings: 'Embeddings',
  'models:read': 'Reading about models',
  'models:manage': 'Changing models',
}

function OperationsField({ form }: { form: ServerForm }) {
  return (
    <FormField
      control={form.control}
      name="operations"
      render={({ field, fieldState }) => (
        <fieldset className="grid gap-2">
          <legend className="mb-2 font-medium text-sm">What may be sent there</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {operationGroups.map((group) => (
              <Label key={group} className="font-normal">
                <Checkbox
                  checked={field.value.includes(group)}
                  onCheckedChange={(isOn) =>
                    field.onChange(
                      isOn ? [...field.value, group] : field.value.filter((one) => one !== group),
                    )
                  }
                />
                {operationWords[group]}
              </Label>
            ))}
          </div>
          {fieldState.error && (
            <p role="alert" className="text-destructive-text text-xs">
              {fieldState.error.message}
            </p>
          )}
        </fieldset>
      )}
    />
  )
}

type TextName = Exclude<
  keyof ServerValues,
  'kind' | 'forgetCredential' | 'operations' | 'healthMethod'
>

function TextField({
  form,
  name,
  label,
  unit,
  note,
  isMono = false,
}: {
  form: ServerForm
  name: TextName
  label: string
  unit?: string
  note?: ReactNode
  isMono?: boolean
}) {
  return (
    <FormField
      control={form.control}
      name={name}
      render={({ field }) => (
        <FormItem>
          <FormLabel>
            {label}
            {unit && <span className="font-normal text-muted-foreground">{unit}</span>}
          </FormLabel>
          <FormControl>
            <Input
              {...field}
              inputMode={isMono ? undefined : 'decimal'}
              autoComplete="off"
              spellCheck={false}
              className={isMono ? 'font-mono' : undefined}
            />
          </FormControl>
          {note && <FormDescription>{note}</FormDescription>}
          <FormMessage />
        </FormItem>
      )}
    />
  )
}

function Check({
  form,
  name,
  label,
}: {
  form: ServerForm
  name: 'forgetCredential'
  label: string
}) {
  return (
    <FormField
      control={form.control}
      name={name}
      render={({ field }) => (
        <Label className="mt-1 font-normal">
          <Checkbox
            checked={field.value}
            onCheckedChange={(isOn) => field.onChange(isOn === true)}
          />
          {label}
        </Label>
      )}
    />
  )
}

'use client'

import { ChevronRightIcon } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useFormContext } from 'react-hook-form'
import { LimitFields } from '@/components/limit-fields/limit-fields'
import { Checkbox } from '@/components/ui/checkbox'
import { Collapsible, CollapsibleContent, CollapsibleTrigger } from '@/components/ui/collapsible'
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
import type { KeyOwner } from '@/lib/admin/key-owners'
import type { Permission } from '@/lib/schemas/permissions'
import { limitSources, limitWords } from './key-state'
import { captureChoices, expiryChoices, type KeyValues } from './key-values'
import { OwnerField } from './owner-field'

const permissionWords: Record<Permission, string> = {
  inference: 'chat and generate',
  embeddings: 'make embeddings',
  'models:read': 'list and show models',
  'models:manage': 'pull, push, copy, delete models',
  'usage:read': 'read usage',
  'metrics:read': 'read metrics',
  'backend:pin': 'choose the server',
  admin: 'act on the server’s account and settings',
}

/** The fields of a key, new or there: what most need first, the rest folded. */
export function KeyFields({
  owners,
  owner,
  expiresWords,
  isFoldedAtFirst,
  mayNarrowOnly = false,
  inheritsCapture,
}: {
  /** To choose from; none when the owner stays. */
  owners: readonly KeyOwner[]
  owner: KeyOwner
  /** The end that is set, in words: then it can be kept. */
  expiresWords?: ReactNode
  isFoldedAtFirst: boolean
  /** Models and networks of a key that is there are an admin's. */
  mayNarrowOnly?: boolean
  /** Whether prompts and answers are kept where the key says nothing, if that is known. */
  inheritsCapture?: boolean
}) {
  const { control, watch } = useFormContext<KeyValues>()
  const limit = watch('limit')
  const expires = watch('expires')
  const inherited = `As ${limitSources[owner.limit.from]}: ${limitWords(owner.limit)}`
  return (
    <>
      <FormField
        control={control}
        name="name"
        render={({ field }) => (
          <FormItem>
            <FormLabel>Name</FormLabel>
            <FormControl>
              <Input {...field} placeholder="web-ui" autoComplete="off" maxLength={130} />
            </FormControl>
            <FormMessage />
          </FormItem>
        )}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        {owners.length > 1 && (
          <FormField
            control={control}
            name="ownerId"
            render={({ field }) => (
              <FormItem>
                <FormLabel>Owner</FormLabel>
                <FormControl>
                  <OwnerField owners={owners} value={field.value} onChange={field.onChange} />
                </FormControl>
                <FormMessage />
              </FormItem>
            )}
          />
        )}
        <div className="grid gap-1.5">
          <FormField
            control={control}
            name="expires"
            render={({ field }) => (
              <FormItem>
                <FormLabel>Expires</FormLabel>
                <Select value={field.value} onValueChange={field.onChange}>
                  <FormControl>
                    <SelectTrigger className="w-full">
                      <SelectValue />
                    </SelectTrigger>
                  </FormControl>
                  <SelectContent>
                    {expiresWords && <SelectItem value="keep">{expiresWords}</SelectItem>}
                    {expiryChoices.map(({ value, label }) => (
                      <SelectItem key={value} value={value}>
                        {label}
                      </SelectItem>
                    ))}
                  </SelectContent>
                </Select>
              </FormItem>
            )}
          />
          {expires === 'date' && (
            <FormField
              control={control}
              name="day"
              render={({ field }) => (
                <FormItem>
                  <FormLabel className="sr-only">Last day</FormLabel>
                  <FormControl>
                    <Input type="date" {...field} />
                  </FormControl>
                  <FormMessage />
                </FormItem>
              )}
            />
          )}
        </div>
      </div>
      <LimitFields inherited={inherited} allowsNone={!owner.mayOnlyLower}>
        {owner.mayOnlyLower &&
          limit === 'own' &&
          `It may be lower than ${limitWords(owner.limit)}, not higher.`}
      </LimitFields>
      <PermissionBoxes allowed={owner.permissions} />
      {!owner.mayOnlyLower && <CaptureField inherits={inheritsCapture} />}
      {!mayNarrowOnly && <RuleFields isFoldedAtFirst={isFoldedAtFirst} />}
    </>
  )
}

function RuleFields({ isFoldedAtFirst }: { isFoldedAtFirst: boolean }) {
  const [isOpen, setIsOpen] = useState(!isFoldedAtFirst)
  return (
    <Collapsible open={isOpen} onOpenChange={setIsOpen} className="flex flex-col gap-4">
      <CollapsibleTrigger className="group -mx-1 flex h-control w-fit items-center gap-1.5 rounded-md px-1 font-medium text-sm">
        <ChevronRightIcon className="size-4 text-muted-foreground transition-transform group-data-[state=open]:rotate-90" />
        Models and networks
      </CollapsibleTrigger>
      <CollapsibleContent className="grid gap-4 sm:grid-cols-2">
        <ListField name="allowModels" label="Models it may use" placeholder="every model">
          Names or globs: llama3*, qwen3:8b
        </ListField>
        <ListField name="denyModels" label="Models it may not use" placeholder="none">
          These win over the others.
        </ListField>
        <ListField
          name="allowNetworks"
          label="Networks it may be used from"
          placeholder="everywhere"
        >
          10.0.0.0/8, 2001:db8::7
        </ListField>
        <ListField name="denyNetworks" label="Networks it may not be used from" placeholder="none">
          These win over the others.
        </ListField>
      </CollapsibleContent>
    </Collapsible>
  )
}

/** H2: whose words are kept is for those who may read them. */
function CaptureField({ inherits }: { inherits: boolean | undefined }) {
  const { control } = useFormContext<KeyValues>()
  const now = inherits === undefined ? '' : inherits ? ': kept' : ': not kept'
  const words = { inherit: `As its frontend says${now}`, on: 'Kept', off: 'Not kept' }
  return (
    <FormField
      control={control}
      name="capture"
      render={({ field }) => (
        <FormItem>
          <FormLabel>Prompts and answers</FormLabel>
          <Select value={field.value} onValueChange={field.onChange}>
            <FormControl>
              <SelectTrigger className="w-full">
                <SelectValue />
              </SelectTrigger>
            </FormControl>
            <SelectContent>
              {captureChoices.map((choice) => (
                <SelectItem key={choice} value={choice}>
                  {words[choice]}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
          <FormDescription>Everybody who works here is told while some are kept.</FormDescription>
        </FormItem>
      )}
    />
  )
}

function PermissionBoxes({ allowed }: { allowed: readonly Permission[] }) {
  const { control } = useFormContext<KeyValues>()
  return (
    <FormField
      control={control}
      name="permissions"
      render={({ field }) => {
        const chosen = field.value
        const toggle = (permission: Permission, isOn: boolean) =>
          field.onChange(
            allowed.filter((one) => (one === permission ? isOn : chosen.includes(one))),
          )
        return (
          <FormItem>
            <fieldset className="grid gap-2">
              <legend className="mb-1.5 font-medium text-sm">Permissions</legend>
              <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
                {allowed.map((permission) => (
                  <Label
                    key={permission}
                    className="flex min-h-6 items-start gap-2 font-normal coarse:min-h-11 coarse:items-center"
                  >
                    <Checkbox
                      className="mt-0.5"
                      checked={chosen.includes(permission)}
                      onCheckedChange={(isOn) => toggle(permission, isOn === true)}
                    />
                    <span className="min-w-0">
                      <code>{permission}</code>
                      <span className="block text-muted-foreground text-xs">
                        {permissionWords[permission]}
                      </span>
                    </span>
                  </Label>
                ))}
              </div>
            </fieldset>
            <FormMessage />
          </FormItem>
        )
      }}
    />
  )
}

function ListField({
  name,
  label,
  placeholder,
  children,
}: {
  name: 'allowModels' | 'denyModels' | 'allowNetworks' | 'denyNetworks'
  label: string
  placeholder: string
  children: ReactNode
}) {
  const { control } = useFormContext<KeyValues>()
  return (
    <FormField
      control={control}
      name={name}
      render={({ field }) => (
        <FormItem className="content-start">
          <FormLabel>{label}</FormLabel>
          <FormControl>
            <Input
              {...field}
              placeholder={placeholder}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
            />
          </FormControl>
          <FormDescription>{children}</FormDescription>
          <FormMessage />
        </FormItem>
      )}
    />
  )
}

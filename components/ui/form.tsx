'use client'

import { Slot } from 'radix-ui'
import { type ComponentProps, createContext, useContext, useId } from 'react'
import {
  Controller,
  type ControllerProps,
  type FieldPath,
  type FieldValues,
  FormProvider,
  useFormContext,
  useFormState,
} from 'react-hook-form'
import { cn } from '@/lib/ui/cn'
import { Label } from './label'

export const Form = FormProvider

const FieldName = createContext<string | null>(null)
const ItemId = createContext<string | null>(null)

export function FormField<
  Values extends FieldValues = FieldValues,
  Name extends FieldPath<Values> = FieldPath<Values>,
>(props: ControllerProps<Values, Name>) {
  return (
    <FieldName value={props.name}>
      <Controller {...props} />
    </FieldName>
  )
}

export function FormItem({ className, ...props }: ComponentProps<'div'>) {
  const id = useId()
  return (
    <ItemId value={id}>
      <div data-slot="form-item" className={cn('grid gap-1.5', className)} {...props} />
    </ItemId>
  )
}

/** The ids that tie label, control, description and message of one field together. */
export function useFormField() {
  const name = useContext(FieldName)
  const id = useContext(ItemId)
  if (name === null || id === null) throw new Error('a form field stands in FormField and FormItem')
  const { getFieldState } = useFormContext()
  const { error } = getFieldState(name, useFormState({ name }))
  return {
    name,
    error,
    controlId: `${id}-control`,
    descriptionId: `${id}-description`,
    messageId: `${id}-message`,
  }
}

export function FormLabel({ className, ...props }: ComponentProps<typeof Label>) {
  const { controlId } = useFormField()
  return <Label htmlFor={controlId} className={className} {...props} />
}

export function FormControl(props: ComponentProps<typeof Slot.Root>) {
  const { error, controlId, descriptionId, messageId } = useFormField()
  return (
    <Slot.Root
      id={controlId}
      aria-describedby={error ? `${descriptionId} ${messageId}` : descriptionId}
      aria-invalid={error ? true : undefined}
      {...props}
    />
  )
}

export function FormDescription({ className, ...props }: ComponentProps<'p'>) {
  const { descriptionId } = useFormField()
  return (
    <p id={descriptionId} className={cn('text-muted-foreground text-xs', className)} {...props} />
  )
}

export function FormMessage({ className, children, ...props }: ComponentProps<'p'>) {
  const { error, messageId } = useFormField()
  const words = error ? (error.message ?? 'This is not valid.') : children
  if (!words) return null
  return (
    <p
      id={messageId}
      role={error ? 'alert' : undefined}
      className={cn('text-destructive-text text-xs', className)}
      {...props}
    >
      {words}
    </p>
  )
}

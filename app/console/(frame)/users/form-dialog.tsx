'use client'

import type { ReactNode } from 'react'
import { type FieldValues, FormProvider, type UseFormReturn } from 'react-hook-form'
import { AsCommand } from '@/components/as-command/as-command'
import { Problem } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import {
  DialogBody,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog'

/** What stands in a dialog that saves something: fields, the reason when it did not, the command. */
export function FormDialogBody<Values extends FieldValues>({
  form,
  title,
  description,
  verb,
  command,
  problem,
  isUnchanged = false,
  save,
  children,
}: {
  form: UseFormReturn<Values>
  title: string
  description: ReactNode
  verb: string
  command: readonly string[] | null
  /** What was not done, and why. */
  problem: { title: string; message: string } | null
  isUnchanged?: boolean
  save: (values: Values) => Promise<void>
  children: ReactNode
}) {
  const { isSubmitting } = form.formState
  return (
    <FormProvider {...form}>
      <form onSubmit={form.handleSubmit(save)} className="flex min-h-0 flex-1 flex-col" noValidate>
        <DialogHeader>
          <DialogTitle className="truncate" title={title}>
            {title}
          </DialogTitle>
          <DialogDescription>{description}</DialogDescription>
        </DialogHeader>
        <DialogBody>
          {children}
          {problem && <Problem title={problem.title}>{problem.message}</Problem>}
        </DialogBody>
        <DialogFooter>
          {command && (
            <div className="sm:mr-auto">
              <AsCommand args={command} />
            </div>
          )}
          <Button
            type="submit"
            disabled={isSubmitting || isUnchanged}
            title={isUnchanged ? 'Nothing was changed yet' : undefined}
          >
            {verb}
          </Button>
        </DialogFooter>
      </form>
    </FormProvider>
  )
}

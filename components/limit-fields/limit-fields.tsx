'use client'

import type { ReactNode } from 'react'
import { useFormContext } from 'react-hook-form'
import {
  FormControl,
  FormDescription,
  FormField,
  FormItem,
  FormLabel,
  FormMessage,
} from '@/components/ui/form'
import { Input } from '@/components/ui/input'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import { type LimitValues, windowChoices } from './limit-values'

/** None of its own, one of its own, or no limit at all. */
export function LimitFields({
  inherited,
  allowsNone = true,
  children,
}: {
  /** What holds without one of its own. */
  inherited: string
  /** Whoever may only lower a limit cannot take it away. */
  allowsNone?: boolean
  /** Below the choice: whom it concerns, or how far it goes. */
  children?: ReactNode
}) {
  const { control, watch } = useFormContext<LimitValues>()
  const windowSeconds = watch('windowSeconds')
  return (
    <>
      <FormField
        control={control}
        name="limit"
        render={({ field }) => (
          <FormItem>
            <FormLabel>Rate limit</FormLabel>
            <Select value={field.value} onValueChange={field.onChange}>
              <FormControl>
                <SelectTrigger className="w-full">
                  <SelectValue />
                </SelectTrigger>
              </FormControl>
              <SelectContent>
                <SelectItem value="inherit">{inherited}</SelectItem>
                <SelectItem value="own">Its own</SelectItem>
                {allowsNone && <SelectItem value="none">No limit</SelectItem>}
              </SelectContent>
            </Select>
            {children && <FormDescription>{children}</FormDescription>}
          </FormItem>
        )}
      />
      {watch('limit') === 'own' && (
        <div className="-mt-1 grid grid-cols-2 gap-4">
          <FormField
            control={control}
            name="requests"
            render={({ field }) => (
              <FormItem>
                <FormLabel>Requests</FormLabel>
                <FormControl>
                  <Input {...field} inputMode="numeric" autoComplete="off" />
                </FormControl>
                <FormMessage />
              </FormItem>
            )}
          />
          <FormField
            control={control}
            name="windowSeconds"
            render={({ field }) => (
              <FormItem>
                <FormLabel>In</FormLabel>
                <Select value={field.value} onValueChange={field.onChange}>
                  <FormControl>
                    <SelectTrigger className="w-full">
                      <SelectValue />
                    </SelectTrigger>
                  </FormControl>
                  <SelectContent>
                    {windowChoices.every(({ value }) => value !== windowSeconds) && (
                      <SelectItem value={windowSeconds}>{windowSeconds} s</SelectItem>
                    )}
                    {windowChoices.map(({ value, label }) => (
                      <SelectItem key={value} value={value}>
                        {label}
                      </SelectItem>
                    ))}
                  </SelectContent>
                </Select>
              </FormItem>
            )}
          />
        </div>
      )}
    </>
  )
}

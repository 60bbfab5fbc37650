'use client'

import { useFormContext } from 'react-hook-form'
import { z } from 'zod'
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
import type { LimitValues } from './people-words'

export const limitShape = {
  limit: z.enum(['inherit', 'own', 'none']),
  requests: z.string(),
  window: z.string(),
}

/** The part of a form's check that is about the limit. */
export function checkLimit(
  { limit, requests }: LimitValues,
  context: { addIssue: (issue: { code: 'custom'; path: string[]; message: string }) => void },
): void {
  const count = Number(requests)
  if (limit !== 'own' || (Number.isInteger(count) && count >= 1 && count <= 1_000_000)) return
  const message = 'A whole number from 1 to 1,000,000.'
  context.addIssue({ code: 'custom', path: ['requests'], message })
}

const windows = [
  { value: '1', label: 'a second' },
  { value: '60', label: 'a minute' },
  { value: '3600', label: 'an hour' },
  { value: '86400', label: 'a day' },
]

/** None of its own, one of its own, or no limit at all. */
export function LimitFields({
  inherited,
  description,
}: {
  inherited: string
  description: string
}) {
  const { control, watch } = useFormContext<LimitValues>()
  const window = watch('window')
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
                <SelectItem value="none">No limit</SelectItem>
              </SelectContent>
            </Select>
            <FormDescription>{description}</FormDescription>
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
            name="window"
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
                    {windows.every(({ value }) => value !== window) && (
                      <SelectItem value={window}>{window} s</SelectItem>
                    )}
                    {windows.map(({ value, label }) => (
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

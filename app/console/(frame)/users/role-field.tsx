'use client'

import type { Control, FieldPath, FieldValues } from 'react-hook-form'
import { FormControl, FormDescription, FormField, FormItem, FormLabel } from '@/components/ui/form'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import { roles } from '@/lib/schemas/names'
import type { Role } from '@/lib/schemas/permissions'
import { roleWords } from './people-words'

/** What a person may do, with the words for the one that is chosen. */
export function RoleField<Values extends FieldValues>({
  control,
  name,
}: {
  control: Control<Values>
  name: FieldPath<Values>
}) {
  return (
    <FormField
      control={control}
      name={name}
      render={({ field }) => {
        const role: Role = roles.find((one) => one === field.value) ?? 'member'
        return (
          <FormItem>
            <FormLabel>Role</FormLabel>
            <Select value={role} onValueChange={field.onChange}>
              <FormControl>
                <SelectTrigger className="w-full">
                  <SelectValue />
                </SelectTrigger>
              </FormControl>
              <SelectContent>
                {roles.toReversed().map((one) => (
                  <SelectItem key={one} value={one}>
                    {roleWords[one].label}
                  </SelectItem>
                ))}
              </SelectContent>
            </Select>
            <FormDescription>May: {roleWords[role].may}.</FormDescription>
          </FormItem>
        )
      }}
    />
  )
}

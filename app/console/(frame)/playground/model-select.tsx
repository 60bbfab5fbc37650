'use client'

import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import type { PlaygroundModel } from '@/lib/admin/playground-page'

export function ModelSelect({
  label,
  models,
  value,
  onChange,
}: {
  label: string
  models: readonly PlaygroundModel[]
  value: string
  onChange: (name: string) => void
}) {
  return (
    <Select value={value} onValueChange={onChange}>
      <SelectTrigger aria-label={label} title={value} className="min-w-0 flex-1 font-mono">
        <SelectValue placeholder="Pick a model" />
      </SelectTrigger>
      <SelectContent>
        {models.map(({ name }) => (
          <SelectItem key={name} value={name} className="font-mono">
            {name}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

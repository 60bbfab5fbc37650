'use client'

import { ChevronsUpDownIcon } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { Button } from '@/components/ui/button'
import {
  Command,
  CommandEmpty,
  CommandInput,
  CommandItem,
  CommandList,
} from '@/components/ui/command'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import type { KeyOwner } from '@/lib/admin/key-owners'

const shownMax = 50

/** One of many people, by typing a part of their name. */
export function OwnerField({
  owners,
  value,
  onChange,
  ...props
}: Omit<ComponentProps<typeof Button>, 'value' | 'onChange'> & {
  owners: readonly KeyOwner[]
  value: string
  onChange: (ownerId: string) => void
}) {
  const [isOpen, setIsOpen] = useState(false)
  const [text, setText] = useState('')
  const chosen = owners.find(({ id }) => id === value)
  const fitting = owners
    .filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()))
    .slice(0, shownMax)
  return (
    <Popover open={isOpen} onOpenChange={setIsOpen}>
      <PopoverTrigger asChild>
        <Button
          variant="outline"
          role="combobox"
          aria-expanded={isOpen}
          className="w-full justify-between border-input font-normal dark:bg-background"
          {...props}
        >
          <span className="truncate">{chosen?.name ?? 'Choose an owner'}</span>
          <ChevronsUpDownIcon className="text-muted-foreground" />
        </Button>
      </PopoverTrigger>
      <PopoverContent className="p-0 max-sm:p-0 max-sm:pt-12">
        <Command label="Owner" shouldFilter={false}>
          <CommandInput value={text} onValueChange={setText} placeholder="Owner" />
          <CommandList className="sm:max-h-60">
            <CommandEmpty>Nobody is called “{text}”.</CommandEmpty>
            {fitting.map(({ id, name }) => (
              <CommandItem
                key={id}
                value={id}
                onSelect={() => {
                  onChange(id)
                  setIsOpen(false)
                }}
              >
                <span className="truncate" title={name}>
                  {name}
                </span>
              </CommandItem>
            ))}
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  )
}

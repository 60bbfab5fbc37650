'use client'

import { useQuery } from '@tanstack/react-query'
import { CheckIcon, UsersIcon } from 'lucide-react'
import { useState } from 'react'
import type { OverlayProps } from '@/components/lazy-overlay/lazy-overlay'
import {
  Command,
  CommandEmpty,
  CommandInput,
  CommandItem,
  CommandList,
} from '@/components/ui/command'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import type { UsageWho } from '@/lib/admin/usage-page'
import { cn } from '@/lib/ui/cn'
import { titleOf, whoseIcons } from './whose'

/** What `WhosePicker` opens: a field, and who is found. */
export function WhosePopover({
  who,
  everyone,
  onChoose,
  button,
  open,
  onOpenChange,
}: OverlayProps & {
  who: UsageWho | null
  everyone: string
  onChoose: (who: UsageWho | null) => void
}) {
  const [text, setText] = useState('')
  const { data, isError } = useQuery<UsageWho[]>({
    queryKey: ['usage-who', text],
    enabled: open,
    placeholderData: (before) => before,
    queryFn: async ({ signal }) => {
      const answer = await fetch(`/console/data/usage/whose?text=${encodeURIComponent(text)}`, {
        signal,
        cache: 'no-store',
      })
      if (!answer.ok) throw new Error(`the console answered ${answer.status}`)
      return (await answer.json()) as UsageWho[]
    },
  })
  const choose = (chosen: UsageWho | null) => {
    onOpenChange(false)
    setText('')
    onChoose(chosen)
  }
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger asChild>{button}</PopoverTrigger>
      <PopoverContent aria-label="Usage of" className="p-0 max-sm:p-0 max-sm:pt-12">
        <Command label="Usage of" shouldFilter={false}>
          <CommandInput value={text} onValueChange={setText} placeholder="User or key" />
          <CommandList className="sm:max-h-80">
            {text === '' && (
              <CommandItem value="everyone" onSelect={() => choose(null)}>
                <UsersIcon className="text-muted-foreground" />
                <span className="min-w-0 flex-1 truncate">{everyone}</span>
                <CheckIcon className={cn(who !== null && 'invisible')} />
              </CommandItem>
            )}
            {data === undefined && !isError && (
              <p className="px-2 py-1.5 text-muted-foreground text-sm">Loading</p>
            )}
            {isError && (
              <p role="alert" className="px-2 py-1.5 text-destructive-text text-sm">
                Users and keys could not be read. Close and open this to try again.
              </p>
            )}
            {data?.length === 0 && text !== '' && (
              <CommandEmpty>No user or key is called “{text}”.</CommandEmpty>
            )}
            {data?.map((one) => {
              const OneIcon = whoseIcons[one.kind]
              const isChosen = one.kind === who?.kind && one.id === who.id
              return (
                <CommandItem
                  key={`${one.kind}:${one.id}`}
                  value={`${one.kind}:${one.id}`}
                  title={titleOf(one)}
                  onSelect={() => choose(one)}
                >
                  <OneIcon className="text-muted-foreground" />
                  <span className="min-w-0 truncate">{one.name}</span>
                  {one.detail && (
                    <span className="min-w-0 flex-1 truncate text-muted-foreground text-xs">
                      of {one.detail}
                    </span>
                  )}
                  <CheckIcon className={cn('ml-auto', !isChosen && 'invisible')} />
                </CommandItem>
              )
            })}
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  )
}

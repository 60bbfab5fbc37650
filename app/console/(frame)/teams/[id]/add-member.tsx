'use client'

import { PlusIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { toastDone, toastProblem } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import {
  Command,
  CommandEmpty,
  CommandInput,
  CommandItem,
  CommandList,
} from '@/components/ui/command'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { teamMemberCommand } from '@/lib/ui/people-command'
import { removeTeamMemberAction, setTeamMemberAction } from '../../users/actions'

const shownMax = 50

/** One of the people who are not in it, by a part of their name; at once, as it can be undone. */
export function AddMember({
  team,
  candidates,
}: {
  team: { id: string; name: string }
  candidates: readonly { id: string; name: string }[]
}) {
  const [isOpen, setIsOpen] = useState(false)
  const [text, setText] = useState('')
  const [isActing, startActing] = useTransition()
  const router = useRouter()
  const wanted = text.trim().toLowerCase()
  const fitting = candidates
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .slice(0, shownMax)
  const [first, second] = fitting
  const named = first !== undefined && second === undefined ? first.name : 'USER'
  const add = (user: { id: string; name: string }) => {
    setIsOpen(false)
    setText('')
    startActing(async () => {
      const result = await setTeamMemberAction(team.id, { user: user.id, isAdmin: false })
      if (result.ok) toastDone(`${user.name} is in ${team.name}`, () => takeOut(user))
      else toastProblem(`${user.name} was not added`, result.error.message)
      router.refresh()
    })
  }
  const takeOut = async (user: { id: string; name: string }) => {
    const result = await removeTeamMemberAction(team.id, { user: user.id })
    if (!result.ok) toastProblem(`${user.name} is still in ${team.name}`, result.error.message)
    router.refresh()
  }
  return (
    <Popover open={isOpen} onOpenChange={setIsOpen}>
      <PopoverTrigger asChild>
        <Button variant="outline" disabled={isActing}>
          <PlusIcon /> Add member
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="Add member" className="p-0 max-sm:p-0 max-sm:pt-12">
        <Command label="Add member" shouldFilter={false}>
          <CommandInput value={text} onValueChange={setText} placeholder="Name" />
          <CommandList className="sm:max-h-72">
            <CommandEmpty>Nobody outside of it is called “{text}”.</CommandEmpty>
            {fitting.map((user) => (
              <CommandItem key={user.id} value={user.id} onSelect={() => add(user)}>
                <span className="truncate" title={user.name}>
                  {user.name}
                </span>
              </CommandItem>
            ))}
          </CommandList>
        </Command>
        <div className="border-t p-1">
          <AsCommand args={teamMemberCommand(team.name, { user: named, isAdmin: false })} />
        </div>
      </PopoverContent>
    </Popover>
  )
}

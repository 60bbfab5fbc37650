'use client'

import {
  ArrowDownToLineIcon,
  EllipsisIcon,
  PencilIcon,
  PlayIcon,
  PowerIcon,
  Trash2Icon,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { AsCommand } from '@/components/as-command/as-command'
import { useAskedDialog } from '@/components/lazy-dialog/use-asked-dialog'
import { LazyMenu } from '@/components/lazy-overlay/lazy-menu'
import { toastDone, toastProblem } from '@/components/toast/toast'
import { TypedConfirmation } from '@/components/typed-confirmation/typed-confirmation'
import { Button } from '@/components/ui/button'
import type { Server } from '@/lib/admin/servers'
import type { VerbResult } from '../../run-verb'
import { BlastFacts } from '../blast-facts'
import { drainServer, enableServer, forgetServer } from './actions'

type Named = Pick<Server, 'id' | 'name' | 'enabled' | 'draining' | 'inFlight'>
type Act = 'drain' | 'disable' | 'remove'

const acts: readonly Act[] = ['drain', 'disable', 'remove']

/**
 * Everything that can be done to a server: a menu in the list, buttons and a menu on its page, where
 * `?do=drain` asks too.
 */
export function ServerActs({
  server,
  refresh,
  isOnPage = false,
}: {
  server: Named
  /** What shows the server looks again. */
  refresh: () => Promise<void>
  isOnPage?: boolean
}) {
  const [asked, setAsked] = useAskedDialog(isOnPage ? acts : [])
  const router = useRouter()
  const { id, name, enabled, draining } = server

  const run = async (call: Promise<VerbResult>, failed: string): Promise<VerbResult> => {
    const result = await call
    if (!result.ok) toastProblem(`${name} was not ${failed}`, result.error.message)
    await refresh()
    return result
  }
  const resume = async () => {
    const { ok } = await run(drainServer(id, false), 'resumed')
    if (ok) toastDone(`${name} takes work again`)
  }
  const enable = async () => {
    const { ok } = await run(enableServer(id, true), 'enabled')
    if (ok) toastDone(`${name} is used again`)
  }
  const edit = () => router.push(`/console/servers/${id}?edit=true`)
  const noun = isOnPage ? cut(name) : 'server'
  const drainOrResume = draining
    ? { label: `Resume ${noun}`, icon: PlayIcon, act: () => void resume() }
    : {
        label: `Drain ${noun}`,
        icon: ArrowDownToLineIcon,
        act: () => setAsked('drain'),
      }

  return (
    <>
      {isOnPage && (
        <>
          {enabled && (
            <Button variant="outline" onClick={drainOrResume.act}>
              <drainOrResume.icon />
              {drainOrResume.label}
            </Button>
          )}
          {!enabled && (
            <Button variant="outline" onClick={() => void enable()}>
              <PowerIcon />
              Enable {noun}
            </Button>
          )}
          <Button onClick={edit}>
            <PencilIcon />
            Edit server
          </Button>
        </>
      )}
      <LazyMenu
        button={
          <Button
            variant={isOnPage ? 'outline' : 'ghost'}
            size={isOnPage ? 'icon' : 'icon-sm'}
            aria-label={`More for ${name}`}
          >
            <EllipsisIcon />
          </Button>
        }
        align="end"
      >
        {({ DropdownMenuItem, DropdownMenuSeparator }) => (
          <>
            {!isOnPage && (
              <>
                <DropdownMenuItem onSelect={edit}>
                  <PencilIcon />
                  Edit server
                </DropdownMenuItem>
                {enabled && (
                  <DropdownMenuItem onSelect={drainOrResume.act}>
                    <drainOrResume.icon />
                    {drainOrResume.label}
                  </DropdownMenuItem>
                )}
              </>
            )}
            {enabled || isOnPage ? null : (
              <DropdownMenuItem onSelect={() => void enable()}>
                <PowerIcon />
                Enable server
              </DropdownMenuItem>
            )}
            {enabled && (
              <DropdownMenuItem onSelect={() => setAsked('disable')}>
                <PowerIcon />
                Disable server
              </DropdownMenuItem>
            )}
            <DropdownMenuSeparator />
            <DropdownMenuItem variant="destructive" onSelect={() => setAsked('remove')}>
              <Trash2Icon />
              Remove server
            </DropdownMenuItem>
          </>
        )}
      </LazyMenu>
      <TypedConfirmation
        open={asked === 'drain'}
        onOpenChange={(isOpen) => setAsked(isOpen ? 'drain' : null)}
        title={`Drain ${name}?`}
        description="No new requests go there. What runs there finishes, and its models stay loaded."
        verb={`Drain ${cut(name)}`}
        act={async () => {
          const result = await drainServer(id, true)
          await refresh()
          if (result.ok) toastDone(`${name} is draining`, resume)
          return result
        }}
      >
        <BlastFacts target={{ backend: id }} />
        <Command args={['backends', 'drain', name]} />
      </TypedConfirmation>
      <TypedConfirmation
        open={asked === 'disable'}
        onOpenChange={(isOpen) => setAsked(isOpen ? 'disable' : null)}
        title={`Disable ${name}?`}
        description="It is not used and not checked until somebody enables it. What runs there finishes."
        verb={`Disable ${cut(name)}`}
        act={async () => {
          const result = await enableServer(id, false)
          await refresh()
          if (result.ok) toastDone(`${name} disabled`, enable)
          return result
        }}
      >
        <BlastFacts target={{ backend: id }} />
        <Command args={['backends', 'update', name, '--disable']} />
      </TypedConfirmation>
      <TypedConfirmation
        open={asked === 'remove'}
        onOpenChange={(isOpen) => setAsked(isOpen ? 'remove' : null)}
        title={`Remove ${name}?`}
        description="Corral forgets the server, its credential and its settings. Its usage stays in the records; the machine itself is not touched."
        phrase={name}
        verb="Remove server"
        act={async () => {
          const result = await forgetServer(id)
          if (!result.ok) return result
          toastDone(`${name} removed`)
          if (isOnPage) router.push('/console/servers')
          else await refresh()
          return result
        }}
      >
        <BlastFacts target={{ backend: id }} />
        <Command args={['backends', 'remove', name]} />
      </TypedConfirmation>
    </>
  )
}

function Command({ args }: { args: readonly string[] }) {
  return (
    <div className="-ml-3">
      <AsCommand args={args} />
    </div>
  )
}

/** A button holds no name of 120 letters. */
function cut(name: string): string {
  return name.length > 32 ? 'server' : name
}

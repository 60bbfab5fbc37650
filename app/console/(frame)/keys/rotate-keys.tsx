'use client'

import { useId, useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { Problem } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog'
import { Label } from '@/components/ui/label'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import { formatNumberOf } from '@/lib/ui/format'
import { rotateKeyCommand } from '@/lib/ui/key-command'
import { BlastFactsOf } from '../blast-facts'
import { findBlastRadiusAction, type ManyKeys, rotateKeysAction, type ShownKey } from './actions'
import { ShownKeys, useUncopiedGuard } from './shown-keys'

const graces = [
  { value: '0', label: 'Ends at once', words: 'The old secret is void.' },
  { value: '3600', label: 'Works for 1 hour', words: 'The old secret works for 1 hour.' },
  { value: '86400', label: 'Works for 24 hours', words: 'The old secret works for 24 hours.' },
  { value: '604800', label: 'Works for 7 days', words: 'The old secret works for 7 days.' },
] as const
const graceDefault = '86400'

type Rotated = { shown: readonly ShownKey[]; rest: ManyKeys['rest'] }
const none: Rotated = { shown: [], rest: null }

/** A new secret for one key or several; the old ones work for a while. */
export function RotateKeys({
  keys,
  open,
  onOpenChange,
  onDone,
}: {
  keys: readonly { id: string; name: string; prefix: string }[]
  open: boolean
  onOpenChange: (open: boolean) => void
  onDone: () => void
}) {
  const [{ shown, rest }, setRotated] = useState<Rotated>(none)
  const [grace, setGrace] = useState<string>(graceDefault)
  const guard = useUncopiedGuard(shown.length)
  const change = (isOpen: boolean) => {
    if (!isOpen && !guard.mayClose()) return
    onOpenChange(isOpen)
    if (isOpen || shown.length === 0) return
    setRotated(none)
    guard.reset()
    onDone()
  }
  const words = graces.find(({ value }) => value === grace)?.words
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent className={shown.length === 1 ? 'sm:max-w-3xl' : 'sm:max-w-lg'}>
        {shown.length === 0 ? (
          <RotateForm keys={keys} grace={grace} setGrace={setGrace} onRotated={setRotated} />
        ) : (
          <ShownKeys
            title={`${nameOf(shown)} rotated`}
            keys={shown}
            note={words}
            problem={rest && <NotRotated rest={rest} />}
            guard={guard}
            onClose={() => change(false)}
          />
        )}
      </DialogContent>
    </Dialog>
  )
}

function RotateForm({
  keys,
  grace,
  setGrace,
  onRotated,
}: {
  keys: readonly { id: string; name: string; prefix: string }[]
  grace: string
  setGrace: (grace: string) => void
  onRotated: (rotated: Rotated) => void
}) {
  const id = useId()
  const [problem, setProblem] = useState<string | null>(null)
  const [isActing, startActing] = useTransition()
  const verb = keys.length === 1 ? 'Rotate key' : `Rotate ${keys.length} keys`
  const rotate = () =>
    startActing(async () => {
      setProblem(null)
      const result = await rotateKeysAction(
        keys.map((key) => key.id),
        Number(grace),
      )
      if (result.ok) onRotated(result)
      else setProblem(result.error.message)
    })
  const [first, ...others] = keys.map(({ prefix }) => rotateKeyCommand(prefix, Number(grace)))
  return (
    <>
      <DialogHeader>
        <DialogTitle className="truncate pr-1" title={nameOf(keys)}>
          Rotate {nameOf(keys)}?
        </DialogTitle>
        <DialogDescription>
          {keys.length === 1 ? 'It gets a new secret' : 'Each gets a new secret'}, shown once.
          Limits, permissions and history stay.
        </DialogDescription>
      </DialogHeader>
      <DialogBody>
        <div className="grid gap-1.5">
          <Label htmlFor={id}>The old secret</Label>
          <Select value={grace} onValueChange={setGrace}>
            <SelectTrigger id={id} className="w-full">
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {graces.map(({ value, label }) => (
                <SelectItem key={value} value={value}>
                  {label}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        </div>
        {grace === '0' && <Hit ids={keys.map((key) => key.id)} />}
        {problem && <Problem title="Not rotated">{problem}</Problem>}
      </DialogBody>
      <DialogFooter>
        {first && (
          <div className="sm:mr-auto">
            <AsCommand args={first} then={others} />
          </div>
        )}
        <Button onClick={rotate} disabled={isActing}>
          {verb}
        </Button>
      </DialogFooter>
    </>
  )
}

/** Whoever has not the new secret by then. */
function Hit({ ids }: { ids: string[] }) {
  const read = async () => {
    const result = await findBlastRadiusAction(ids)
    if (!result.ok) throw new Error(result.error.message)
    return result
  }
  return <BlastFactsOf id={['keys', ids]} read={read} />
}

function NotRotated({ rest }: { rest: NonNullable<Rotated['rest']> }) {
  return (
    <Problem title={`${formatNumberOf(rest.count, 'key')} not rotated`}>{rest.problem}</Problem>
  )
}

function nameOf(keys: readonly { name: string }[]): string {
  const [first] = keys
  return keys.length === 1 && first ? first.name : formatNumberOf(keys.length, 'key')
}

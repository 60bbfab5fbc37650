'use client'

import { ArrowDownIcon, ArrowUpIcon, PlusIcon, XIcon } from 'lucide-react'
import { type FormEvent, useId, useRef, useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { Section } from '@/components/shell/page'
import { EmptyNew, Problem } from '@/components/states/states'
import { TypedConfirmation } from '@/components/typed-confirmation/typed-confirmation'
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
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from '@/components/ui/table'
import type { RoutingPage } from '@/lib/admin/routing-page'
import { BlastFacts } from '../blast-facts'
import { addAlias, forgetAlias, saveAlias } from './actions'

type Alias = RoutingPage['aliases'][number]
const targetsMax = 10

export function Aliases({
  aliases,
  models,
  mayManage,
  refresh,
}: Pick<RoutingPage, 'aliases' | 'models'> & {
  mayManage: boolean
  refresh: () => Promise<void>
}) {
  const [edited, setEdited] = useState<Alias | 'new' | null>(null)
  const [removed, setRemoved] = useState<Alias | null>(null)
  const create = mayManage && (
    <Button variant="outline" onClick={() => setEdited('new')}>
      <PlusIcon /> Create alias
    </Button>
  )
  return (
    <Section
      id="aliases"
      title="Aliases"
      description="Other names for models. The first target that some server has is served, the others are fallbacks."
      actions={aliases.length > 0 ? create : undefined}
    >
      <div className="overflow-hidden rounded-lg border bg-card">
        {aliases.length === 0 ? (
          <EmptyNew title="No aliases yet" action={create} className="min-h-40">
            An alias lets programs ask for gpt-4o and get a model of yours.
          </EmptyNew>
        ) : (
          <Table cards aria-label="Aliases">
            <TableHeader>
              <TableRow>
                <TableHead className="w-1/3">Alias</TableHead>
                <TableHead>Served by</TableHead>
                {mayManage && (
                  <TableHead className="w-36">
                    <span className="sr-only">Acts</span>
                  </TableHead>
                )}
              </TableRow>
            </TableHeader>
            <TableBody>
              {aliases.map((alias) => (
                <TableRow key={alias.id}>
                  <TableCell className="wrap-anywhere font-medium font-mono">
                    {alias.alias}
                  </TableCell>
                  <TableCell label="Served by" className="wrap-anywhere">
                    {alias.targets.map((target, index) => (
                      <span key={target}>
                        {index > 0 && <span className="text-muted-foreground"> then </span>}
                        <code>{target}</code>
                      </span>
                    ))}
                  </TableCell>
                  {mayManage && (
                    <TableCell className="whitespace-nowrap text-right">
                      <Button
                        variant="ghost"
                        size="sm"
                        aria-label={`Edit ${alias.alias}`}
                        onClick={() => setEdited(alias)}
                      >
                        Edit
                      </Button>
                      <Button
                        variant="ghost"
                        size="sm"
                        aria-label={`Remove ${alias.alias}`}
                        onClick={() => setRemoved(alias)}
                      >
                        Remove
                      </Button>
                    </TableCell>
                  )}
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
      </div>
      <Dialog open={edited !== null} onOpenChange={(open) => !open && setEdited(null)}>
        <DialogContent className="sm:max-w-lg">
          {edited !== null && (
            <AliasForm
              alias={edited === 'new' ? null : edited}
              models={models}
              close={() => setEdited(null)}
              refresh={refresh}
            />
          )}
        </DialogContent>
      </Dialog>
      {removed !== null && (
        <RemoveAlias alias={removed} close={() => setRemoved(null)} refresh={refresh} />
      )}
    </Section>
  )
}

function AliasForm({
  alias,
  models,
  close,
  refresh,
}: {
  alias: Alias | null
  models: readonly string[]
  close: () => void
  refresh: () => Promise<void>
}) {
  const id = useId()
  const list = useRef<HTMLOListElement>(null)
  const [name, setName] = useState(alias?.alias ?? '')
  const [targets, setTargets] = useState<readonly string[]>(alias?.targets ?? [''])
  const [said, setSaid] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isActing, startActing] = useTransition()
  const given = targets.map((target) => target.trim()).filter((target) => target !== '')
  const isReady = name.trim() !== '' && given.length > 0

  const move = (from: number, to: number) => {
    const target = targets[from]
    if (target === undefined || to < 0 || to >= targets.length) return
    setTargets(targets.toSpliced(from, 1).toSpliced(to, 0, target))
    setSaid(`${target || 'Empty'} is now at place ${to + 1} of ${targets.length}`)
    // The focus goes with what was moved.
    const field = list.current?.querySelectorAll('input')[to]
    field?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady || isActing) return
    startActing(async () => {
      setProblem(null)
      const result = alias ? await saveAlias(alias.id, given) : await addAlias(name, given)
      if (!result.ok) return setProblem(result.error.message)
      await refresh()
      close()
    })
  }
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col" noValidate>
      <DialogHeader>
        <DialogTitle>{alias ? 'Edit alias' : 'Create alias'}</DialogTitle>
        <DialogDescription>Its targets are tried from the top.</DialogDescription>
      </DialogHeader>
      <DialogBody>
        <div className="flex flex-col gap-1.5">
          <Label htmlFor={`${id}-name`}>Alias</Label>
          <Input
            id={`${id}-name`}
            value={name}
            onChange={(event) => setName(event.target.value)}
            disabled={alias !== null}
            title={alias ? 'A name stays; create another alias instead' : undefined}
            placeholder="gpt-4o*"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            className="font-mono"
          />
          <p className="text-muted-foreground text-xs">
            What programs ask for: a name, or a glob with * and ?
          </p>
        </div>
        <div className="flex flex-col gap-1.5">
          <p className="font-medium text-sm" id={`${id}-targets`}>
            Served by
          </p>
          <ol ref={list} aria-labelledby={`${id}-targets`} className="flex flex-col gap-2">
            {targets.map((target, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a target is its place, its text is typed
              <li key={index} className="flex items-center gap-1">
                <span className="w-5 shrink-0 text-muted-foreground text-sm">{index + 1}</span>
                <Input
                  aria-label={`Target ${index + 1}`}
                  aria-describedby={`${id}-hint`}
                  list={`${id}-models`}
                  value={target}
                  onChange={(event) => setTargets(targets.with(index, event.target.value))}
                  onKeyDown={(event) => {
                    if (!event.altKey) return
                    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
                    event.preventDefault()
                    move(index, index + (event.key === 'ArrowUp' ? -1 : 1))
                  }}
                  autoComplete="off"
                  autoCapitalize="off"
                  spellCheck={false}
                  className="font-mono"
                />
                <Button
                  variant="ghost"
                  size="icon"
                  aria-label={`Move target ${index + 1} up`}
                  disabled={index === 0}
                  title={index === 0 ? 'It is the first already' : undefined}
                  onClick={() => move(index, index - 1)}
                >
                  <ArrowUpIcon />
                </Button>
                <Button
                  variant="ghost"
                  size="icon"
                  aria-label={`Move target ${index + 1} down`}
                  disabled={index === targets.length - 1}
                  title={index === targets.length - 1 ? 'It is the last already' : undefined}
                  onClick={() => move(index, index + 1)}
                >
                  <ArrowDownIcon />
                </Button>
                <Button
                  variant="ghost"
                  size="icon"
                  aria-label={`Remove target ${index + 1}`}
                  disabled={targets.length === 1}
                  title={targets.length === 1 ? 'An alias needs a target' : undefined}
                  onClick={() => setTargets(targets.toSpliced(index, 1))}
                >
                  <XIcon />
                </Button>
              </li>
            ))}
          </ol>
          <datalist id={`${id}-models`}>
            {models.map((model) => (
              <option key={model} value={model} />
            ))}
          </datalist>
          <p id={`${id}-hint`} className="text-muted-foreground text-xs">
            Alt ↑ and Alt ↓ move a target.
          </p>
          <p role="status" className="sr-only">
            {said}
          </p>
          {targets.length < targetsMax && (
            <Button
              variant="outline"
              size="sm"
              className="w-fit"
              onClick={() => setTargets([...targets, ''])}
            >
              <PlusIcon /> Add fallback
            </Button>
          )}
        </div>
        {problem && <Problem title="The alias was not saved">{problem}</Problem>}
      </DialogBody>
      <DialogFooter>
        <div className="sm:mr-auto">
          <AsCommand
            args={[
              ...['aliases', alias ? 'update' : 'add', name.trim() || '<alias>'],
              ...(given.length > 0 ? given : ['<model>']),
            ]}
          />
        </div>
        <Button
          type="submit"
          disabled={!isReady || isActing}
          title={isReady ? undefined : 'Name the alias and a target first'}
        >
          {alias ? 'Save alias' : 'Create alias'}
        </Button>
      </DialogFooter>
    </form>
  )
}

function RemoveAlias({
  alias,
  close,
  refresh,
}: {
  alias: Alias
  close: () => void
  refresh: () => Promise<void>
}) {
  const remove = async () => {
    const result = await forgetAlias(alias.id)
    if (result.ok) await refresh()
    return result
  }
  return (
    <TypedConfirmation
      open
      onOpenChange={(open) => !open && close()}
      title={`Remove ${alias.alias}?`}
      description="Who asks for it then gets what a model gets that no server has."
      verb="Remove alias"
      act={remove}
    >
      <BlastFacts target={{ alias: alias.alias }} />
      <div>
        <AsCommand args={['aliases', 'remove', alias.alias]} />
      </div>
    </TypedConfirmation>
  )
}

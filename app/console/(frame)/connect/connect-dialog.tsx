'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useRef, useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { CopyButton } from '@/components/copy/copy-button'
import { Problem } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import type { ConnectFacts } from '@/lib/admin/connect-facts'
import { createKeyCommand } from '@/lib/ui/key-command'
import { createKeyAction, type ShownKey } from '../keys/actions'
import { useUncopiedGuard } from '../keys/shown-keys'
import { ClientSnippets } from './client-snippets'
import { LastKnockLine } from './knock'
import { useConnectFacts } from './use-connect-facts'

const firstName = 'my first key'
const newKey = 'new'
const paste = 'paste'

/** How to point a client here, for this host and a chosen key; and what came of it. */
export function ConnectDialog({
  open,
  onOpenChange,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const [made, setMade] = useState<ShownKey | null>(null)
  const guard = useUncopiedGuard(made === null ? 0 : 1)
  const change = (isOpen: boolean) => {
    if (!isOpen && !guard.mayClose()) return
    if (!isOpen) {
      setMade(null)
      guard.reset()
    }
    onOpenChange(isOpen)
  }
  const close = () => {
    guard.insist()
    change(false)
  }
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent className="sm:max-w-3xl">
        <DialogHeader>
          <DialogTitle>Connect a client</DialogTitle>
          <DialogDescription>
            Any client of Ollama, OpenAI or Anthropic: change its address and its key, nothing else.
          </DialogDescription>
        </DialogHeader>
        <DialogBody>
          {guard.isAsking && (
            <Problem
              title="The new key was not copied"
              action={
                <span className="flex gap-2">
                  <Button variant="outline" onClick={close}>
                    Close anyway
                  </Button>
                  <Button onClick={guard.stay}>Stay</Button>
                </span>
              }
            >
              Closed, nobody can read it again.
            </Problem>
          )}
          <Target made={made} onMade={setMade} onCopied={guard.noteCopied} />
        </DialogBody>
        <div className="px-4 pt-2 pb-4 max-sm:border-t sm:px-6 sm:pb-5">
          <LastKnockLine onFollow={close} />
        </div>
      </DialogContent>
    </Dialog>
  )
}

function Target({
  made,
  onMade,
  onCopied,
}: {
  made: ShownKey | null
  onMade: (made: ShownKey | null) => void
  onCopied: () => void
}) {
  const { facts, problem, retry } = useConnectFacts()
  const [chosen, setChosen] = useState<string | null>(null)
  const [pasted, setPasted] = useState('')
  const [model, setModel] = useState<string | null>(null)
  const [keyId, modelId, pasteId] = [useId(), useId(), useId()]
  if (problem !== null) {
    return (
      <Problem
        title="What a client needs could not be read"
        action={
          <Button variant="outline" onClick={retry}>
            Retry
          </Button>
        }
      >
        {problem} The gateway itself carries on.
      </Problem>
    )
  }
  if (facts === null) return <Skeleton className="h-80 w-full" />

  const first = facts.keys.at(-1)?.id ?? (facts.mayCreate ? newKey : paste)
  const choice = made?.id ?? chosen ?? first
  const known = facts.keys.find(({ id }) => id === choice)
  const whole = made?.token ?? (isKey(pasted) ? pasted.trim() : null)
  const key = whole ?? (known ? `op_${known.prefix}_YOUR_SECRET` : 'op_YOUR_KEY')
  const served = model ?? known?.model ?? facts.models[0] ?? 'llama3.2'
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="grid content-start gap-1.5">
          <Label htmlFor={keyId}>Key</Label>
          <Select
            value={choice}
            onValueChange={(next) => {
              setChosen(next)
              setPasted('')
            }}
            disabled={made !== null}
          >
            <SelectTrigger id={keyId} className="w-full">
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {made && <SelectItem value={made.id}>{made.name}, new</SelectItem>}
              {facts.keys.map(({ id, name, prefix }) => (
                <SelectItem key={id} value={id}>
                  {name} <code className="text-muted-foreground">op_{prefix}…</code>
                </SelectItem>
              ))}
              {facts.mayCreate && <SelectItem value={newKey}>Create a key for this</SelectItem>}
              <SelectItem value={paste}>Another key</SelectItem>
            </SelectContent>
          </Select>
        </div>
        <div className="grid content-start gap-1.5">
          <Label htmlFor={modelId}>Model</Label>
          <Select value={served} onValueChange={setModel}>
            <SelectTrigger id={modelId} className="w-full font-mono">
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {modelsWith(facts, served).map((name) => (
                <SelectItem key={name} value={name} className="font-mono">
                  {name}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        </div>
      </div>
      {made ? (
        <MadeKey made={made} onCopied={onCopied} />
      ) : choice === newKey ? (
        <QuickKey userName={facts.userName} onMade={onMade} />
      ) : (
        <div className="grid gap-1.5">
          <Label htmlFor={pasteId}>Its secret, for the snippets</Label>
          <Input
            id={pasteId}
            type="password"
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
            placeholder={known ? `op_${known.prefix}_…` : 'op_…'}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            aria-describedby={`${pasteId}-note`}
          />
          <p id={`${pasteId}-note`} className="text-muted-foreground text-xs">
            {pasted !== '' && whole === null
              ? 'This is no whole key yet: op_, ten letters, _ and 43 more.'
              : 'Corral cannot read it back. What is pasted here stays in this page.'}
          </p>
        </div>
      )}
      <ClientSnippets target={{ url: facts.url, key, model: served }} {...(made && { onCopied })} />
    </>
  )
}

function MadeKey({ made, onCopied }: { made: ShownKey; onCopied: () => void }) {
  const source = useRef<HTMLElement>(null)
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-lg border bg-muted p-3">
      <code ref={source} className="min-w-0 flex-1 basis-72 break-all text-sm">
        {made.token}
      </code>
      <CopyButton
        text={made.token}
        what="key"
        showLabel
        autoFocus
        source={source}
        variant="default"
        onCopied={onCopied}
      />
    </div>
  )
}

/** A key with what keys have by default; the page of keys has everything else. */
function QuickKey({ userName, onMade }: { userName: string; onMade: (made: ShownKey) => void }) {
  const id = useId()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isActing, startActing] = useTransition()
  const wanted = name.trim() || firstName
  const create = (event: FormEvent) => {
    event.preventDefault()
    startActing(async () => {
      const result = await createKeyAction({ name: wanted })
      if (!result.ok) {
        setProblem(result.error.message)
        return
      }
      onMade(result.shown)
      await client.invalidateQueries({ queryKey: ['connect'], exact: true })
    })
  }
  return (
    <form onSubmit={create} className="grid gap-1.5">
      <Label htmlFor={id}>Name of the new key</Label>
      <div className="flex gap-2">
        <Input
          id={id}
          value={name}
          onChange={(event) => setName(event.target.value)}
          placeholder={firstName}
          autoComplete="off"
          maxLength={120}
        />
        <AsCommand isIcon args={createKeyCommand({ name: wanted, owner: userName })} />
        <Button type="submit" disabled={isActing}>
          Create key
        </Button>
      </div>
      {problem && (
        <p role="alert" className="text-destructive-text text-xs">
          {problem}
        </p>
      )}
    </form>
  )
}

function modelsWith({ models }: ConnectFacts, model: string): string[] {
  return models.includes(model) ? models : [model, ...models]
}

function isKey(text: string): boolean {
  return /^op_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}$/.test(text.trim())
}

'use client'

import { type FormEvent, useId, useRef, useState } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { CopyButton } from '@/components/copy/copy-button'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import type { FirstSteps } from '@/lib/admin/first-steps'
import { createKeyCommand } from '@/lib/ui/key-command'
import { createKeyAction } from '../../keys/actions'
import { Step, type StepState } from './step'

/** `null`: a key that the reader has from elsewhere. */
export type MadeKey = { token: string } | { token: null }

export function KeyStep({
  first,
  state,
  made,
  userName,
  onMade,
  onCopied,
}: {
  first: FirstSteps
  state: StepState
  made: MadeKey | null
  userName: string
  onMade: (key: MadeKey) => void
  onCopied: () => void
}) {
  const [known] = first.keys
  return (
    <Step
      number={2}
      state={state}
      title="Make a key"
      summary={
        state === 'done'
          ? made?.token
            ? 'Copy it now: it is shown this once and stays nowhere in this page.'
            : 'You have one.'
          : 'A key lets a program in, and its calls are counted under it.'
      }
    >
      {state === 'done' && made?.token && <NewKey token={made.token} onCopied={onCopied} />}
      {state === 'current' && (
        <KeyForm taken={first.keys.map(({ name }) => name)} userName={userName} onMade={onMade}>
          {known && (
            <p className="text-muted-foreground text-sm">
              There is <code>{known.name}</code> (<code>op_{known.prefix}…</code>) already. Its
              secret was shown when it was made.{' '}
              <button
                type="button"
                className="rounded-sm text-link"
                onClick={() => onMade({ token: null })}
              >
                Use the one I have
              </button>
            </p>
          )}
        </KeyForm>
      )}
    </Step>
  )
}

function KeyForm({
  taken,
  userName,
  onMade,
  children,
}: {
  taken: readonly string[]
  userName: string
  onMade: (key: MadeKey) => void
  children: React.ReactNode
}) {
  const id = useId()
  const [name, setName] = useState(taken.includes('laptop') ? 'laptop-2' : 'laptop')
  const [problem, setProblem] = useState<string | null>(null)
  const [isMaking, setIsMaking] = useState(false)

  const make = async (event: FormEvent) => {
    event.preventDefault()
    setIsMaking(true)
    setProblem(null)
    const result = await createKeyAction({ name })
    setIsMaking(false)
    if (result.ok) onMade({ token: result.shown.token })
    else setProblem(result.error.message)
  }

  return (
    <form onSubmit={(event) => void make(event)} className="flex flex-col gap-3">
      <div className="grid max-w-72 gap-1.5">
        <Label htmlFor={id}>Name</Label>
        <Input
          id={id}
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="off"
          maxLength={120}
        />
      </div>
      {problem && (
        <p role="alert" className="text-destructive-text text-sm">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" disabled={isMaking}>
          Create key
        </Button>
        <AsCommand args={createKeyCommand({ name: name || 'NAME', owner: userName })} />
      </div>
      {children}
    </form>
  )
}

function NewKey({ token, onCopied }: { token: string; onCopied: () => void }) {
  const source = useRef<HTMLElement>(null)
  return (
    <div className="flex min-w-0 items-center gap-2 rounded-lg border bg-muted py-1.5 pr-1.5 pl-3">
      <code ref={source} className="wrap-anywhere min-w-0 flex-1 text-sm">
        {token}
      </code>
      <CopyButton
        text={token}
        what="key"
        source={source}
        showLabel
        variant="outline"
        autoFocus
        onCopied={onCopied}
      />
    </div>
  )
}

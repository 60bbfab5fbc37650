'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { CopyButton } from '@/components/copy/copy-button'
import { Note } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import {
  DialogBody,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog'
import { ClientSnippets } from '../connect/client-snippets'
import { useConnectFacts } from '../connect/use-connect-facts'
import type { ShownKey } from './actions'

export type UncopiedGuard = {
  /** False once, and then it asks; true when all was copied or the reader insists. */
  mayClose: () => boolean
  isAsking: boolean
  insist: () => void
  stay: () => void
  noteCopied: () => void
  reset: () => void
}

/** A key that nobody copied is lost: leaving without it asks, in the dialog and in the browser. */
export function useUncopiedGuard(shown: number): UncopiedGuard {
  const [isAsking, setIsAsking] = useState(false)
  const isCopied = useRef(false)
  const isInsisting = useRef(false)
  useEffect(() => {
    if (shown === 0) return
    const ask = (event: BeforeUnloadEvent) => {
      if (!isCopied.current) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [shown])
  return {
    isAsking,
    mayClose: () => {
      if (shown === 0 || isCopied.current || isInsisting.current) return true
      setIsAsking(true)
      return false
    },
    insist: () => {
      isInsisting.current = true
    },
    stay: () => setIsAsking(false),
    noteCopied: () => {
      isCopied.current = true
      setIsAsking(false)
    },
    reset: () => {
      isCopied.current = false
      isInsisting.current = false
      setIsAsking(false)
    },
  }
}

/** The one time that a key can be read: whole, Copy focused, ready for each client. */
export function ShownKeys({
  title,
  keys,
  note,
  problem,
  guard,
  onClose,
}: {
  title: string
  keys: readonly ShownKey[]
  note?: string
  /** What went wrong beside them. */
  problem?: ReactNode
  guard: UncopiedGuard
  onClose: () => void
}) {
  const [only] = keys
  const { facts } = useConnectFacts()
  const stay = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (guard.isAsking) stay.current?.focus()
  }, [guard.isAsking])
  if (only === undefined) return null
  return (
    <>
      <DialogHeader>
        <DialogTitle className="truncate" title={title}>
          {title}
        </DialogTitle>
        <DialogDescription>
          {keys.length === 1 ? 'It is' : 'They are'} shown only now: Corral keeps a digest.
          {note && ` ${note}`}
        </DialogDescription>
      </DialogHeader>
      <DialogBody>
        {problem}
        {keys.length === 1 ? (
          <OneKey token={only.token} guard={guard} />
        ) : (
          <ManyKeys keys={keys} guard={guard} />
        )}
        {keys.length === 1 && facts && (
          <ClientSnippets
            target={{ url: facts.url, key: only.token, model: facts.models[0] ?? 'llama3.2' }}
            onCopied={guard.noteCopied}
          />
        )}
      </DialogBody>
      <DialogFooter>
        {guard.isAsking ? (
          <div
            role="alert"
            className="flex w-full flex-wrap items-center gap-2 rounded-lg bg-warning-tint px-3 py-2"
          >
            <p className="min-w-0 flex-1 basis-60 text-sm">
              The key was not copied. Closed, nobody can read it again.
            </p>
            <Button
              variant="outline"
              onClick={() => {
                guard.insist()
                onClose()
              }}
            >
              Close anyway
            </Button>
            <Button ref={stay} onClick={guard.stay}>
              Stay
            </Button>
          </div>
        ) : (
          <Button variant="outline" onClick={onClose}>
            Close
          </Button>
        )}
      </DialogFooter>
    </>
  )
}

function OneKey({ token, guard }: { token: string; guard: UncopiedGuard }) {
  const source = useRef<HTMLElement>(null)
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-lg border bg-muted p-3">
      <code ref={source} className="min-w-0 flex-1 basis-72 break-all text-sm">
        {token}
      </code>
      <CopyButton
        text={token}
        what="key"
        showLabel
        autoFocus
        source={source}
        variant="default"
        onCopied={guard.noteCopied}
      />
    </div>
  )
}

function ManyKeys({ keys, guard }: { keys: readonly ShownKey[]; guard: UncopiedGuard }) {
  const source = useRef<HTMLPreElement>(null)
  const text = keys.map(({ name, token }) => `${name}\t${token}`).join('\n')
  return (
    <div className="flex flex-col gap-3">
      <pre
        ref={source}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        tabIndex={0}
        className="scrollbar-quiet max-h-80 overflow-auto rounded-lg border bg-muted p-3 font-mono text-sm"
      >
        {text}
      </pre>
      <Note>Name and key, a tab between, one key a line.</Note>
      <CopyButton
        text={text}
        what={`${keys.length} keys`}
        showLabel
        autoFocus
        source={source}
        variant="default"
        className="self-start"
        onCopied={guard.noteCopied}
      />
    </div>
  )
}

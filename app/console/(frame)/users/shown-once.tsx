'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { CopyButton } from '@/components/copy/copy-button'
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

export type Once = { title: string; description: ReactNode; text: string; what: string }

/** The one time that a password or a link can be read. Closing uncopied asks; copied closes. */
export function ShownOnce({
  open,
  once,
  onClose,
}: {
  open: boolean
  once: Once | null
  onClose: () => void
}) {
  const [isCopied, setIsCopied] = useState(false)
  const [isAsking, setIsAsking] = useState(false)
  const source = useRef<HTMLElement>(null)
  const stay = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isAsking) stay.current?.focus()
  }, [isAsking])
  useEffect(() => {
    if (once === null || isCopied) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [once, isCopied])

  const close = () => {
    setIsCopied(false)
    setIsAsking(false)
    onClose()
  }
  return (
    <Dialog open={open} onOpenChange={() => (isCopied ? close() : setIsAsking(true))}>
      {once && (
        <DialogContent>
          <DialogHeader>
            <DialogTitle className="break-words">{once.title}</DialogTitle>
            <DialogDescription>{once.description}</DialogDescription>
          </DialogHeader>
          <DialogBody>
            <div className="flex flex-wrap items-center gap-3 rounded-lg border bg-muted p-3">
              <code
                ref={source}
                data-testid="shown-once"
                className="min-w-0 flex-1 basis-60 break-all text-sm"
              >
                {once.text}
              </code>
              <CopyButton
                text={once.text}
                what={once.what}
                showLabel
                autoFocus
                source={source}
                variant="default"
                onCopied={() => {
                  setIsCopied(true)
                  setIsAsking(false)
                }}
              />
            </div>
          </DialogBody>
          <DialogFooter>
            {isAsking ? (
              <div
                role="alert"
                className="flex w-full flex-wrap items-center gap-2 rounded-lg bg-warning-tint px-3 py-2"
              >
                <p className="min-w-0 flex-1 basis-60 text-sm">
                  The {once.what} was not copied. Closed, nobody can read it again.
                </p>
                <Button variant="outline" onClick={close}>
                  Close anyway
                </Button>
                <Button ref={stay} onClick={() => setIsAsking(false)}>
                  Stay
                </Button>
              </div>
            ) : (
              <Button variant="outline" onClick={() => (isCopied ? close() : setIsAsking(true))}>
                Close
              </Button>
            )}
          </DialogFooter>
        </DialogContent>
      )}
    </Dialog>
  )
}

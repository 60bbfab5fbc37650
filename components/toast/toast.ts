'use client'

import type { ExternalToast } from 'sonner'

const undoMs = 8000

/** Told to the document when there is something to show. */
export const toastWanted = 'corral:toast'

/** What happened out of sight: `ci disabled`. With `undo`, 8 s to take it back. */
export function toastDone(words: string, undo?: () => void | Promise<void>): void {
  void show(
    'message',
    words,
    undo && {
      duration: undoMs,
      action: { label: 'Undo', onClick: () => void undo() },
    },
  )
}

/** What did not work: it stays until it is closed. */
export function toastProblem(words: string, detail?: string): void {
  void show('error', words, {
    description: detail,
    duration: Number.POSITIVE_INFINITY,
    closeButton: true,
  })
}

// A toast that comes before its place is there is shown once it is.
async function show(kind: 'message' | 'error', words: string, how?: ExternalToast): Promise<void> {
  document.dispatchEvent(new Event(toastWanted))
  const { toast } = await import('sonner')
  toast[kind](words, how)
}

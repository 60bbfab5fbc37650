'use client'

import { toast } from 'sonner'

const undoMs = 8000

/** What happened out of sight: `ci disabled`. With `undo`, 8 s to take it back. */
export function toastDone(words: string, undo?: () => void | Promise<void>): void {
  if (!undo) {
    toast(words)
    return
  }
  toast(words, { duration: undoMs, action: { label: 'Undo', onClick: () => void undo() } })
}

/** What did not work: it stays until it is closed. */
export function toastProblem(words: string, detail?: string): void {
  toast.error(words, {
    description: detail,
    duration: Number.POSITIVE_INFINITY,
    closeButton: true,
  })
}

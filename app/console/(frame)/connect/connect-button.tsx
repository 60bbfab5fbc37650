'use client'

import { PlugZapIcon } from 'lucide-react'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { Button } from '@/components/ui/button'

const ConnectDialog = lazyDialog(() => import('./connect-dialog').then((m) => m.ConnectDialog))

/** In the top bar of every page. */
export function ConnectButton({
  open,
  onOpenChange,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  return (
    <>
      <Button
        variant="outline"
        className="max-sm:w-control max-sm:px-0"
        onClick={() => onOpenChange(true)}
      >
        <PlugZapIcon />
        <span className="max-sm:sr-only">Connect</span>
      </Button>
      <ConnectDialog open={open} onOpenChange={onOpenChange} />
    </>
  )
}

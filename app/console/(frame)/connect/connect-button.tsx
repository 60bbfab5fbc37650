'use client'

import { PlugZapIcon } from 'lucide-react'
import { useState } from 'react'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { Button } from '@/components/ui/button'

const ConnectDialog = lazyDialog(() => import('./connect-dialog').then((m) => m.ConnectDialog))

/** In the top bar of every page. */
export function ConnectButton() {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button
        variant="outline"
        className="max-sm:w-control max-sm:px-0"
        onClick={() => setIsOpen(true)}
      >
        <PlugZapIcon />
        <span className="max-sm:sr-only">Connect</span>
      </Button>
      <ConnectDialog open={isOpen} onOpenChange={setIsOpen} />
    </>
  )
}

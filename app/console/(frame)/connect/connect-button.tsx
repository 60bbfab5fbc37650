'use client'

import { PlugZapIcon } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'

const ConnectDialog = dynamic(
  () => import('./connect-dialog').then(({ ConnectDialog }) => ConnectDialog),
  { ssr: false, loading: () => <Skeleton className="sr-only" /> },
)

/** In the top bar of every page; the dialog's code comes when it is opened first. */
export function ConnectButton() {
  const [isOpen, setIsOpen] = useState(false)
  const [wasOpen, setWasOpen] = useState(false)
  return (
    <>
      <Button
        variant="outline"
        className="max-sm:w-control max-sm:px-0"
        onClick={() => {
          setWasOpen(true)
          setIsOpen(true)
        }}
      >
        <PlugZapIcon />
        <span className="max-sm:sr-only">Connect</span>
      </Button>
      {wasOpen && <ConnectDialog open={isOpen} onOpenChange={setIsOpen} />}
    </>
  )
}

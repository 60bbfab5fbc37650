'use client'

import { CodeIcon } from 'lucide-react'
import { useState } from 'react'
import { Snippets } from '@/components/snippets/snippets'
import { Button } from '@/components/ui/button'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
  DialogTrigger,
} from '@/components/ui/dialog'
import { type CallBody, renderCodeSamples } from './code-samples'

/** `body` is null while what was typed makes none. */
export function CopyAsCode({ gatewayUrl, body }: { gatewayUrl: string; body: CallBody | null }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Dialog open={isOpen} onOpenChange={setIsOpen}>
      <DialogTrigger asChild>
        <Button
          variant="ghost"
          disabled={body === null}
          title={body === null ? 'The options are not right yet' : undefined}
        >
          <CodeIcon />
          Copy as code
        </Button>
      </DialogTrigger>
      <DialogContent className="sm:max-w-2xl">
        <DialogHeader>
          <DialogTitle>Copy as code</DialogTitle>
          <DialogDescription>The conversation and the options as they stand.</DialogDescription>
        </DialogHeader>
        <DialogBody>
          {isOpen && body && (
            <Snippets snippets={renderCodeSamples(gatewayUrl || window.location.origin, body)} />
          )}
        </DialogBody>
      </DialogContent>
    </Dialog>
  )
}

'use client'

import type { OverlayProps } from '@/components/lazy-overlay/lazy-overlay'
import { CodeBlock } from '@/components/snippets/snippets'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { renderCommand } from '@/lib/ui/command-line'

/** What `As command` opens. */
export function CommandPopover({
  lines,
  button,
  open,
  onOpenChange,
}: OverlayProps & { lines: readonly (readonly string[])[] }) {
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger asChild>{button}</PopoverTrigger>
      <PopoverContent align="end" aria-label="As command" className="gap-2 sm:w-[26rem]">
        <p className="text-muted-foreground text-xs">
          The same act on the command line of the server that runs Corral
        </p>
        <CodeBlock code={lines.map(renderCommand).join('\n')} what="command" />
      </PopoverContent>
    </Popover>
  )
}

'use client'

import { TerminalIcon } from 'lucide-react'
import { CodeBlock } from '@/components/snippets/snippets'
import { Button } from '@/components/ui/button'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { renderCommand } from '@/lib/ui/command-line'

/** The same act as a `corral` line, copied whole. `args` are quoted here. */
export function AsCommand({ args, isIcon = false }: { args: readonly string[]; isIcon?: boolean }) {
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button
          variant="ghost"
          size={isIcon ? 'icon-sm' : 'default'}
          className="text-muted-foreground"
          aria-label={isIcon ? 'As command' : undefined}
          title={isIcon ? 'As command' : undefined}
        >
          <TerminalIcon />
          {!isIcon && 'As command'}
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="As command" className="gap-2 sm:w-[26rem]">
        <p className="text-muted-foreground text-xs">
          The same act on the command line of the server that runs Corral
        </p>
        <CodeBlock code={renderCommand(args)} what="command" />
      </PopoverContent>
    </Popover>
  )
}

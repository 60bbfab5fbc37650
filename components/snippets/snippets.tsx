'use client'

import { type ReactNode, useRef, useState, useSyncExternalStore } from 'react'
import { CopyButton } from '@/components/copy/copy-button'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import { cn } from '@/lib/ui/cn'

export type Snippet = { id: string; label: string; code: string; note?: ReactNode }

const name = 'corral.snippet'

/** Code for a choice of clients; the tab is remembered, and what is copied is what is shown. */
export function Snippets({
  snippets,
  onCopied,
  className,
}: {
  snippets: readonly Snippet[]
  onCopied?: () => void
  className?: string
}) {
  const remembered = useRemembered()
  const [picked, setPicked] = useState<string | null>(null)
  const first = snippets[0]?.id ?? ''
  const wanted = picked ?? remembered
  const current = snippets.some(({ id }) => id === wanted) ? (wanted ?? first) : first
  const pick = (id: string) => {
    setPicked(id)
    try {
      localStorage.setItem(name, id)
    } catch {
      // A browser that keeps nothing shows the first tab again.
    }
  }
  return (
    <Tabs value={current} onValueChange={pick} className={cn('gap-3', className)}>
      <TabsList aria-label="Client">
        {snippets.map(({ id, label }) => (
          <TabsTrigger key={id} value={id}>
            {label}
          </TabsTrigger>
        ))}
      </TabsList>
      {snippets.map(({ id, label, code, note }) => (
        <TabsContent key={id} value={id} className="flex flex-col gap-2">
          <CodeBlock code={code} what={`${label} snippet`} onCopied={onCopied} />
          {note && <div className="text-muted-foreground text-sm">{note}</div>}
        </TabsContent>
      ))}
    </Tabs>
  )
}

/** Code as it is, with its copy button. */
export function CodeBlock({
  code,
  what = 'code',
  onCopied,
  className,
}: {
  code: string
  what?: string
  onCopied?: () => void
  className?: string
}) {
  const source = useRef<HTMLElement>(null)
  return (
    <div className={cn('group/code relative rounded-lg border bg-muted', className)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre className="scrollbar-quiet max-h-96 overflow-auto p-3 pr-12 text-sm" tabIndex={0}>
        <code ref={source}>{code}</code>
      </pre>
      <CopyButton
        text={code}
        what={what}
        source={source}
        onCopied={onCopied}
        size="icon"
        className="absolute top-1 right-1 bg-muted text-muted-foreground"
      />
    </div>
  )
}

function useRemembered(): string | null {
  return useSyncExternalStore(
    () => () => {},
    () => {
      try {
        return localStorage.getItem(name)
      } catch {
        return null
      }
    },
    () => null,
  )
}

'use client'

import { useEffect, useRef, useState } from 'react'
import { CopyButton } from '@/components/copy/copy-button'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import { listSnippets, type SnippetTarget } from '@/lib/ui/snippets'

const remembered = 'corral.snippet'

/** A snippet for each client: a list at the side, on a phone a choice above. It is remembered. */
export function ClientSnippets({
  target,
  onCopied,
}: {
  target: SnippetTarget
  onCopied?: () => void
}) {
  const snippets = listSnippets(target)
  const [picked, setPicked] = useState('curl')
  useEffect(() => {
    const before = readRemembered()
    if (before !== null) setPicked(before)
  }, [])
  const pick = (id: string) => {
    setPicked(id)
    try {
      localStorage.setItem(remembered, id)
    } catch {
      // A browser that keeps nothing shows the first again.
    }
  }
  const current = snippets.some(({ id }) => id === picked) ? picked : 'curl'
  return (
    <Tabs
      value={current}
      onValueChange={pick}
      orientation="vertical"
      className="flex-col gap-3 sm:flex-row sm:gap-4"
    >
      <div className="sm:hidden">
        <Select value={current} onValueChange={pick}>
          <SelectTrigger aria-label="Client" className="w-full">
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            {snippets.map(({ id, label }) => (
              <SelectItem key={id} value={id}>
                {label}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      </div>
      <TabsList
        aria-label="Client"
        className="mb-0 hidden w-36 shrink-0 flex-col items-stretch gap-px overflow-visible border-b-0 sm:flex"
      >
        {snippets.map(({ id, label }) => (
          <TabsTrigger
            key={id}
            value={id}
            className="h-7 justify-start rounded-md px-2 font-normal after:hidden hover:bg-accent/60 data-[state=active]:bg-accent data-[state=active]:font-medium"
          >
            {label}
          </TabsTrigger>
        ))}
      </TabsList>
      {snippets.map(({ id, label, code, note }) => (
        <TabsContent key={id} value={id} className="flex min-w-0 flex-col gap-2">
          <Code code={code} label={label} onCopied={onCopied} />
          <p className="wrap-anywhere text-muted-foreground text-sm">{note}</p>
        </TabsContent>
      ))}
    </Tabs>
  )
}

function Code({ code, label, onCopied }: { code: string; label: string; onCopied?: () => void }) {
  const source = useRef<HTMLElement>(null)
  return (
    <div className="relative rounded-lg border bg-muted">
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        tabIndex={0}
        className="scrollbar-quiet max-h-96 overflow-auto p-3 pr-12 text-sm sm:min-h-52"
      >
        <code ref={source}>{code}</code>
      </pre>
      <CopyButton
        text={code}
        what={`${label} snippet`}
        source={source}
        size="icon"
        onCopied={onCopied}
        className="absolute top-1 right-1 bg-muted text-muted-foreground"
      />
    </div>
  )
}

function readRemembered(): string | null {
  try {
    return localStorage.getItem(remembered)
  } catch {
    return null
  }
}

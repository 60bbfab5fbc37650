'use client'

import { useRef, useState } from 'react'
import { CopyButton } from '@/components/copy/copy-button'
import { Button } from '@/components/ui/button'
import { cn } from '@/lib/ui/cn'

const shortLines = 40

/** JSON, or any text, as text: never markup. Long ones are folded; copied whole. */
export function JsonView({
  value,
  what = 'JSON',
  className,
}: {
  /** An object is written out; a string that is JSON is written out, too; else it stays. */
  value: unknown
  what?: string
  className?: string
}) {
  const source = useRef<HTMLElement>(null)
  const [isWhole, setIsWhole] = useState(false)
  const text = renderText(value)
  const lines = text.split('\n')
  const isLong = lines.length > shortLines
  return (
    <div className={cn('relative rounded-lg border bg-muted', className)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre className="scrollbar-quiet max-h-[32rem] overflow-auto p-3 pr-12 text-sm" tabIndex={0}>
        <code ref={source} className="wrap-anywhere whitespace-pre-wrap">
          {isLong && !isWhole ? lines.slice(0, shortLines).join('\n') : text}
        </code>
      </pre>
      <CopyButton
        text={text}
        what={what}
        source={source}
        size="icon"
        className="absolute top-1 right-1 bg-muted text-muted-foreground"
      />
      {isLong && (
        <Button
          variant="ghost"
          className="m-1 text-muted-foreground"
          onClick={() => setIsWhole(!isWhole)}
        >
          {isWhole ? 'Show less' : `Show all ${lines.length} lines`}
        </Button>
      )}
    </div>
  )
}

function renderText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2) ?? 'none'
  try {
    return JSON.stringify(JSON.parse(value), null, 2)
  } catch {
    return value
  }
}

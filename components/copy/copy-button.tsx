'use client'

import { CheckIcon, CopyIcon } from 'lucide-react'
import { type ComponentProps, type RefObject, useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { copyText, selectText } from './copy-text'

const shownMs = 1500

type Outcome = 'copied' | 'press' | null

/**
 * Copies `text`; the icon becomes a tick only once it worked, and it is announced. `what` names it
 * for those who do not see the place: `Copy key`. With `showLabel` the words stand on the button.
 */
export function CopyButton({
  text,
  what,
  showLabel = false,
  source,
  onCopied,
  variant = 'ghost',
  size,
  ...props
}: Omit<ComponentProps<typeof Button>, 'children' | 'onClick'> & {
  text: string
  what: string
  showLabel?: boolean
  /** Where the text stands: it is selected when nothing else works. */
  source?: RefObject<Element | null>
  onCopied?: () => void
}) {
  const [outcome, setOutcome] = useState<Outcome>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (outcome === null) return
    const timer = setTimeout(() => setOutcome(null), outcome === 'copied' ? shownMs : 6000)
    return () => clearTimeout(timer)
  }, [outcome])

  const copy = async () => {
    const isCopied = await copyText(text, button.current)
    setOutcome(isCopied ? 'copied' : 'press')
    if (isCopied) onCopied?.()
    else if (source?.current) selectText(source.current)
  }

  const words =
    outcome === 'copied' ? 'Copied' : outcome === 'press' ? 'Press Ctrl C' : `Copy ${what}`
  const isWide = showLabel || outcome === 'press'
  return (
    <Button
      ref={button}
      variant={variant}
      size={size ?? (isWide ? 'default' : 'icon-sm')}
      aria-label={isWide ? undefined : words}
      title={isWide ? undefined : words}
      onClick={() => void copy()}
      {...props}
    >
      {outcome === 'copied' ? <CheckIcon className="text-success-text" /> : <CopyIcon />}
      {isWide && words}
      <span role="status" className="sr-only">
        {outcome === null || isWide ? '' : words}
      </span>
    </Button>
  )
}

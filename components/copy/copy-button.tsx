'use client'

import { CheckIcon, CopyIcon } from 'lucide-react'
import {
  type ComponentProps,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
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
  /** Where the text stands, whole: it is selected when nothing else works. Else a field shows it. */
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
    else if (isWholeIn(source?.current, text)) selectText(source.current)
  }

  const words =
    outcome === 'copied' ? 'Copied' : outcome === 'press' ? 'Press Ctrl C' : `Copy ${what}`
  const isWide = showLabel || outcome === 'press'
  const needsField = outcome === 'press' && !isWholeIn(source?.current, text)
  return (
    <>
      {needsField && <FieldToCopy text={text} leave={() => button.current?.focus()} />}
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
      </Button>
      {/* Beside the button: inside, a wide one would be called `Copied Copied`. */}
      <span role="status" className="sr-only">
        {outcome === null ? '' : words}
      </span>
    </>
  )
}

/** The whole text, chosen, where it stands nowhere whole: cut, or told otherwise in its cell. */
function FieldToCopy({ text, leave }: { text: string; leave: () => void }) {
  const field = useRef<HTMLInputElement>(null)
  const latest = useRef(leave)
  latest.current = leave
  useLayoutEffect(() => {
    const own = field.current
    own?.focus()
    own?.select()
    return () => {
      if (document.activeElement === own) latest.current()
    }
  }, [])
  return (
    <input
      ref={field}
      readOnly
      value={text}
      aria-label="To copy"
      className="h-control-sm w-40 rounded-sm border border-input bg-card px-1.5 font-mono text-foreground text-xs"
    />
  )
}

function isWholeIn(element: Element | null | undefined, text: string): element is Element {
  return element?.textContent === text
}

'use client'

import { ChevronDownIcon } from 'lucide-react'
import type { Select as SelectPrimitive } from 'radix-ui'
import {
  Children,
  type ComponentProps,
  createContext,
  isValidElement,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useState,
} from 'react'
import { cn } from '@/lib/ui/cn'
import { fieldClasses } from './input'

type Parts = typeof import('./opened-select')
type State = {
  /** Null until it is pressed first: the list and what places it come then. */
  parts: Parts | null
  /** What the chosen item says. */
  label: ReactNode
  isDisabled: boolean
  open: () => Promise<void>
}

const State = createContext<State>({
  parts: null,
  label: undefined,
  isDisabled: false,
  open: async () => {},
})
const load = () => import('./opened-select')

/** One of a list. Its items stand in it as they are: from them it knows what to show while closed. */
export function Select({
  value,
  onValueChange,
  disabled = false,
  children,
}: {
  value: string
  onValueChange: (value: string) => void
  disabled?: boolean
  children: ReactNode
}) {
  const [parts, setParts] = useState<Parts | null>(null)
  const [isOpen, setIsOpen] = useState(false)
  const open = async () => {
    setParts(await load())
    setIsOpen(true)
  }
  return (
    <State value={{ parts, label: findLabel(children, value), isDisabled: disabled, open }}>
      {parts ? (
        <parts.Root
          value={value}
          onValueChange={onValueChange}
          disabled={disabled}
          open={isOpen}
          onOpenChange={setIsOpen}
        >
          {children}
        </parts.Root>
      ) : (
        children
      )}
    </State>
  )
}

export function SelectTrigger({ className, children, ...props }: ComponentProps<'button'>) {
  const { parts, label, isDisabled, open } = useContext(State)
  const shared = {
    'data-slot': 'select-trigger',
    className: cn(
      fieldClasses,
      'flex h-control w-full min-w-0 items-center justify-between gap-2 px-2.5 data-[placeholder]:text-faint [&>span]:truncate',
      className,
    ),
    ...props,
  }
  if (parts) return <parts.Trigger {...shared}>{children}</parts.Trigger>
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    if (!/^(Arrow(Up|Down)|[^ ])$/.test(event.key)) return
    event.preventDefault()
    void open()
  }
  return (
    <button
      type="button"
      role="combobox"
      aria-expanded={false}
      aria-autocomplete="none"
      data-state="closed"
      data-placeholder={label === undefined ? '' : undefined}
      disabled={isDisabled}
      onPointerEnter={load}
      onFocus={load}
      onClick={() => void open()}
      onKeyDown={onKeyDown}
      {...shared}
    >
      {children}
      <ChevronDownIcon aria-hidden className="size-4 shrink-0 text-muted-foreground" />
    </button>
  )
}

export function SelectValue({
  placeholder,
  children,
}: {
  placeholder?: ReactNode
  /** In place of what the item says. */
  children?: ReactNode
}) {
  const { parts, label } = useContext(State)
  const shown = children ?? label
  if (parts) return <parts.Value placeholder={placeholder}>{shown}</parts.Value>
  return <span className="pointer-events-none">{shown ?? placeholder}</span>
}

export function SelectContent(props: ComponentProps<typeof SelectPrimitive.Content>) {
  const { parts } = useContext(State)
  return parts && <parts.Content {...props} />
}

export function SelectItem(props: ComponentProps<typeof SelectPrimitive.Item>) {
  const { parts } = useContext(State)
  return parts && <parts.Item {...props} />
}

function findLabel(nodes: ReactNode, value: string): ReactNode {
  for (const node of Children.toArray(nodes)) {
    if (!isValidElement<{ value?: string; children?: ReactNode }>(node)) continue
    const { props } = node
    if (node.type === SelectItem && props.value === value) return props.children
    const found = node.type === SelectItem ? undefined : findLabel(props.children, value)
    if (found !== undefined) return found
  }
  return undefined
}

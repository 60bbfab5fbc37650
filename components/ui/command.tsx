'use client'

import { Command as CommandPrimitive } from 'cmdk'
import { SearchIcon } from 'lucide-react'
import type { ComponentProps, KeyboardEvent } from 'react'
import { cn } from '@/lib/ui/cn'
import { Dialog, DialogContent, DialogDescription, DialogTitle } from './dialog'

export function Command({ className, ...props }: ComponentProps<typeof CommandPrimitive>) {
  return (
    <CommandPrimitive
      data-slot="command"
      className={cn('flex size-full min-h-0 flex-col overflow-hidden outline-none', className)}
      {...props}
    />
  )
}

export function CommandDialog({
  title,
  description,
  children,
  className,
  shouldFilter,
  ...props
}: ComponentProps<typeof Dialog> & {
  title: string
  description: string
  className?: string
  shouldFilter?: boolean
}) {
  return (
    <Dialog {...props}>
      <DialogContent
        showClose={false}
        className={cn(
          'sm:top-[14vh] sm:max-h-[min(30rem,72vh)] sm:max-w-xl sm:translate-y-0',
          className,
        )}
      >
        <DialogTitle className="sr-only">{title}</DialogTitle>
        <DialogDescription className="sr-only">{description}</DialogDescription>
        <Command shouldFilter={shouldFilter} label={title}>
          {children}
        </Command>
      </DialogContent>
    </Dialog>
  )
}

/** `children` are controls of their own beside the input. */
export function CommandInput({
  className,
  children,
  ...props
}: ComponentProps<typeof CommandPrimitive.Input>) {
  return (
    <div data-slot="command-input" className="flex h-11 shrink-0 items-center gap-2 border-b px-3">
      <SearchIcon className="size-4 shrink-0 text-muted-foreground" />
      <CommandPrimitive.Input
        className={cn(
          'h-full min-w-0 flex-1 bg-transparent text-base outline-none coarse:text-lg',
          className,
        )}
        {...props}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only listens to the controls in it */}
      <span className="contents" onKeyDown={keepEnter}>
        {children}
      </span>
    </div>
  )
}

/** cmdk would take the Enter of a button inside it for that of the item it has highlighted. */
export function keepEnter(event: KeyboardEvent): void {
  if (event.key === 'Enter') event.stopPropagation()
}

export function CommandList({ className, ...props }: ComponentProps<typeof CommandPrimitive.List>) {
  return (
    <CommandPrimitive.List
      data-slot="command-list"
      className={cn(
        'scrollbar-quiet min-h-0 flex-1 overflow-y-auto overflow-x-hidden p-1 outline-none',
        className,
      )}
      {...props}
    />
  )
}

export function CommandEmpty(props: ComponentProps<typeof CommandPrimitive.Empty>) {
  return (
    <CommandPrimitive.Empty
      className="px-3 py-6 text-center text-muted-foreground text-sm"
      {...props}
    />
  )
}

export function CommandGroup({
  className,
  ...props
}: ComponentProps<typeof CommandPrimitive.Group>) {
  return (
    <CommandPrimitive.Group
      data-slot="command-group"
      className={cn(
        '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-muted-foreground [&_[cmdk-group-heading]]:text-xs',
        className,
      )}
      {...props}
    />
  )
}

export function CommandSeparator({
  className,
  ...props
}: ComponentProps<typeof CommandPrimitive.Separator>) {
  return (
    <CommandPrimitive.Separator className={cn('-mx-1 my-1 h-px bg-border', className)} {...props} />
  )
}

export function CommandItem({ className, ...props }: ComponentProps<typeof CommandPrimitive.Item>) {
  return (
    <CommandPrimitive.Item
      data-slot="command-item"
      className={cn(
        "flex min-h-control cursor-default select-none items-center gap-2 rounded-sm px-2 text-sm outline-none data-[disabled=true]:cursor-not-allowed data-[selected=true]:bg-accent data-[disabled=true]:opacity-50 [&_svg:not([class*='size-'])]:size-4 [&_svg]:shrink-0 [&>svg]:text-muted-foreground",
        className,
      )}
      {...props}
    />
  )
}

export function CommandShortcut({ className, ...props }: ComponentProps<'span'>) {
  return <span className={cn('ml-auto pl-3 text-faint text-xs', className)} {...props} />
}

'use client'

import { CircleAlertIcon, CircleCheckIcon, InfoIcon, TriangleAlertIcon } from 'lucide-react'
import { useTheme } from 'next-themes'
import { Toaster as Sonner, type ToasterProps } from 'sonner'

/** What is shown by components/toast: things that happened out of sight, and Undo. */
export function Toaster(props: ToasterProps) {
  const { theme } = useTheme()
  return (
    <Sonner
      theme={theme === 'light' || theme === 'dark' ? theme : 'system'}
      position="bottom-right"
      gap={8}
      icons={{
        success: <CircleCheckIcon className="size-4 text-success-text" />,
        info: <InfoIcon className="size-4 text-primary-text" />,
        warning: <TriangleAlertIcon className="size-4 text-warning-text" />,
        error: <CircleAlertIcon className="size-4 text-destructive-text" />,
      }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-center gap-2.5 rounded-lg bg-popover px-3.5 py-2.5 text-sm text-popover-foreground shadow-float font-sans sm:w-[356px]',
          content: 'min-w-0 flex-1',
          title: 'break-words font-medium',
          description: 'break-words text-muted-foreground',
          actionButton:
            'h-control-sm shrink-0 rounded-sm px-2 font-medium text-primary-text text-sm hover:bg-accent',
          cancelButton: 'h-control-sm shrink-0 rounded-sm px-2 text-sm hover:bg-accent',
          closeButton:
            'static! order-last shrink-0 transform-none! rounded-sm! border-0! bg-transparent! p-1 text-muted-foreground! hover:bg-accent!',
        },
      }}
      {...props}
    />
  )
}

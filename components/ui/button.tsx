import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'

export const buttonVariants = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium text-sm transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50 [&_svg:not([class*='size-'])]:size-4 [&_svg]:pointer-events-none [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        default: 'bg-primary text-primary-foreground not-disabled:hover:bg-primary/90',
        destructive:
          'bg-destructive text-destructive-foreground not-disabled:hover:bg-destructive/90',
        outline:
          'border border-border bg-card text-foreground not-disabled:hover:bg-accent/60 data-[state=open]:bg-accent/60 dark:bg-muted dark:not-disabled:hover:bg-accent dark:data-[state=open]:bg-accent',
        secondary: 'bg-muted text-foreground not-disabled:hover:bg-accent',
        ghost: 'text-foreground not-disabled:hover:bg-accent data-[state=open]:bg-accent',
        link: 'h-auto px-0 text-link',
      },
      size: {
        default: 'h-control px-3',
        sm: 'h-control-sm gap-1 rounded-sm px-2 text-xs',
        icon: 'size-control',
        'icon-sm': 'size-control-sm rounded-sm',
      },
    },
    compoundVariants: [{ variant: 'link', class: 'h-auto px-0' }],
    defaultVariants: { variant: 'default', size: 'default' },
  },
)

export type ButtonProps = ComponentProps<'button'> &
  VariantProps<typeof buttonVariants> & { asChild?: boolean }

export function Button({ className, variant, size, asChild, type, ...props }: ButtonProps) {
  const Root = asChild ? Slot.Root : 'button'
  return (
    <Root
      data-slot="button"
      type={asChild ? type : (type ?? 'button')}
      className={cn(buttonVariants({ variant, size }), className)}
      {...props}
    />
  )
}

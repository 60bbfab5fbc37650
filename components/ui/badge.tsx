import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'

export const badgeVariants = cva(
  "inline-flex h-5 w-fit max-w-full shrink-0 items-center gap-1 whitespace-nowrap rounded-sm px-1.5 font-medium text-xs [&_svg:not([class*='size-'])]:size-3 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        default: 'bg-primary-tint text-primary-text',
        secondary: 'bg-muted text-muted-foreground',
        outline: 'border text-muted-foreground',
        success: 'bg-success-tint text-success-text',
        warning: 'bg-warning-tint text-warning-text',
        destructive: 'bg-destructive-tint text-destructive-text',
        quiet: 'px-0 text-muted-foreground',
      },
    },
    defaultVariants: { variant: 'secondary' },
  },
)

export function Badge({
  className,
  variant,
  asChild,
  ...props
}: ComponentProps<'span'> & VariantProps<typeof badgeVariants> & { asChild?: boolean }) {
  const Root = asChild ? Slot.Root : 'span'
  return <Root data-slot="badge" className={cn(badgeVariants({ variant }), className)} {...props} />
}

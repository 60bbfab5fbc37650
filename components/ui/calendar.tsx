'use client'

import { ChevronLeftIcon, ChevronRightIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { DayPicker } from 'react-day-picker'
import { cn } from '@/lib/ui/cn'
import { buttonVariants } from './button'

const arrow = cn(buttonVariants({ variant: 'ghost', size: 'icon' }), 'text-muted-foreground')

export function Calendar({ className, classNames, ...props }: ComponentProps<typeof DayPicker>) {
  return (
    <DayPicker
      weekStartsOn={1}
      className={className}
      classNames={{
        root: 'w-fit',
        months: 'relative flex flex-wrap gap-4',
        month: 'flex flex-col gap-2',
        nav: 'absolute inset-x-0 top-0 z-10 flex justify-between',
        button_previous: arrow,
        button_next: arrow,
        month_caption: 'flex h-control items-center justify-center font-medium text-sm',
        month_grid: 'border-collapse',
        weekday: 'size-control font-normal text-muted-foreground text-xs',
        day: 'size-control p-0 text-center text-sm data-[outside=true]:text-faint',
        day_button:
          'size-control rounded-md outline-offset-0 not-disabled:hover:bg-accent disabled:cursor-not-allowed',
        today: 'font-semibold text-primary-text',
        disabled: 'opacity-50',
        selected: 'bg-primary-tint',
        range_start:
          'rounded-l-md [&>button]:bg-primary [&>button]:text-primary-foreground [&>button]:hover:bg-primary',
        range_end:
          'rounded-r-md [&>button]:bg-primary [&>button]:text-primary-foreground [&>button]:hover:bg-primary',
        hidden: 'invisible',
        ...classNames,
      }}
      components={{ Chevron }}
      {...props}
    />
  )
}

function Chevron({ orientation }: { orientation?: 'left' | 'right' | 'up' | 'down' }) {
  return orientation === 'left' ? <ChevronLeftIcon /> : <ChevronRightIcon />
}

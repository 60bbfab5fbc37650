import type { ComponentProps } from 'react'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'

/** A labelled field of a form, with a hint that belongs to it. */
export function Field({
  label,
  hint,
  id,
  ...input
}: ComponentProps<'input'> & { id: string; label: string; hint?: string }) {
  return (
    <div className="grid gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      <Input
        id={id}
        readOnly={false}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...input}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-muted-foreground text-xs">
          {hint}
        </p>
      )}
    </div>
  )
}

/** What went wrong, in words; read out when it appears. */
export function Problem({ children }: { children: string | null }) {
  return (
    <div role="alert">
      {children && (
        <p className="rounded-md bg-destructive-tint px-3 py-2 text-destructive-text text-sm">
          {children}
        </p>
      )}
    </div>
  )
}

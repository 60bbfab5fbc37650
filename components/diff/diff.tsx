import { renderDiff } from '@/lib/ui/diff'

/** Before and after, field by field; secrets only say that they changed. */
export function Diff({
  before,
  after,
}: {
  before: Readonly<Record<string, unknown>> | null
  after: Readonly<Record<string, unknown>> | null
}) {
  const lines = renderDiff(before, after)
  if (lines.length === 0) return <p className="text-muted-foreground text-sm">No field changed.</p>
  return (
    <dl className="divide-y overflow-hidden rounded-lg border text-sm">
      {lines.map(({ field, was, is }) => (
        <div key={field} className="grid gap-x-4 gap-y-1 px-3 py-2 sm:grid-cols-[10rem_1fr]">
          <dt className="break-words text-muted-foreground">{field}</dt>
          <dd className="min-w-0 space-y-0.5 font-mono">
            {was !== null && <DiffLine mark="-" text={was} className="bg-destructive-tint" />}
            {is !== null && <DiffLine mark="+" text={is} className="bg-success-tint" />}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function DiffLine({ mark, text, className }: { mark: '-' | '+'; text: string; className: string }) {
  return (
    <p className={`flex gap-2 whitespace-pre-wrap rounded-sm px-1.5 ${className}`}>
      <span aria-hidden="true" className="select-none">
        {mark}
      </span>
      <span className="sr-only">{mark === '-' ? 'Before' : 'After'}</span>
      <span className="wrap-anywhere min-w-0">{text}</span>
    </p>
  )
}

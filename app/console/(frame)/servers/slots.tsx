/** Slots in use, as a bar and in numbers. */
export function Slots({ inFlight, maxParallel }: { inFlight: number; maxParallel: number }) {
  const share = Math.min(1, inFlight / Math.max(1, maxParallel))
  return (
    <span className="inline-flex items-center gap-2">
      <span
        aria-hidden="true"
        className="inline-block h-1.5 w-12 overflow-hidden rounded-full bg-accent"
      >
        <span
          className={share >= 1 ? 'block h-full bg-warning' : 'block h-full bg-chart-1'}
          style={{ width: `${share * 100}%` }}
        />
      </span>
      <span>
        {inFlight} of {maxParallel}
      </span>
    </span>
  )
}

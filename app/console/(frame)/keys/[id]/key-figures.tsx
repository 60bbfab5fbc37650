'use client'

import { useRange } from '@/components/range-picker/range-picker'
import type { KeyUsage } from '@/lib/admin/key-page'
import { renderRange } from '@/lib/ui/range'
import { TopCard, TrafficCard } from '../../usage/usage-figures'
import { UsageTiles } from '../../usage/usage-tiles'

/** What a key did in the range; each figure leads to its requests. */
export function KeyFigures({
  usage,
  keyId,
  isBusy,
}: {
  usage: KeyUsage
  keyId: string
  isBusy: boolean
}) {
  const [range] = useRange()
  const href = `/console/requests?key=${keyId}&range=${renderRange(range)}`
  return (
    <>
      <UsageTiles total={usage.total} series={usage.series} href={href} />
      <div className="grid gap-4 xl:grid-cols-[2fr_1fr]">
        <TrafficCard usage={usage} isBusy={isBusy} />
        <TopCard
          title="Models"
          empty="No model in this range"
          mono
          rows={usage.models}
          hrefOf={(id) => `${href}&model=${encodeURIComponent(id)}`}
        />
      </div>
    </>
  )
}

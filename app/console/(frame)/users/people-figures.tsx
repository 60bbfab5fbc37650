'use client'

import { RangePicker, useRange } from '@/components/range-picker/range-picker'
import { Section } from '@/components/shell/page'
import type { PeopleUsage } from '@/lib/admin/user-page'
import { renderRange } from '@/lib/ui/range'
import { TopCard, TrafficCard } from '../usage/usage-figures'
import { UsageTiles } from '../usage/usage-tiles'

// As many as are as high as the chart beside them.
const modelsShown = 6

/** What these people did in the range; each figure leads to their requests. */
export function PeopleFigures({
  usage,
  userIds,
  description,
  showsPeople = false,
}: {
  usage: PeopleUsage
  userIds: readonly string[]
  description?: string
  showsPeople?: boolean
}) {
  const [range] = useRange()
  const at = `range=${renderRange(range)}`
  const href = `/console/requests?user=${userIds.join(',')}&${at}`
  return (
    <Section
      title="Usage"
      description={description}
      actions={
        <span data-print="hide">
          <RangePicker />
        </span>
      }
    >
      <UsageTiles total={usage.total} series={usage.series} href={href} />
      <div
        className={showsPeople ? 'grid gap-3 lg:grid-cols-2' : 'grid gap-3 xl:grid-cols-[2fr_1fr]'}
      >
        <TrafficCard usage={usage} className={showsPeople ? 'lg:col-span-2' : undefined} />
        {showsPeople && (
          <TopCard
            title="People"
            empty="Nobody asked in this range"
            rows={usage.people}
            hrefOf={(id) => `/console/users/${id}?${at}`}
          />
        )}
        <TopCard
          title="Models"
          empty="No model in this range"
          mono
          rows={usage.models.slice(0, modelsShown)}
          hrefOf={(id) => `${href}&model=${encodeURIComponent(id)}`}
        />
      </div>
    </Section>
  )
}

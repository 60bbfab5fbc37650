'use client'

import { useQueryState } from 'nuqs'
import { BarList } from '@/components/charts/bar-list'
import { Card, CardContent, CardTitle } from '@/components/ui/card'
import type { TopRow } from '@/lib/admin/overview'
import { formatCount, formatExact, formatShare } from '@/lib/ui/format'
import { type Range, renderRange } from '@/lib/ui/range'
import { requestsHref } from '@/lib/ui/request-links'
import type { OverviewFigures } from '../../data/overview/read-overview'
import { ChartChoice } from './chart-choice'
import { topParam } from './search-params'

const rowsMax = 6
const faces = [
  { id: 'models', label: 'Models', field: 'model' },
  { id: 'keys', label: 'Keys', field: 'key' },
  { id: 'users', label: 'Users', field: 'user' },
] as const

/** Who and what asked most; each leads to its requests. */
export function TopCard({ figures, range }: { figures: OverviewFigures; range: Range }) {
  const [wanted, setFace] = useQueryState('top', topParam)
  const offered = figures.scope === 'own' ? faces.slice(0, 2) : faces
  const face = offered.find(({ id }) => id === wanted) ?? faces[0]
  const rows = figures.top[face.id].slice(0, rowsMax)
  const all = figures.tiles.requests.value
  return (
    <Card aria-labelledby="overview-top" className="min-h-[310px]">
      <div className="flex min-h-11 items-center gap-3 pt-2 pr-2 pl-4">
        <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
          <CardTitle id="overview-top">Top {face.label.toLowerCase()}</CardTitle>
          <span className="text-muted-foreground text-xs">by requests</span>
        </span>
        <ChartChoice
          label="Top"
          value={face.id}
          faces={offered}
          onChoose={(id) => void setFace(id)}
        />
      </div>
      <CardContent className="flex flex-1 flex-col pt-1 pb-3">
        {rows.length === 0 ? (
          <p className="m-auto text-muted-foreground text-sm">No requests in this range</p>
        ) : (
          <BarList
            mono={face.id === 'models'}
            items={rows.map((row) => ({
              id: row.id,
              label: row.label,
              title: describeRow(row),
              value: row.requests,
              text: formatCount(row.requests),
              detail: formatShare(row.requests, all),
              href: requestsHref(renderRange(range), { field: face.field, value: row.id }),
            }))}
          />
        )}
      </CardContent>
    </Card>
  )
}

function describeRow({ label, requests, failed, promptTokens, completionTokens }: TopRow): string {
  return [
    label,
    `${formatExact(requests)} requests, ${formatExact(failed)} failed`,
    `${formatExact(promptTokens)} tokens in, ${formatExact(completionTokens)} out`,
  ].join('\n')
}

'use client'

import { useState } from 'react'
import { Link } from '@/components/link/link'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { Button } from '@/components/ui/button'
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import type { ServerPage } from '@/lib/admin/servers'
import { formatBytes, formatNumberOf } from '@/lib/ui/format'

const shownAtFirst = 12

/** What is on its disk, what is in memory first. */
export function ServerModels({ data, nowMs }: { data: ServerPage; nowMs: number }) {
  const [showsAll, setShowsAll] = useState(false)
  const { models, modelsAtMs } = data
  const shown = showsAll ? models : models.slice(0, shownAtFirst)
  const whole = models.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)
  return (
    <Card>
      <CardHeader>
        <CardTitle>
          Models{' '}
          <span className="font-normal text-muted-foreground text-sm">
            {models.length > 0 &&
              `${formatNumberOf(models.length, 'model')}${whole > 0 ? `, ${formatBytes(whole)} on disk` : ''}`}
          </span>
        </CardTitle>
      </CardHeader>
      <CardContent className="flex flex-col items-start gap-2">
        {models.length === 0 && (
          <p className="text-muted-foreground text-sm">
            {modelsAtMs === null
              ? 'Its list of models was not read yet.'
              : 'No model is on its disk.'}{' '}
            <RelativeTime ms={modelsAtMs} nowMs={nowMs} absent="" />
          </p>
        )}
        <ul className="w-full divide-y text-sm">
          {shown.map(({ name, sizeBytes, loaded }) => (
            <li key={name} className="flex min-h-row items-center gap-3">
              <span
                aria-hidden="true"
                title={loaded ? 'Loaded' : 'On disk'}
                className="text-[0.5rem] text-muted-foreground"
              >
                {loaded ? '●' : '○'}
              </span>
              <Link
                href={`/console/models/${encodeURIComponent(name)}`}
                title={name}
                className="min-w-0 flex-1 truncate font-mono hover:underline"
              >
                {name}
              </Link>
              {loaded && <span className="text-muted-foreground text-xs">loaded</span>}
              <span className="w-16 text-right">{formatBytes(sizeBytes)}</span>
            </li>
          ))}
        </ul>
        {models.length > shown.length && (
          <Button variant="ghost" className="-ml-3" onClick={() => setShowsAll(true)}>
            Show {formatNumberOf(models.length - shown.length, 'more model')}
          </Button>
        )}
      </CardContent>
    </Card>
  )
}

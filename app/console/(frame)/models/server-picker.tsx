'use client'

import { useId } from 'react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Label } from '@/components/ui/label'
import type { MatrixRow, MatrixServer } from '@/lib/admin/model-matrix'
import { formatBytes } from '@/lib/ui/format'

/** On which servers: each with how it is, and what it has of the model. */
export function ServerPicker({
  servers,
  row,
  chosen,
  onChange,
  none,
}: {
  servers: readonly MatrixServer[]
  row: MatrixRow | null
  chosen: readonly string[]
  onChange: (ids: readonly string[]) => void
  /** Said where there is no server to choose. */
  none: string
}) {
  const id = useId()
  const isAll = servers.length > 0 && servers.every((server) => chosen.includes(server.id))
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <div className="flex min-h-6 items-center justify-between">
        <legend className="float-left font-medium text-sm">Servers</legend>
        {servers.length > 1 && (
          <Button
            variant="ghost"
            size="sm"
            className="text-muted-foreground"
            onClick={() => onChange(isAll ? [] : servers.map((server) => server.id))}
          >
            {isAll ? 'None' : 'All'}
          </Button>
        )}
      </div>
      {servers.length === 0 ? (
        <p className="text-muted-foreground text-sm">{none}</p>
      ) : (
        <ul className="scrollbar-quiet max-h-56 divide-y overflow-y-auto rounded-lg border">
          {servers.map((server) => (
            <li key={server.id} className="flex h-row items-center gap-2.5 px-3 coarse:h-11">
              <Checkbox
                id={`${id}-${server.id}`}
                checked={chosen.includes(server.id)}
                onCheckedChange={(checked) =>
                  onChange(
                    checked === true
                      ? [...chosen, server.id]
                      : chosen.filter((other) => other !== server.id),
                  )
                }
              />
              <Label
                htmlFor={`${id}-${server.id}`}
                className="flex min-w-0 flex-1 items-baseline justify-between gap-3 font-normal"
              >
                <span className="truncate font-mono">{server.name}</span>
                <span className="shrink-0 text-muted-foreground text-xs">
                  {describeServer(server, row)}
                </span>
              </Label>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  )
}

function describeServer({ id, health }: MatrixServer, row: MatrixRow | null): string {
  const cell = row?.cells.find((one) => one?.serverId === id)
  const has = cell?.copy
    ? cell.loaded
      ? 'loaded'
      : `on disk, ${formatBytes(cell.copy.sizeBytes)}`
    : null
  const trouble = health === 'healthy' ? null : healthWords[health]
  return [trouble, has].filter(Boolean).join(', ')
}

const healthWords = {
  unknown: 'not checked yet',
  healthy: '',
  degraded: 'degraded',
  unhealthy: 'down',
  draining: 'draining',
  disabled: 'disabled',
}

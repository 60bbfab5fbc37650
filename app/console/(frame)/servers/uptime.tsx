'use client'

import { UptimeStrip } from '@/components/charts/uptime-strip'
import { useZone } from '@/components/shell/zone'
import type { Server } from '@/lib/admin/servers'
import { formatDuration, formatPercent } from '@/lib/ui/format'
import { formatClock } from '@/lib/ui/format-time'

const words = {
  up: 'healthy',
  degraded: 'degraded',
  down: 'down',
  off: 'draining or disabled',
  unknown: 'nobody looked',
}

/** The last 24 hours in half hours. */
export function ServerUptime({
  uptime,
  className,
}: {
  uptime: Server['uptime']
  className?: string
}) {
  const zone = useZone()
  return (
    <UptimeStrip
      className={className}
      label={uptimeWords(uptime)}
      parts={uptime.parts.map(({ fromMs, toMs, state, downMs }) => {
        const when = `${formatClock(fromMs, zone)}–${formatClock(toMs, zone)}`
        const down = downMs > 0 ? ` for ${formatDuration(downMs)}` : ''
        return { state, title: `${when} ${words[state]}${down}` }
      })}
    />
  )
}

export function uptimeWords({ upShare, downMs }: Server['uptime']): string {
  const down = downMs > 0 ? `, down ${formatDuration(downMs)}` : ''
  return upShare === null
    ? 'Last 24 h: nobody looked'
    : `Last 24 h: up ${formatPercent(upShare)}${down}`
}

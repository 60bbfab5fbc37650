import { formatNumberOf } from '@/lib/ui/format'
import { largestUnit } from '@/lib/ui/format-time'
import type { AdminContext } from './actor'
import { nodeSilentMs } from './fleet-health'
import { serversStrip } from './node-figures'
import { canReadEverything } from './permissions'

/** The one dot with words: the worst first. */
export type HealthInWords = {
  state: 'ok' | 'degraded' | 'down'
  words: string
  /** How many servers that should work do not: what a tab's title starts with. */
  down: number
}

/** Servers are named to those who may see them; a member reads what it means for them. */
export async function healthInWords(context: AdminContext): Promise<HealthInWords> {
  const nowMs = context.clock.nowMs()
  const [nodes, servers] = await Promise.all([
    context.database.listNodeReports({ seenSinceMs: nowMs - nodeSilentMs }),
    serversStrip(context),
  ])
  const gateways = nodes.filter((node) => node.role !== 'console')
  const wanted = servers.filter((one) => one.health !== 'disabled' && one.health !== 'draining')
  const down = wanted.filter((one) => one.health === 'unhealthy')
  const usable = wanted.filter((one) => one.health === 'healthy' || one.health === 'degraded')
  const mayName = canReadEverything(context.actor)
  if (gateways.length === 0) {
    return { state: 'down', words: 'No gateway has reported in the last 10 s', down: down.length }
  }
  if (servers.length === 0) return { state: 'degraded', words: 'No server yet', down: 0 }
  if (usable.length === 0) {
    return { state: 'down', words: 'No server can answer', down: down.length }
  }
  const [first] = down
  if (first !== undefined) {
    const since = first.downSinceMs === null ? '' : ` ${largestUnit(nowMs - first.downSinceMs)}`
    const more = down.length > 1 ? `, ${down.length - 1} more` : ''
    const words = mayName ? `${first.name} down${since}${more}` : 'Some servers are down'
    return { state: 'degraded', words, down: down.length }
  }
  const weak = wanted.filter((one) => one.health !== 'healthy' || one.circuit !== 'closed')
  if (weak.length > 0) {
    const names = weak.slice(0, 2).map((one) => one.name)
    const more = weak.length > 2 ? ` and ${weak.length - 2} more` : ''
    const words = mayName ? `${names.join(', ')}${more} not well` : 'Some servers are slow'
    return { state: 'degraded', words, down: 0 }
  }
  const words = mayName ? `${formatNumberOf(wanted.length, 'server')} well` : 'All well'
  return { state: 'ok', words, down: 0 }
}

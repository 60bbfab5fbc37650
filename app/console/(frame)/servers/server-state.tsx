import { StatusBadge, type Tone } from '@/components/status-badge/status-badge'
import type { Server } from '@/lib/admin/servers'

type State = Pick<Server, 'health' | 'inFlight' | 'circuit'>

const looks: Record<Server['health'], { tone: Tone; words: string }> = {
  healthy: { tone: 'good', words: 'Healthy' },
  degraded: { tone: 'warn', words: 'Degraded' },
  unhealthy: { tone: 'bad', words: 'Down' },
  draining: { tone: 'draining', words: 'Draining' },
  disabled: { tone: 'off', words: 'Disabled' },
  unknown: { tone: 'unknown', words: 'Unknown' },
}

export function ServerState({ server, quiet = true }: { server: State; quiet?: boolean }) {
  const { tone } = looks[server.health]
  return (
    <StatusBadge tone={isHeldBack(server) ? 'warn' : tone} quiet={quiet && tone === 'good'}>
      {stateWords(server)}
    </StatusBadge>
  )
}

export function stateWords(server: State): string {
  if (isHeldBack(server)) return 'Held back'
  const { words } = looks[server.health]
  return server.health === 'draining' && server.inFlight > 0
    ? `${words}, ${server.inFlight} left`
    : words
}

/** Its checks are answered and its requests fail: the circuit keeps it away from new ones. */
function isHeldBack({ health, circuit }: State): boolean {
  return circuit === 'open' && (health === 'healthy' || health === 'degraded')
}

export function circuitWords(circuit: Server['circuit']): string {
  switch (circuit) {
    case 'closed':
      return 'Closed: requests go there'
    case 'open':
      return 'Open: it failed several times and is left alone for a while'
    case 'half-open':
      return 'Half open: one request tries whether it works again'
  }
}

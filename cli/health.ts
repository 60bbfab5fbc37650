import { Command } from 'commander'
import { fleetHealth } from '@/lib/admin/fleet-health'
import { renderMs, renderTime } from './render'
import type { Run } from './run-command'

export function healthCommand(run: Run): Command {
  return new Command('health')
    .description('gateways and backends now; exit code 1 when no request can be answered')
    .action(
      run(async ({ context, printer }) => {
        const health = await fleetHealth(context)
        printer.show(health, () => {
          printer.line(
            health.problem === null ? health.status : `${health.status}: ${health.problem}`,
          )
          printer.line('')
          printer.table({
            columns: [
              'backend',
              'health',
              'since',
              'version',
              'latency',
              'in flight',
              'loaded',
              'error',
            ],
            rows: health.backends.map((one) => [
              one.name,
              one.circuit === 'closed' ? one.health : `${one.health}, circuit ${one.circuit}`,
              renderTime(one.sinceMs),
              one.version,
              renderMs(one.latencyMs),
              one.inFlight,
              one.loaded.join(', '),
              one.lastError,
            ]),
            empty: 'There are no backends.',
          })
        })
        return health.status === 'unhealthy' ? 1 : 0
      }),
    )
}

import { Command } from 'commander'
import { listInFlight } from '@/lib/admin/node-figures'
import { stopExchange } from '@/lib/admin/stop-exchange'
import { renderMs } from './render'
import type { Run } from './run-command'

export function requestCommands(run: Run): Command {
  const requests = new Command('requests').description('what is in flight right now')
  requests
    .command('list')
    .description('the oldest requests in flight of every gateway')
    .action(
      run(async ({ context, printer }) => {
        const { count, exchanges } = await listInFlight(context)
        printer.show(exchanges, () => {
          printer.table({
            columns: ['id', 'for', 'state', 'user', 'key', 'operation', 'model', 'backend'],
            rows: exchanges.map((one) => [
              one.id,
              renderMs(context.clock.nowMs() - one.startedAtMs),
              one.state,
              one.principal,
              one.keyName,
              one.operation,
              one.model,
              one.backendName,
            ]),
            empty: 'Nothing is in flight.',
          })
          if (count > exchanges.length) printer.line(`${count} are in flight in all.`)
        })
      }),
    )
  requests
    .command('stop <id>')
    .description('end a request; its client reads why')
    .action(
      run(async ({ context, printer }, id: string) => {
        await stopExchange(context, { id })
        printer.show({ id }, () => printer.line(`The request ${id} ends within a second.`))
      }),
    )
  return requests
}

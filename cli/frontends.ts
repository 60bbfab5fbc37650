import { Command, Option } from 'commander'
import { listFrontends, updateFrontend } from '@/lib/admin/frontends'
import type { Frontend } from '@/lib/db/contract'
import type { RateLimit } from '@/lib/schemas/entities'
import { strategies } from '@/lib/schemas/names'
import { collectList, type Given, parseOnOrOff, parseRateLimit } from './parse-options'
import { renderList, renderOnOrOff, renderRateLimit } from './render'
import type { Run } from './run-command'

export function frontendCommands(run: Run): Command {
  const frontends = new Command('frontends').description('the endpoints that clients call')
  frontends
    .command('list')
    .description('every frontend')
    .action(
      run(async ({ context, printer }) => {
        const all = await listFrontends(context)
        printer.show(all, () =>
          printer.table({ columns, rows: all.map(frontendRow), empty: 'There are no frontends.' }),
        )
      }),
    )
  addUpdate(frontends, run)
  return frontends
}

type UpdateOptions = {
  name?: string
  access?: string
  strategy?: string
  unknownModel?: string
  openNetworks?: string[]
  rateLimit?: Given<RateLimit | null>
  anonymousRateLimit?: Given<RateLimit | null>
  capture?: Given<boolean | null>
}

function addUpdate(frontends: Command, run: Run): void {
  frontends
    .command('update [name]')
    .description('change a frontend, without a name the default one; what is not named stays')
    .option('--name <name>', 'a new name')
    .addOption(
      new Option('--access <access>', 'keyed: a key is needed; open: none').choices([
        'keyed',
        'open',
      ]),
    )
    .addOption(new Option('--strategy <strategy>', 'how backends are chosen').choices(strategies))
    .addOption(
      new Option('--unknown-model <what>', 'what a model gets that no backend has').choices([
        '404',
        'any',
      ]),
    )
    .option('--open-networks <list>', 'from where no key is needed when it is open', collectList)
    .option(
      '--rate-limit <limit>',
      'for keys without one, such as 100/60s, or none',
      parseRateLimit,
    )
    .option(
      '--anonymous-rate-limit <limit>',
      'for an address without a key, or none',
      parseRateLimit,
    )
    .option('--capture <state>', 'keep what is asked and answered: on, off, inherit', parseOnOrOff)
    .action(
      run(async ({ context, printer }, name: string | undefined, options: UpdateOptions) => {
        const all = await listFrontends(context)
        const wanted = name ?? all.find((one) => one.isDefault)?.name ?? ''
        const frontend = await updateFrontend(context, wanted, {
          ...options,
          rateLimit: options.rateLimit?.value,
          anonymousRateLimit: options.anonymousRateLimit?.value,
          capture: options.capture?.value,
        })
        printer.show(frontend, () =>
          printer.table({ columns, rows: [frontendRow(frontend)], empty: '' }),
        )
      }),
    )
}

const columns = [
  'name',
  'default',
  'access',
  'open to',
  'strategy',
  'unknown model',
  'limit',
  'anonymous limit',
  'capture',
]

function frontendRow(frontend: Frontend) {
  return [
    frontend.name,
    frontend.isDefault,
    frontend.access,
    frontend.access === 'open' ? renderList(frontend.openNetworks) : null,
    frontend.strategy,
    frontend.unknownModel,
    renderRateLimit(frontend.rateLimit),
    renderRateLimit(frontend.anonymousRateLimit),
    renderOnOrOff(frontend.capture),
  ]
}

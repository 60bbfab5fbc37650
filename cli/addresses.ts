import { Argument, Command } from 'commander'
import { createAddressRule, listAddressRules, removeAddressRule } from '@/lib/admin/address-rules'
import type { Run } from './run-command'

export function addressCommands(run: Run): Command {
  const addresses = new Command('addresses').description('who may call at all, from where')
  addresses
    .command('list')
    .description('every address rule; deny wins')
    .action(
      run(async ({ context, printer }) => {
        const all = await listAddressRules(context)
        printer.show(all, () =>
          printer.table({
            columns: ['effect', 'network', 'note', 'id'],
            rows: all.map((one) => [one.effect, one.network, one.note, one.id]),
            empty: 'There are no address rules: everyone may call.',
          }),
        )
      }),
    )
  addresses
    .command('add')
    .addArgument(new Argument('<effect>', 'what happens').choices(['allow', 'deny']))
    .argument('<network>', 'an address, a network such as 10.0.0.0/8, or *')
    .description('a rule for every caller')
    .option('--note <text>', 'why')
    .action(
      run(
        async (
          { context, printer },
          effect: string,
          network: string,
          options: { note?: string },
        ) => {
          const made = await createAddressRule(context, { effect, network, ...options })
          printer.show(made, () => printer.line(`Now: ${made.effect} ${made.network}.`))
        },
      ),
    )
  addresses
    .command('remove <network>')
    .description('by its network or id')
    .action(
      run(async ({ context, printer }, reference: string) => {
        const gone = await removeAddressRule(context, reference)
        printer.show(gone, () =>
          printer.line(`The rule "${gone.effect} ${gone.network}" was removed.`),
        )
      }),
    )
  return addresses
}

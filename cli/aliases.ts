import { Command } from 'commander'
import { createAlias, listAliases, removeAlias, updateAlias } from '@/lib/admin/aliases'
import type { Run } from './run-command'

export function aliasCommands(run: Run): Command {
  const aliases = new Command('aliases').description('other names for models')
  aliases
    .command('list')
    .description('every alias')
    .action(
      run(async ({ context, printer }) => {
        const all = await listAliases(context)
        printer.show(all, () =>
          printer.table({
            columns: ['alias', 'targets', 'id'],
            rows: all.map((one) => [one.alias, one.targets.join(', then '), one.id]),
            empty: 'There are no aliases.',
          }),
        )
      }),
    )
  aliases
    .command('add <alias> <targets...>')
    .description('a name or glob, and the models that answer for it, tried in order')
    .action(
      run(async ({ context, printer }, alias: string, targets: string[]) => {
        const made = await createAlias(context, { alias, targets })
        printer.show(made, () =>
          printer.line(`"${made.alias}" is now ${made.targets.join(', then ')}.`),
        )
      }),
    )
  aliases
    .command('update <alias> <targets...>')
    .description('other models, or another order in which they are tried')
    .action(
      run(async ({ context, printer }, reference: string, targets: string[]) => {
        const made = await updateAlias(context, reference, { targets })
        printer.show(made, () =>
          printer.line(`"${made.alias}" is now ${made.targets.join(', then ')}.`),
        )
      }),
    )
  aliases
    .command('remove <alias>')
    .description('by its name or id')
    .action(
      run(async ({ context, printer }, reference: string) => {
        const gone = await removeAlias(context, reference)
        printer.show(gone, () => printer.line(`The alias "${gone.alias}" was removed.`))
      }),
    )
  return aliases
}

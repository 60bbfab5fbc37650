import { Command } from 'commander'
import {
  createMemoryRule,
  listMemoryRules,
  removeMemoryRule,
  updateMemoryRule,
} from '@/lib/admin/memory-rules'
import { parseNumber } from './parse-options'
import type { Run } from './run-command'

export function memoryCommands(run: Run): Command {
  const memory = new Command('memory').description('how much memory models need')
  memory
    .command('list')
    .description('every rule, in the order in which they are tried')
    .action(
      run(async ({ context, printer }) => {
        const all = await listMemoryRules(context)
        printer.show(all, () =>
          printer.table({
            columns: ['kind', 'match', 'memory', 'position', 'id'],
            rows: all.map((one) => [one.kind, one.match, `${one.gb} GB`, one.position, one.id]),
            empty: 'There are no memory rules.',
          }),
        )
      }),
    )
  memory
    .command('add')
    .argument('<match>', 'the name of a model, or a regular expression')
    .argument('<gb>', 'the memory that it needs, in GB', parseNumber)
    .description('for one model; with --pattern for every name that a regular expression fits')
    .option('--pattern', 'the match is a regular expression')
    .option('--position <number>', 'patterns are tried from the lowest on (100)', parseNumber)
    .action(
      run(
        async (
          { context, printer },
          match: string,
          gb: number,
          options: { pattern?: true; position?: number },
        ) => {
          const { pattern, position } = options
          const made = await createMemoryRule(context, {
            kind: pattern ? 'pattern' : 'override',
            match,
            gb,
            ...(position !== undefined && { position }),
          })
          printer.show(made, () => printer.line(`"${made.match}" now needs ${made.gb} GB.`))
        },
      ),
    )
  memory
    .command('update <match>')
    .description('by what it matches or its id; what is not named stays')
    .option('--gb <number>', 'the memory that it needs, in GB', parseNumber)
    .option('--position <number>', 'patterns are tried from the lowest on', parseNumber)
    .action(
      run(
        async (
          { context, printer },
          reference: string,
          options: { gb?: number; position?: number },
        ) => {
          const made = await updateMemoryRule(context, reference, options)
          printer.show(made, () =>
            printer.line(`"${made.match}" needs ${made.gb} GB, at position ${made.position}.`),
          )
        },
      ),
    )
  memory
    .command('remove <match>')
    .description('by what it matches or its id')
    .action(
      run(async ({ context, printer }, reference: string) => {
        const gone = await removeMemoryRule(context, reference)
        printer.show(gone, () => printer.line(`The rule for "${gone.match}" was removed.`))
      }),
    )
  return memory
}

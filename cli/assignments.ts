import { Command } from 'commander'
import { createAssignment, listAssignments, removeAssignment } from '@/lib/admin/assignments'
import type { Run } from './run-command'

export function assignmentCommands(run: Run): Command {
  const assignments = new Command('assignments').description('models that go to one backend')
  assignments
    .command('list')
    .description('every assignment')
    .action(
      run(async ({ context, printer }) => {
        const all = await listAssignments(context)
        printer.show(all, () =>
          printer.table({
            columns: ['model', 'backend', 'id'],
            rows: all.map((one) => [one.model, one.backendName, one.id]),
            empty: 'There are no assignments.',
          }),
        )
      }),
    )
  assignments
    .command('add <model> <backend>')
    .description('a model or glob goes to that backend, before everything else')
    .action(
      run(async ({ context, printer }, model: string, backend: string) => {
        const made = await createAssignment(context, { model, backend })
        printer.show(made, () => printer.line(`"${made.model}" now goes to ${made.backendName}.`))
      }),
    )
  assignments
    .command('remove <model>')
    .description('by its model or id')
    .action(
      run(async ({ context, printer }, reference: string) => {
        const gone = await removeAssignment(context, reference)
        printer.show(gone, () => printer.line(`The assignment of "${gone.model}" was removed.`))
      }),
    )
  return assignments
}

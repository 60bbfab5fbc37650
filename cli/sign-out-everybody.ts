import type { Command } from 'commander'
import { signEverybodyOut } from '@/lib/admin/sign-everybody-out'
import type { Run } from './run-command'

export function addSignOutEverybody(users: Command, run: Run): void {
  users
    .command('sign-out-everybody')
    .description('end every session of every user; keys go on working')
    .action(
      run(async ({ context, printer }) => {
        const count = await signEverybodyOut(context)
        printer.show({ users: count }, () =>
          printer.line(`Every session of ${count} users has ended.`),
        )
      }),
    )
}

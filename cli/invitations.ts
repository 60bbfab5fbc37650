import { Command, Option } from 'commander'
import { createInvitation, listInvitations, withdrawInvitation } from '@/lib/admin/invitations'
import { roles } from '@/lib/schemas/names'
import { collectList } from './parse-options'
import { renderTime } from './render'
import type { Run } from './run-command'

type CreateOptions = { role: string; email?: string; team?: string[] }

export function invitationCommands(run: Run): Command {
  const invitations = new Command('invitations').description('one-time links for new people')
  invitations
    .command('create [name]')
    .description('make a link for 72 h; it is shown once. Without a name they choose their own')
    .addOption(new Option('--role <role>', 'what they may do').choices(roles).default('member'))
    .option('--email <address>', 'whom it is for')
    .option('--team <names>', 'teams that they will be in', collectList)
    .action(
      run(async ({ context, printer }, name: string | undefined, options: CreateOptions) => {
        const { invitation, token } = await createInvitation(context, {
          role: options.role,
          ...(name !== undefined && { userName: name }),
          ...(options.email !== undefined && { email: options.email }),
          ...(options.team !== undefined && { teams: options.team }),
        })
        const path = `/console/invitation/${token}`
        printer.show({ ...invitation, path }, () => {
          printer.line(`Valid until ${renderTime(invitation.expiresAtMs)}, for one person.`)
          printer.line(`Link, shown only now, behind the address of the console: ${path}`)
        })
      }),
    )
  invitations
    .command('list')
    .description('links that are neither used nor over')
    .action(
      run(async ({ context, printer }) => {
        const all = await listInvitations(context)
        printer.show(all, () =>
          printer.table({
            columns: ['id', 'name', 'e-mail', 'role', 'by', 'valid until'],
            rows: all.map((one) => [
              one.id,
              one.userName,
              one.email,
              one.role,
              one.createdBy,
              renderTime(one.expiresAtMs),
            ]),
            empty: 'There are no open invitations.',
          }),
        )
      }),
    )
  invitations
    .command('withdraw <id>')
    .description('end a link at once')
    .action(
      run(async ({ context, printer }, id: string) => {
        await withdrawInvitation(context, id)
        printer.show({ id }, () => printer.line('Done: the link no longer works.'))
      }),
    )
  return invitations
}

import { Command, Option } from 'commander'
import { createKey } from '@/lib/admin/keys'
import {
  activateUser,
  createUser,
  deactivateUser,
  getUser,
  listUsers,
  removeUser,
  resetUserPassword,
  signOutEverywhere,
  updateUser,
} from '@/lib/admin/users'
import type { User } from '@/lib/db/contract'
import type { RateLimit } from '@/lib/schemas/entities'
import { roles } from '@/lib/schemas/names'
import { defaultPermissions, permissionsOfRole } from '@/lib/schemas/permissions'
import { keyColumns, keyRow } from './keys'
import { type Given, parseRateLimit } from './parse-options'
import type { Printer } from './print'
import { readSecretFromStdin } from './read-stdin'
import { renderRateLimit, renderTime } from './render'
import type { Run } from './run-command'
import { addSignOutEverybody } from './sign-out-everybody'

export function userCommands(run: Run): Command {
  const users = new Command('users').description('people who own keys')
  addCreate(users, run)
  users
    .command('list')
    .description('every user')
    .action(
      run(async ({ context, printer }) => {
        const all = await listUsers(context)
        printer.show(all, () =>
          printer.table({ columns, rows: all.map(userRow), empty: 'There are no users.' }),
        )
      }),
    )
  users
    .command('show <name>')
    .description('a user and their keys')
    .action(
      run(async ({ context, printer }, name: string) => {
        const { user, keys } = await getUser(context, name)
        printer.show({ ...user, keys }, () => {
          showUser(printer, user)
          printer.line('')
          printer.table({
            columns: keyColumns,
            rows: keys.map(keyRow),
            empty: 'This user has no keys.',
          })
        })
      }),
    )
  addChange(users, run, {
    name: 'activate',
    description: "let a user's keys work again",
    change: activateUser,
  })
  addChange(users, run, {
    name: 'deactivate',
    description: 'block a user and all their keys, and stop what they have in flight',
    change: deactivateUser,
  })
  addChange(users, run, {
    name: 'delete',
    description: 'remove a user whose keys are all revoked',
    change: removeUser,
  })
  addChange(users, run, {
    name: 'sign-out',
    description: 'end every session of a user',
    change: signOutEverywhere,
  })
  addSignOutEverybody(users, run)
  addUpdate(users, run)
  addResetPassword(users, run)
  return users
}

type CreateOptions = {
  role: string
  email?: string
  rateLimit?: Given<RateLimit | null>
  passwordStdin?: true
  key: boolean
}

function addCreate(users: Command, run: Run): void {
  users
    .command('create <name>')
    .description('make a user, a password and a first key; both are shown once')
    .addOption(new Option('--role <role>', 'what the user may do').choices(roles).default('member'))
    .option('--rate-limit <limit>', 'for all their keys, such as 100/60s, or none', parseRateLimit)
    .option('--email <address>', 'where they can be reached')
    .option('--password-stdin', 'read the password from standard input')
    .option('--no-key', 'make no first key')
    .action(
      run(async ({ context, printer }, name: string, options: CreateOptions) => {
        const given = options.passwordStdin ? await readSecretFromStdin('password') : undefined
        const { role, rateLimit, email } = options
        const { user, password } = await createUser(context, {
          name,
          role,
          ...(email !== undefined && { email }),
          ...(rateLimit !== undefined && { rateLimit: rateLimit.value }),
          ...(given !== undefined && { password: given }),
        })
        const first = options.key ? await createFirstKey(context, user) : null
        const key = first && { id: first.key.id, prefix: first.key.prefix, key: first.token }
        printer.show({ ...user, password, key }, () => {
          printer.line(`The user "${user.name}" (${user.role}) was created.`)
          if (password !== null) printer.line(`Password, shown only now: ${password}`)
          if (key !== null) printer.line(`First key, shown only now: ${key.key}`)
        })
      }),
    )
}

function createFirstKey(context: Parameters<typeof createKey>[0], user: User) {
  const most = permissionsOfRole(user.role)
  const permissions = [...defaultPermissions, 'models:manage' as const]
  return createKey(context, {
    owner: user.name,
    name: 'first',
    permissions: permissions.filter((permission) => most.includes(permission)),
  })
}

function addChange(
  users: Command,
  run: Run,
  options: { name: string; description: string; change: typeof activateUser },
): void {
  users
    .command(`${options.name} <name>`)
    .description(options.description)
    .action(
      run(async ({ context, printer }, name: string) => {
        const user = await options.change(context, name)
        printer.show(user, () => printer.line(`Done: ${options.name} "${user.name}".`))
      }),
    )
}

type UpdateOptions = {
  name?: string
  role?: string
  rateLimit?: Given<RateLimit | null>
  email?: string
}

function addUpdate(users: Command, run: Run): void {
  users
    .command('update <name>')
    .description('change what is named; the rest stays')
    .option('--name <name>', 'another name')
    .addOption(new Option('--role <role>', 'what the user may do').choices(roles))
    .option('--rate-limit <limit>', 'for all their keys, such as 100/60s, or none', parseRateLimit)
    .option('--email <address>', 'where they can be reached, or none')
    .action(
      run(async ({ context, printer }, reference: string, options: UpdateOptions) => {
        const { name, role, rateLimit, email } = options
        const user = await updateUser(context, reference, {
          ...(name !== undefined && { name }),
          ...(role !== undefined && { role }),
          ...(rateLimit !== undefined && { rateLimit: rateLimit.value }),
          ...(email !== undefined && { email: email === 'none' ? null : email }),
        })
        printer.show(user, () => printer.line(`The user "${user.name}" was changed.`))
      }),
    )
}

function addResetPassword(users: Command, run: Run): void {
  users
    .command('reset-password <name>')
    .description('set a new password, shown once')
    .option('--password-stdin', 'read the password from standard input')
    .action(
      run(async ({ context, printer }, name: string, options: { passwordStdin?: true }) => {
        const given = options.passwordStdin ? await readSecretFromStdin('password') : undefined
        const { user, password } = await resetUserPassword(context, name, given)
        printer.show({ ...user, password }, () =>
          printer.line(
            password === null
              ? `The password of "${user.name}" was set.`
              : `New password of "${user.name}", shown only now: ${password}`,
          ),
        )
      }),
    )
}

const columns = ['name', 'role', 'active', 'limit', 'keys', 'created']

function userRow(user: User) {
  return [
    user.name,
    user.role,
    user.active,
    renderRateLimit(user.rateLimit),
    user.keyCount,
    renderTime(user.createdAtMs),
  ]
}

function showUser(printer: Printer, user: User): void {
  printer.fields({
    name: user.name,
    id: user.id,
    role: user.role,
    active: user.active,
    limit: renderRateLimit(user.rateLimit),
    created: renderTime(user.createdAtMs),
  })
}

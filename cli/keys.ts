import { Command } from 'commander'
import type { AdminContext } from '@/lib/admin/actor'
import {
  createKey,
  disableKey,
  enableKey,
  getKey,
  type KeyFields,
  listKeys,
  revokeKey,
  rotateKey,
  updateKey,
} from '@/lib/admin/keys'
import { listUsers } from '@/lib/admin/users'
import { CorralError } from '@/lib/core/errors'
import type { Key } from '@/lib/db/contract'
import type { RateLimit } from '@/lib/schemas/entities'
import {
  collectList,
  collectListOrAll,
  type Given,
  parseExpiry,
  parseGraceSeconds,
  parseOnOrOff,
  parseRateLimit,
} from './parse-options'
import type { Printer } from './print'
import { renderList, renderOnOrOff, renderRateLimit, renderRules, renderTime } from './render'
import type { Run } from './run-command'

export function keyCommands(run: Run): Command {
  const keys = new Command('keys').description('API keys; KEY is an id, a prefix or a name')
  addCreate(keys, run)
  keys
    .command('list')
    .description('every key')
    .option('--owner <user>', 'only those of one user')
    .action(
      run(async ({ context, printer }, options: { owner?: string }) => {
        const all = await listKeys(context, options)
        printer.show(all, () =>
          printer.table({
            columns: keyColumns,
            rows: all.map(keyRow),
            empty: 'There are no keys.',
          }),
        )
      }),
    )
  keys
    .command('show <key>')
    .description('what a key may do')
    .action(
      run(async ({ context, printer }, reference: string) => {
        const key = await getKey(context, reference)
        printer.show(key, () => showKey(printer, key))
      }),
    )
  addUpdate(keys, run)
  addChange(keys, run, { name: 'disable', description: 'refuse a key for now', change: disableKey })
  addChange(keys, run, {
    name: 'enable',
    description: 'let a disabled key work again',
    change: enableKey,
  })
  addChange(keys, run, { name: 'revoke', description: 'end a key for ever', change: revokeKey })
  addRotate(keys, run)
  return keys
}

type FieldOptions = {
  permissions?: string[]
  models?: string[]
  denyModels?: string[]
  networks?: string[]
  denyNetworks?: string[]
  frontends?: Given<string[] | null>
  rateLimit?: Given<RateLimit | null>
  expires?: Given<Date | null>
  capture?: Given<boolean | null>
}

function withFieldOptions(command: Command): Command {
  return command
    .option('--permissions <list>', 'such as inference,embeddings,models:read', collectList)
    .option('--models <globs>', 'models that may be used', collectList)
    .option('--deny-models <globs>', 'models that may not be used; deny wins', collectList)
    .option('--networks <list>', 'addresses and networks that may use it', collectList)
    .option('--deny-networks <list>', 'addresses and networks that may not', collectList)
    .option('--frontends <names>', 'frontends it may use, or all', collectListOrAll)
    .option('--rate-limit <limit>', "such as 100/60s, or none for its owner's", parseRateLimit)
    .option('--expires <time>', 'a time, a length of time such as 90d, or none', parseExpiry)
    .option('--capture <state>', 'keep what is asked and answered: on, off, inherit', parseOnOrOff)
}

function addCreate(keys: Command, run: Run): void {
  const create = keys
    .command('create [name]')
    .description('make a key; it is shown once')
    .option('--owner <user>', 'who owns it; not needed while there is one admin')
    .option('--name <name>', 'the same as the argument')
  withFieldOptions(create).action(
    run(
      async (
        { context, printer },
        name: string | undefined,
        options: FieldOptions & { owner?: string; name?: string },
      ) => {
        const owner = options.owner ?? (await onlyAdmin(context))
        const fields = fieldsOf(options, { models: everything, networks: everything })
        const named = name ?? options.name ?? 'key'
        const { key, token } = await createKey(context, { owner, name: named, ...fields })
        printer.show({ id: key.id, prefix: key.prefix, key: token }, () => {
          printer.line(`The key "${key.name}" of "${key.ownerName}" was created.`)
          printer.line(`Shown only now: ${token}`)
        })
      },
    ),
  )
}

function addUpdate(keys: Command, run: Run): void {
  const update = keys
    .command('update <key>')
    .description('change what a key may do; what is not named stays')
    .option('--name <name>', 'a new name')
  withFieldOptions(update).action(
    run(
      async (
        { context, printer },
        reference: string,
        options: FieldOptions & { name?: string },
      ) => {
        const before = await getKey(context, reference)
        const { name } = options
        const fields = { ...fieldsOf(options, before), ...(name !== undefined && { name }) }
        const key = await updateKey(context, before.id, fields)
        printer.show(key, () => showKey(printer, key))
      },
    ),
  )
}

function addChange(
  keys: Command,
  run: Run,
  options: { name: string; description: string; change: typeof disableKey },
): void {
  keys
    .command(`${options.name} <key>`)
    .description(options.description)
    .action(
      run(async ({ context, printer }, reference: string) => {
        const key = await options.change(context, reference)
        printer.show(key, () => printer.line(`The key "${key.name}" is ${key.state}.`))
      }),
    )
}

function addRotate(keys: Command, run: Run): void {
  keys
    .command('rotate <key>')
    .description('make a new secret; the old one works for a while')
    .option(
      '--grace <time>',
      'how long, in seconds or such as 24h (the default); 0 replaces at once',
      parseGraceSeconds,
    )
    .action(
      run(async ({ context, printer }, reference: string, options: { grace?: number }) => {
        const { grace } = options
        const chosen = grace === undefined ? {} : { graceSeconds: grace }
        const { key, token, graceUntilMs } = await rotateKey(context, reference, chosen)
        printer.show({ id: key.id, prefix: key.prefix, key: token, graceUntilMs }, () => {
          printer.line(`New secret of "${key.name}", shown only now: ${token}`)
          const until = renderTime(graceUntilMs)
          printer.line(grace === 0 ? 'The old one is void.' : `The old one works until ${until}.`)
        })
      }),
    )
}

const everything = { allow: ['*'], deny: [] }

/** Of a pair of lists the one that was not named stays as it is. */
function fieldsOf(options: FieldOptions, before: Pick<Key, 'models' | 'networks'>): KeyFields {
  const { permissions, frontends, rateLimit, expires, capture } = options
  const models = pairOf(options.models, options.denyModels, before.models)
  const networks = pairOf(options.networks, options.denyNetworks, before.networks)
  return {
    ...(permissions !== undefined && { permissions }),
    ...(models !== undefined && { models }),
    ...(networks !== undefined && { networks }),
    ...(frontends !== undefined && { frontends: frontends.value }),
    ...(rateLimit !== undefined && { rateLimit: rateLimit.value }),
    ...(expires !== undefined && { expiresAt: expires.value }),
    ...(capture !== undefined && { capture: capture.value }),
  }
}

function pairOf(
  allow: string[] | undefined,
  deny: string[] | undefined,
  before: { allow: string[]; deny: string[] },
) {
  if (allow === undefined && deny === undefined) return undefined
  return { allow: allow ?? before.allow, deny: deny ?? before.deny }
}

async function onlyAdmin(context: AdminContext): Promise<string> {
  const admins = (await listUsers(context)).filter((user) => user.role === 'admin' && user.active)
  const [first, second] = admins
  if (first !== undefined && second === undefined) return first.name
  throw new CorralError('admin.invalid_input', {
    params: { problem: 'There is more than one admin. Name the owner with --owner USER.' },
  })
}

export const keyColumns = [
  'prefix',
  'name',
  'owner',
  'state',
  'permissions',
  'limit',
  'expires',
  'last used',
]

export function keyRow(key: Key) {
  return [
    key.prefix,
    key.name,
    key.ownerName,
    key.state,
    renderList(key.permissions),
    renderRateLimit(key.rateLimit),
    renderTime(key.expiresAtMs),
    renderTime(key.lastUsedAtMs),
  ]
}

function showKey(printer: Printer, key: Key): void {
  printer.fields({
    name: key.name,
    id: key.id,
    prefix: key.prefix,
    owner: key.ownerName,
    state: key.state,
    permissions: renderList(key.permissions),
    models: renderRules(key.models),
    networks: renderRules(key.networks),
    frontends: renderList(key.frontends),
    limit: renderRateLimit(key.rateLimit),
    expires: renderTime(key.expiresAtMs),
    capture: renderOnOrOff(key.capture),
    created: renderTime(key.createdAtMs),
    'last used': renderTime(key.lastUsedAtMs),
  })
}

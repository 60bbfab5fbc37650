import { type AuditedFields, changedOf, textOf } from './audited-fields'
import { composeCommand } from './command-line'

/** The words behind `corral` that do to a rule of routing or addresses what an audit row tells. */
export function ruleAuditCommand(
  action: string,
  was: AuditedFields,
  now: AuditedFields,
): string[] | null {
  const [noun = ''] = action.split('.')
  switch (action) {
    case 'address.create':
      return addAddress(now)
    case 'alias.create':
      return setTargets('add', now)
    case 'alias.update':
      return was.alias === now.alias ? setTargets('update', now) : null
    case 'assignment.create':
      return compose(['assignments', 'add'], [now.model, now.backendName])
    case 'memory.create':
      return addMemory(now)
    case 'memory.update':
      return updateMemory(was, now)
    case 'address.remove':
    case 'alias.remove':
    case 'assignment.remove':
    case 'memory.remove':
      return compose([plurals[noun] ?? noun, 'remove'], [was[identities[noun] ?? '']])
    default:
      return null
  }
}

const plurals: Record<string, string> = {
  address: 'addresses',
  alias: 'aliases',
  assignment: 'assignments',
}
const identities: Record<string, string> = {
  address: 'network',
  alias: 'alias',
  assignment: 'model',
  memory: 'match',
}

function addAddress({ effect, network, note }: AuditedFields): string[] | null {
  const why = textOf(note)
  return compose(['addresses', 'add'], [effect, network], why === null ? [] : [`--note=${why}`])
}

function setTargets(verb: 'add' | 'update', { alias, targets }: AuditedFields): string[] | null {
  return Array.isArray(targets) ? compose(['aliases', verb], [alias, ...targets]) : null
}

function addMemory({ kind, match, gb, position }: AuditedFields): string[] | null {
  const options = kind === 'pattern' ? ['--pattern', '--position', String(position)] : []
  return compose(['memory', 'add'], [match, String(gb)], options)
}

function updateMemory(was: AuditedFields, now: AuditedFields): string[] | null {
  const { gb, position, match } = changedOf(was, now)
  if (match !== undefined || (gb === undefined && position === undefined)) return null
  return compose(
    ['memory', 'update'],
    [was.match],
    [
      ...(gb === undefined ? [] : ['--gb', String(gb)]),
      ...(position === undefined ? [] : ['--position', String(position)]),
    ],
  )
}

/** Null where the row does not tell a name. */
function compose(verb: string[], told: unknown[], options: string[] = []): string[] | null {
  const names = told.map(textOf)
  return names.every((name) => name !== null) ? composeCommand({ verb, names, options }) : null
}

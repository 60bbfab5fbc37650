import type { BackendInput, ModelRules } from '@/lib/schemas/entities'
import { composeCommand } from './command-line'

/** Fields of a server as a verb takes them, or as an audit row tells them. */
export type ServerCommandFields = Partial<Record<keyof BackendInput, unknown>>

/** The words behind `corral` that add such a server; what restricts nothing is left out. */
export function addServerCommand(name: string, fields: ServerCommandFields): string[] {
  const { url, name: _, enabled: __, ...rest } = fields
  const told = Object.entries(rest).filter(([, value]) => !isUnrestricted(value))
  return composeCommand({
    verb: ['backends', 'add'],
    names: [name || 'NAME', ...(url === undefined ? [] : [String(url)])],
    options: options(Object.fromEntries(told)),
  })
}

/** The words that change a server; `name` is its name of before. Null where nothing is to be said. */
export function updateServerCommand(name: string, change: ServerCommandFields): string[] | null {
  const told = options(change)
  if (told.length === 0) return null
  return composeCommand({ verb: ['backends', 'update'], names: [name], options: told })
}

/** A credential is asked for, and never stands in the line. */
function options(change: ServerCommandFields): string[] {
  const { credential, labels, operations, models, enabled } = change
  return [
    ...Object.entries(plainOptions).flatMap(([field, option]) => {
      const value = change[field as keyof BackendInput]
      return value === undefined ? [] : [option, String(value ?? 'none')]
    }),
    ...(credential === undefined ? [] : credentialOption(credential)),
    ...(labels === undefined ? [] : labelOptions(labels as BackendInput['labels'])),
    ...(operations === undefined ? [] : operationsOption(operations)),
    ...(models === undefined ? [] : modelOptions(models as ModelRules)),
    ...(typeof enabled === 'boolean' ? [enabled ? '--enable' : '--disable'] : []),
  ]
}

const plainOptions: Partial<Record<keyof BackendInput, string>> = {
  name: '--name',
  url: '--url',
  kind: '--kind',
  priority: '--priority',
  weight: '--weight',
  maxMemoryGb: '--memory',
  maxParallel: '--slots',
  requestsPerMinute: '--rpm',
  healthMethod: '--health-method',
  healthPath: '--health-path',
}

function credentialOption(credential: unknown): string[] {
  return credential === null ? ['--credential', 'none'] : ['--credential-stdin']
}

function labelOptions(labels: Readonly<Record<string, string>>): string[] {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  return pairs.length === 0 ? ['--label', 'none'] : pairs.flatMap((pair) => ['--label', pair])
}

function operationsOption(operations: unknown): string[] {
  return ['--operations', Array.isArray(operations) ? operations.join(',') : 'all']
}

/** Both lists: the one that is not named would stay as it was. */
function modelOptions({ allow, deny }: ModelRules): string[] {
  return [`--models=${allow.join(',')}`, `--deny-models=${deny.join(',')}`]
}

/** What a new server has when nothing is said. */
function isUnrestricted(value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (typeof value !== 'object') return false
  const { allow, deny } = value as Partial<ModelRules>
  if (allow !== undefined) return allow.join() === '*' && deny?.length === 0
  return Object.keys(value).length === 0
}

import type { ModelRules, RateLimit } from '@/lib/schemas/entities'
import { keyAuditCommand } from './key-command'
import {
  createTeamCommand,
  createUserCommand,
  inviteCommand,
  removeTeamCommand,
  teamMemberCommand,
  updateTeamCommand,
  updateUserCommand,
  userCommand,
} from './people-command'

/** What an audit row tells of an act. */
export type AuditedAct = {
  action: string
  targetId: string | null
  targetName: string | null
  before: unknown
  after: unknown
}
type Fields = Readonly<Record<string, unknown>>

/** The words behind `corral` that do the same again; null where no command, or no one line, does. */
export function auditCommand(act: AuditedAct): string[] | null {
  const [kind] = act.action.split('.')
  if (kind === 'key') return keyAuditCommand(act)
  const now = fieldsOf(act.after)
  const was = fieldsOf(act.before)
  switch (kind) {
    case 'user':
      return commandOfUser(act, was, now)
    case 'team':
      return commandOfTeam(act, was, now)
    case 'backend':
      return commandOfBackend(act, was, now)
    case 'model':
    case 'job':
      return commandOfJob(act, now)
    case 'settings':
      return commandOfSettings(was, now)
    default:
      return commandOfRule(act.action, was, now) ?? commandOfRest(act)
  }
}

function commandOfUser(
  { action, targetId, targetName }: AuditedAct,
  was: Fields,
  now: Fields,
): string[] | null {
  const name = textOf(was.name) ?? textOf(now.name) ?? targetName
  switch (action) {
    case 'user.create':
      return name === null ? null : createUserCommand({ name, ...userFields(now, true) })
    case 'user.update': {
      const changed = changedOf(was, now)
      const rename = textOf(changed.name)
      return name === null
        ? null
        : updateUserCommand(name, {
            ...(rename !== null && { name: rename }),
            ...userFields(changed),
          })
    }
    case 'user.activate':
    case 'user.deactivate':
      return name === null ? null : userCommand(action.slice('user.'.length), name)
    case 'user.remove':
      return name === null ? null : userCommand('delete', name)
    case 'user.sign_out':
      return name === null ? null : userCommand('sign-out', name)
    case 'user.reset_password':
      return name === null ? null : userCommand('reset-password', name)
    case 'user.invite':
      return inviteCommand({
        userName: textOf(now.userName),
        email: textOf(now.email),
        role: textOf(now.role) ?? 'member',
        teams: Array.isArray(now.teams) ? now.teams.map(String) : [],
      })
    case 'user.withdraw_invitation':
      return targetId === null ? null : ['invitations', 'withdraw', targetId]
    default:
      return null
  }
}

function commandOfTeam({ action, targetName: team }: AuditedAct, was: Fields, now: Fields) {
  if (team === null) return null
  const member = textOf(now.member) ?? textOf(was.member)
  switch (action) {
    case 'team.create':
      return createTeamCommand({ name: team, ...teamFields(now, true) })
    case 'team.update': {
      const changed = changedOf(was, now)
      const rename = textOf(changed.name)
      const name = textOf(was.name) ?? team
      return updateTeamCommand(name, { ...(rename && { name: rename }), ...teamFields(changed) })
    }
    case 'team.remove':
      return removeTeamCommand(team)
    case 'team.set_member':
      return member === null
        ? null
        : teamMemberCommand(team, { user: member, isAdmin: now.isAdmin === true })
    case 'team.remove_member':
      return member === null ? null : teamMemberCommand(team, { user: member, leaves: true })
    default:
      return null
  }
}

function commandOfBackend({ action, targetName }: AuditedAct, was: Fields, now: Fields) {
  const name = textOf(was.name) ?? textOf(now.name) ?? targetName
  if (name === null) return null
  switch (action) {
    case 'backend.create':
      return ['backends', 'add', name, ...backendOptions(now)]
    case 'backend.update': {
      const changed = changedOf(was, now)
      const { name: rename, ...rest } = changed
      if (Object.keys(rest).join() === 'draining') {
        return ['backends', rest.draining === true ? 'drain' : 'resume', name]
      }
      const options = [...(rename ? [`--name=${rename}`] : []), ...backendOptions(rest)]
      return options.length > 0 ? ['backends', 'update', name, ...options] : null
    }
    case 'backend.drain':
    case 'backend.resume':
    case 'backend.remove':
      return ['backends', action.slice('backend.'.length), name]
    default:
      return null
  }
}

function backendOptions(fields: Fields): string[] {
  const words = Object.entries(backendWords).flatMap(([field, option]) => {
    const value = fields[field]
    if (value === undefined) return []
    if (value === null) return nullable.includes(field) ? [option, 'none'] : []
    return [option, String(value)]
  })
  const { enabled } = fields
  if (typeof enabled !== 'boolean') return words
  return enabled ? words : [...words, '--disable']
}

const nullable = ['maxMemoryGb', 'requestsPerMinute']
const backendWords: Record<string, string> = {
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

function commandOfJob({ action, targetId, targetName }: AuditedAct, now: Fields): string[] | null {
  if (action === 'job.cancel' || action === 'job.resume') {
    return targetId === null ? null : ['jobs', action.slice('job.'.length), targetId]
  }
  const kind = action.slice('model.'.length)
  const model = textOf(now.model) ?? targetName
  const servers = Array.isArray(now.backends) ? now.backends.map(nameOfServer) : []
  if (model === null || servers.length === 0 || !jobKinds.includes(kind)) return null
  const to = textOf(now.destination)
  return ['models', kind, model, ...(to === null ? [] : [to]), '--backend', servers.join(',')]
}

const jobKinds = ['pull', 'delete', 'copy', 'load', 'unload']

/** A row tells each server with how far it is: `gpu-1: queued`. */
function nameOfServer(told: unknown): string {
  return String(told).replace(/: [a-z]+$/, '')
}

/** One setting is one line; several would be several. */
function commandOfSettings(was: Fields, now: Fields): string[] | null {
  const names = [...new Set([...Object.keys(was), ...Object.keys(now)])]
  const [name] = names
  if (name === undefined || names.length > 1) return null
  const value = now[name]
  if (value === undefined) return ['settings', 'set', name, '--default']
  return ['settings', 'set', name, typeof value === 'string' ? value : JSON.stringify(value)]
}

function commandOfRule(action: string, was: Fields, now: Fields): string[] | null {
  const text = (fields: Fields, name: string) => textOf(fields[name]) ?? ''
  switch (action) {
    case 'address.create': {
      const note = text(now, 'note')
      const why = note === '' ? [] : ['--note', note]
      return ['addresses', 'add', text(now, 'effect'), text(now, 'network'), ...why]
    }
    case 'address.remove':
      return ['addresses', 'remove', text(was, 'network')]
    case 'alias.create':
    case 'alias.update': {
      const targets = Array.isArray(now.targets) ? now.targets.map(String) : []
      const verb = action === 'alias.create' ? 'add' : 'update'
      return ['aliases', verb, text(now, 'alias'), ...targets]
    }
    case 'alias.remove':
      return ['aliases', 'remove', text(was, 'alias')]
    case 'assignment.create':
      return ['assignments', 'add', text(now, 'model'), text(now, 'backendName')]
    case 'assignment.remove':
      return ['assignments', 'remove', text(was, 'model')]
    case 'memory.create': {
      const pattern = now.kind === 'pattern' ? ['--pattern'] : []
      const position = now.kind === 'pattern' ? ['--position', String(now.position)] : []
      return ['memory', 'add', text(now, 'match'), String(now.gb), ...pattern, ...position]
    }
    case 'memory.update': {
      const { gb, position } = changedOf(was, now)
      return [
        ...['memory', 'update', text(was, 'match')],
        ...(gb === undefined ? [] : ['--gb', String(gb)]),
        ...(position === undefined ? [] : ['--position', String(position)]),
      ]
    }
    case 'memory.remove':
      return ['memory', 'remove', text(was, 'match')]
    default:
      return null
  }
}

function commandOfRest({ action, targetId }: AuditedAct): string[] | null {
  return action === 'request.stop' && targetId !== null ? ['requests', 'stop', targetId] : null
}

// The guarantee of these: an audit row holds the fields of `User`, `Team` (lib/db/queries).
function userFields(fields: Fields, isNew = false) {
  const { role, email, rateLimit } = fields
  const says = (value: unknown) => value !== undefined && !(isNew && value === null)
  return {
    ...(typeof role === 'string' && { role }),
    ...(says(email) && { email: textOf(email) }),
    ...(says(rateLimit) && { rateLimit: rateLimit as RateLimit | null }),
  }
}

function teamFields(fields: Fields, isNew = false) {
  const { description, models, rateLimit } = fields
  const rules = models as ModelRules | undefined
  const isEverything = rules?.deny?.length === 0 && rules.allow?.join() === '*'
  return {
    ...(typeof description === 'string' && !(isNew && description === '') && { description }),
    ...(rules !== undefined && !(isNew && isEverything) && { models: rules }),
    ...(rateLimit !== undefined &&
      !(isNew && rateLimit === null) && { rateLimit: rateLimit as RateLimit | null }),
  }
}

function changedOf(before: Fields, after: Fields): Fields {
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
    ),
  )
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

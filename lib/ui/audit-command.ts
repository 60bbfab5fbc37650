import type { FrontendInput, ModelRules, RateLimit } from '@/lib/schemas/entities'
import { type AuditedFields, changedOf, readAudited, textOf } from './audited-fields'
import { composeCommand } from './command-line'
import { updateFrontendCommand } from './frontend-command'
import { isJobKind, jobCommand } from './job-command'
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
import { ruleAuditCommand } from './rule-command'
import { addServerCommand, type ServerCommandFields, updateServerCommand } from './server-command'

/** What an audit row tells of an act. */
export type AuditedAct = {
  action: string
  atMs: number
  targetId: string | null
  targetName: string | null
  before: unknown
  after: unknown
}

/** The words behind `corral` that do the same again; null where no command, or no one line, does. */
export function auditCommand(act: AuditedAct): string[] | null {
  const [kind] = act.action.split('.')
  if (kind === 'key') return keyAuditCommand(act)
  const now = readAudited(act.after)
  const was = readAudited(act.before)
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
    case 'frontend':
      return commandOfFrontend(act, was, now)
    default:
      return ruleAuditCommand(act.action, was, now) ?? commandOfRest(act, now)
  }
}

function commandOfUser(
  { action, targetId, targetName }: AuditedAct,
  was: AuditedFields,
  now: AuditedFields,
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

function commandOfTeam(
  { action, targetName: team }: AuditedAct,
  was: AuditedFields,
  now: AuditedFields,
) {
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

function commandOfBackend(
  { action, targetName }: AuditedAct,
  was: AuditedFields,
  now: AuditedFields,
): string[] | null {
  const name = textOf(was.name) ?? textOf(now.name) ?? targetName
  if (name === null) return null
  switch (action) {
    case 'backend.create':
      return addServerCommand(name, serverFields(now, now.hasCredential === true))
    case 'backend.update': {
      const changed = changedOf(was, now)
      if (Object.keys(changed).join() === 'draining') {
        const verb = changed.draining === true ? 'drain' : 'resume'
        return composeCommand({ verb: ['backends', verb], names: [name] })
      }
      return updateServerCommand(name, serverFields(changed, now.credentialChanged === true))
    }
    case 'backend.drain':
    case 'backend.resume':
    case 'backend.remove':
      return composeCommand({
        verb: ['backends', action.slice('backend.'.length)],
        names: [name],
      })
    default:
      return null
  }
}

/** A credential is not told, only that there is a new one or none any more. */
function serverFields(fields: AuditedFields, hasNewCredential: boolean): ServerCommandFields {
  if (!hasNewCredential) return fields
  return { ...fields, credential: fields.hasCredential === false ? null : 'sealed' }
}

function commandOfJob({ action, targetId, targetName }: AuditedAct, now: AuditedFields) {
  if (action === 'job.cancel' || action === 'job.resume') {
    return targetId === null ? null : ['jobs', action.slice('job.'.length), targetId]
  }
  const kind = action.slice('model.'.length)
  const model = textOf(now.model) ?? targetName
  const servers = Array.isArray(now.backends) ? now.backends.map(nameOfServer) : []
  if (model === null || servers.length === 0 || !isJobKind(kind)) return null
  const { destination, keepAlive } = now
  return jobCommand({
    kind,
    model,
    servers,
    destination: textOf(destination),
    keepAlive: textOf(keepAlive),
  })
}

/** A row tells each server with how far it is: `gpu-1: queued`. */
function nameOfServer(told: unknown): string {
  return String(told).replace(/: [a-z]+$/, '')
}

/** One setting is one line; several would be several. A sealed one is told by no line. */
function commandOfSettings(was: AuditedFields, now: AuditedFields): string[] | null {
  const names = [...new Set([...Object.keys(was), ...Object.keys(now)])]
  const [name] = names
  if (name === undefined || names.length > 1) return null
  const value = now[name]
  if (value === undefined) return ['settings', 'set', name, '--default']
  if (value === sealedWord) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.startsWith('-')
    ? ['settings', 'set', '--', name, text]
    : ['settings', 'set', name, text]
}

/** What the audit has in the place of a secret (C7). */
const sealedWord = 'sealed'

function commandOfFrontend(
  { action, targetName }: AuditedAct,
  was: AuditedFields,
  now: AuditedFields,
): string[] | null {
  if (action !== 'frontend.update') return null
  // The guarantee: an audit row holds the fields of `Frontend` (lib/db/queries).
  const changed = changedOf(was, now) as Partial<FrontendInput>
  return updateFrontendCommand(textOf(was.name) ?? targetName, changed)
}

function commandOfRest(
  { action, atMs, targetId }: AuditedAct,
  now: AuditedFields,
): string[] | null {
  switch (action) {
    case 'request.stop':
      return targetId === null ? null : ['requests', 'stop', targetId]
    case 'usage.prune': {
      const { olderThanMs } = now
      if (typeof olderThanMs !== 'number') return null
      return ['logs', 'prune', '--days', String(Math.round((atMs - olderThanMs) / dayMs))]
    }
    case 'database.backup':
      return ['backup', 'corral-backup.db']
    default:
      return null
  }
}

const dayMs = 86_400_000

// The guarantee of these: an audit row holds the fields of `User`, `Team` (lib/db/queries).
function userFields(fields: AuditedFields, isNew = false) {
  const { role, email, rateLimit } = fields
  const says = (value: unknown) => value !== undefined && !(isNew && value === null)
  return {
    ...(typeof role === 'string' && { role }),
    ...(says(email) && { email: textOf(email) }),
    ...(says(rateLimit) && { rateLimit: rateLimit as RateLimit | null }),
  }
}

function teamFields(fields: AuditedFields, isNew = false) {
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

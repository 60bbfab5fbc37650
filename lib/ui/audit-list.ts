import type { FilterField } from './filters'

/** What was done, in words that follow a name: `ana` `changed a key`. */
export const auditActions: Readonly<Record<string, string>> = {
  'user.create': 'created a user',
  'user.update': 'changed a user',
  'user.activate': 'activated a user',
  'user.deactivate': 'deactivated a user',
  'user.remove': 'removed a user',
  'user.reset_password': 'reset a password',
  'user.change_password': 'changed their password',
  'user.sign_out': 'signed a user out everywhere',
  'user.invite': 'invited a user',
  'user.withdraw_invitation': 'withdrew an invitation',
  'user.accept_invitation': 'accepted an invitation',
  'user.link_provider': 'linked a user to the provider',
  'team.create': 'created a team',
  'team.update': 'changed a team',
  'team.remove': 'removed a team',
  'team.set_member': 'set a member of a team',
  'team.remove_member': 'took a member out of a team',
  'key.create': 'created a key',
  'key.update': 'changed a key',
  'key.disable': 'disabled a key',
  'key.enable': 'enabled a key',
  'key.rotate': 'rotated a key',
  'key.revoke': 'revoked a key',
  'key.playground': 'opened the playground',
  'backend.create': 'added a server',
  'backend.update': 'changed a server',
  'backend.drain': 'drained a server',
  'backend.resume': 'resumed a server',
  'backend.remove': 'removed a server',
  'model.pull': 'pulled a model',
  'model.delete': 'deleted a model',
  'model.copy': 'copied a model',
  'model.load': 'loaded a model',
  'model.unload': 'unloaded a model',
  'job.cancel': 'cancelled a job',
  'job.resume': 'resumed a job',
  'alias.create': 'created an alias',
  'alias.update': 'changed an alias',
  'alias.remove': 'removed an alias',
  'assignment.create': 'assigned a model',
  'assignment.remove': 'removed an assignment',
  'memory.create': 'created a memory rule',
  'memory.update': 'changed a memory rule',
  'memory.order': 'ordered memory patterns',
  'memory.remove': 'removed a memory rule',
  'address.create': 'created an address rule',
  'address.remove': 'removed an address rule',
  'frontend.update': 'changed a frontend',
  'settings.update': 'changed settings',
  'request.stop': 'stopped a request',
  'content.read': 'read captured content',
  'usage.prune': 'deleted old usage',
  'database.backup': 'made a backup',
}

/** Without a word for it the action names itself. */
export function describeAction(action: string): string {
  return auditActions[action] ?? action
}

export const auditKinds: Readonly<Record<string, string>> = {
  user: 'user',
  team: 'team',
  invitation: 'invitation',
  key: 'key',
  backend: 'server',
  job: 'model job',
  alias: 'alias',
  assignment: 'assignment',
  'memory rule': 'memory rule',
  'address rule': 'address rule',
  frontend: 'frontend',
  setting: 'setting',
  request: 'request',
  usage: 'usage',
  database: 'database',
}

export const auditVias: Readonly<Record<string, string>> = {
  console: 'console',
  cli: 'command line',
  api: 'API',
  start: 'first start',
}

/** The filters of the audit as the URL names them. */
export const auditFilterFields: readonly FilterField[] = [
  { id: 'actor', label: 'Who' },
  { id: 'action', label: 'What', words: auditActions },
  { id: 'kind', label: 'Kind', words: auditKinds },
  { id: 'via', label: 'Through', words: auditVias },
  { id: 'text', label: 'Any text', kind: 'text' },
  { id: 'target', label: 'Id of what was changed', kind: 'text' },
]

/** The page that still stands for what was changed; null where there is none. */
export function auditTargetHref(row: {
  targetKind: string
  targetId: string | null
  targetName: string | null
  action: string
}): string | null {
  const { targetKind, targetId, targetName, action } = row
  if (action.endsWith('.remove')) return null
  switch (targetKind) {
    case 'user':
      return targetId && `/console/users/${targetId}`
    case 'team':
      return targetId && `/console/teams/${targetId}`
    case 'key':
      return targetId && `/console/keys/${targetId}`
    case 'backend':
      return targetId && `/console/servers/${targetId}`
    case 'request':
      return targetId && `/console/requests/${targetId}`
    case 'setting':
      return targetName && !targetName.includes(',') ? `/console/settings#${targetName}` : null
    default:
      return null
  }
}

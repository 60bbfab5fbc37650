import { describe, expect, it } from 'vitest'
import { runCorral } from '@/cli/corral'
import { StartError } from '@/lib/core/start-error'
import { auditCommand } from './audit-command'
import { auditActions } from './audit-list'
import { renderCommand } from './command-line'

const atMs = Date.UTC(2026, 10, 30)
type Told = { name?: string; id?: string; before?: unknown; after?: unknown }

function wordsOf(action: string, told: Told): string[] | null {
  return auditCommand({
    action,
    atMs,
    targetId: told.id ?? null,
    targetName: told.name ?? null,
    before: told.before ?? null,
    after: told.after ?? null,
  })
}

function line(action: string, told: Told = {}): string | null {
  const words = wordsOf(action, told)
  return words && renderCommand(words)
}

describe('an audit row as a command', () => {
  it('makes the same user, and says nothing that is the default', () => {
    const after = { name: 'ana maria', role: 'viewer', email: null, rateLimit: null }
    expect(line('user.create', { after })).toBe(
      "corral users create --role viewer --no-key 'ana maria'",
    )
  })

  it('changes of a user and a team what changed, under the name of before', () => {
    const before = { name: 'ana', role: 'member', email: null, rateLimit: null }
    expect(line('user.update', { before, after: { ...before, name: 'ann', role: 'admin' } })).toBe(
      'corral users update --name=ann --role admin ana',
    )
    const team = { name: 'vision', models: { allow: ['*'], deny: [] }, rateLimit: null }
    const after = { ...team, rateLimit: { requests: 9, windowSeconds: 60 } }
    expect(line('team.update', { name: 'vision', before: team, after })).toBe(
      'corral teams update --rate-limit 9/60s vision',
    )
  })

  it('puts people into teams and takes them out', () => {
    const after = { member: 'ana', isAdmin: true }
    expect(line('team.set_member', { name: 'vision', after })).toBe(
      'corral teams add-member --admin vision ana',
    )
    expect(line('team.remove_member', { name: 'vision', before: after })).toBe(
      'corral teams remove-member vision ana',
    )
  })

  it('quotes what a shell would read otherwise, and names that look like options', () => {
    expect(line('user.deactivate', { name: '$(reboot)' })).toBe(
      "corral users deactivate '$(reboot)'",
    )
    expect(line('user.remove', { name: '-rf' })).toBe('corral users delete -- -rf')
  })

  it('drains where draining is all that changed', () => {
    const before = { name: 'gpu-1', draining: false, priority: 100 }
    expect(line('backend.update', { before, after: { ...before, draining: true } })).toBe(
      'corral backends drain gpu-1',
    )
    expect(line('backend.update', { before, after: { ...before, priority: 5 } })).toBe(
      'corral backends update gpu-1 --priority 5',
    )
  })

  it('enables as well as it disables, and asks for the credential that it does not tell', () => {
    const before = { name: 'gpu-1', enabled: false, hasCredential: true }
    expect(line('backend.update', { before, after: { ...before, enabled: true } })).toBe(
      'corral backends update gpu-1 --enable',
    )
    expect(line('backend.update', { before, after: { ...before, credentialChanged: true } })).toBe(
      'corral backends update gpu-1 --credential-stdin',
    )
    const forgotten = { ...before, hasCredential: false, credentialChanged: true }
    expect(line('backend.update', { before, after: forgotten })).toBe(
      'corral backends update gpu-1 --credential none',
    )
  })

  it('changes of a frontend what changed', () => {
    const before = { name: 'default', strategy: 'warm-first', capture: null, rateLimit: null }
    const after = { ...before, strategy: 'fastest', capture: true }
    expect(line('frontend.update', { before, after })).toBe(
      'corral frontends update default --strategy fastest --capture on',
    )
  })

  it('gives a job to the same servers, wherever it was on them', () => {
    const after = { kind: 'pull', model: 'qwen3:8b', backends: ['gpu-1: queued', 'gpu-2: failed'] }
    expect(line('model.pull', { name: 'qwen3:8b', after })).toBe(
      'corral models pull qwen3:8b --backend gpu-1,gpu-2',
    )
    expect(line('model.load', { after: { ...after, kind: 'load', keepAlive: '-1' } })).toBe(
      'corral models load qwen3:8b --backend gpu-1,gpu-2 --keep-alive=-1',
    )
    expect(line('job.cancel', { id: 'job-7', name: 'qwen3:8b' })).toBe('corral jobs cancel job-7')
  })

  it('repeats rules', () => {
    const after = { kind: 'pattern', match: '70b', gb: 42.5, position: 10 }
    expect(line('memory.create', { after })).toBe(
      'corral memory add 70b 42.5 --pattern --position 10',
    )
    expect(line('address.remove', { before: { effect: 'deny', network: '10.0.0.0/8' } })).toBe(
      'corral addresses remove 10.0.0.0/8',
    )
  })

  it('sets one setting, and goes back to a default', () => {
    expect(line('settings.update', { after: { timezone: 'Europe/Berlin' } })).toBe(
      'corral settings set timezone Europe/Berlin',
    )
    expect(line('settings.update', { before: { timezone: 'UTC' } })).toBe(
      'corral settings set timezone --default',
    )
    expect(line('settings.update', { after: { a: 1, b: 2 } })).toBeNull()
  })

  it('of a secret, whose place a word takes, there is no line that would set that word', () => {
    expect(line('settings.update', { after: { oidcClientSecret: 'sealed' } })).toBeNull()
    expect(line('settings.update', { before: { oidcClientSecret: 'sealed' } })).toBe(
      'corral settings set oidcClientSecret --default',
    )
  })

  it('deletes records that are as old, and copies the database', () => {
    const after = { removed: 7, olderThanMs: atMs - 30 * 86_400_000 - 40 }
    expect(line('usage.prune', { after })).toBe('corral logs prune --days 30')
    expect(line('database.backup', { after: { sizeBytes: 7 } })).toBe(
      'corral backup corral-backup.db',
    )
  })

  it('is nothing where no command does the same', () => {
    for (const action of ['user.change_password', 'content.read', 'new.thing']) {
      expect(line(action, { name: 'x', id: 'y' })).toBeNull()
    }
  })
})

const server = {
  name: '-gpu',
  url: 'http://10.0.0.7:11434',
  kind: 'ollama',
  priority: 1,
  weight: 2,
  maxMemoryGb: 80,
  maxParallel: 4,
  labels: { gpu: 'a100' },
  operations: ['inference'],
  models: { allow: ['llama3*'], deny: [] },
  requestsPerMinute: 60,
  healthMethod: 'HEAD',
  healthPath: '/api/version',
  enabled: true,
  hasCredential: true,
}
const limit = { requests: 9, windowSeconds: 60 }
const user = { name: 'ana', role: 'member', email: null, rateLimit: null }
const team = { name: '-vision', description: '', models: { allow: ['*'], deny: [] } }
const key = {
  name: '-ci',
  prefix: 'abcdefghij',
  ownerName: 'ana',
  permissions: ['inference'],
  models: { allow: ['*'], deny: [] },
  networks: { allow: ['*'], deny: [] },
  frontends: ['default'],
  rateLimit: limit,
  expiresAtMs: atMs,
  capture: true,
}
const job = { model: 'qwen3:8b', backends: ['gpu-1: queued'] }
const rule = { kind: 'pattern', match: '-70b', gb: 42.5, position: 10 }
const frontend = { name: 'default', access: 'keyed', strategy: 'fastest', openNetworks: ['*'] }
const address = { effect: 'deny', network: '10.0.0.0/8', note: '-' }
const alias = { alias: '-fast', targets: ['a', 'b'] }

/** A row of each act with as much in it as there can be; null for what no command does. */
const rows: Record<string, Told | null> = {
  'user.create': { after: { ...user, email: 'a@b.example', rateLimit: limit } },
  'user.update': { before: user, after: { ...user, name: '-ana', role: 'admin', email: 'a@b.de' } },
  'user.activate': { before: user },
  'user.deactivate': { before: user },
  'user.remove': { before: user },
  'user.reset_password': { before: user },
  'user.change_password': null,
  'user.sign_out': { before: user },
  'user.invite': {
    after: { userName: '-eva', email: 'e@b.example', role: 'member', teams: ['t'] },
  },
  'user.withdraw_invitation': { id: 'i1' },
  'user.accept_invitation': null,
  'user.link_provider': null,
  'team.create': { name: team.name, after: { ...team, description: '-', rateLimit: limit } },
  'team.update': { name: team.name, before: team, after: { ...team, name: 'x', rateLimit: limit } },
  'team.remove': { name: team.name },
  'team.set_member': { name: team.name, after: { member: 'ana', isAdmin: true } },
  'team.remove_member': { name: team.name, before: { member: 'ana' } },
  'key.create': { after: key },
  'key.update': { before: { prefix: key.prefix }, after: key },
  'key.disable': { before: key },
  'key.enable': { before: key },
  'key.rotate': { before: key, after: { ...key, graceUntilMs: atMs } },
  'key.revoke': { before: key },
  'key.playground': null,
  'backend.create': { after: server },
  'backend.update': { before: { name: '-old' }, after: { ...server, credentialChanged: true } },
  'backend.drain': { before: server },
  'backend.resume': { before: server },
  'backend.remove': { before: server },
  'model.pull': { after: job },
  'model.delete': { after: job },
  'model.copy': { after: { ...job, destination: '-copy' } },
  'model.load': { after: { ...job, keepAlive: '-1' } },
  'model.unload': { after: job },
  'job.cancel': { id: 'j1', after: job },
  'job.resume': { id: 'j1', after: job },
  'alias.create': { after: alias },
  'alias.update': { before: alias, after: { ...alias, targets: ['b'] } },
  'alias.remove': { before: alias },
  'assignment.create': { after: { model: '-m', backendName: 'gpu-1' } },
  'assignment.remove': { before: { model: 'm' } },
  'memory.create': { after: rule },
  'memory.update': { before: rule, after: { ...rule, gb: 43, position: 9 } },
  'memory.order': null,
  'memory.remove': { before: rule },
  'address.create': { after: address },
  'address.remove': { before: address },
  'frontend.update': {
    before: frontend,
    after: {
      name: '-new',
      access: 'open',
      strategy: 'random',
      unknownModel: 'any',
      openNetworks: ['10.0.0.0/8'],
      anonymousRateLimit: limit,
      rateLimit: limit,
      capture: false,
    },
  },
  'settings.update': { after: { brandTitle: '-Corral' } },
  'request.stop': { id: 'r1' },
  'content.read': null,
  'usage.prune': { after: { removed: 1, olderThanMs: atMs } },
  'database.backup': { after: { sizeBytes: 1 } },
}

/** What the command line says to these words before it opens a database; null where it would. */
async function refusalOf(words: readonly string[]): Promise<string | null> {
  const said: string[] = []
  const open = () => Promise.reject(new StartError('understood'))
  const printProblem = (text: string) => said.push(text)
  await runCorral(words, { print: () => undefined, printProblem, open })
  const text = said.join('')
  return text.includes('understood') ? null : text
}

describe('each line that an audit row can have', () => {
  it('there is a row of every act', () => {
    expect(Object.keys(rows)).toEqual(Object.keys(auditActions))
  })

  it.each(Object.entries(rows))('%s is understood by the command line', async (action, told) => {
    const words = wordsOf(action, told ?? {})
    if (told === null) return expect(words).toBeNull()
    expect(words).not.toBeNull()
    expect(await refusalOf(words ?? [])).toBeNull()
  })

  it('a word that is not one of the command line is found', async () => {
    expect(await refusalOf(['models', 'delete', 'm', '--backend', 'a'])).toContain('delete')
    expect(await refusalOf(['backends', 'update', 'a', '--enabled'])).toContain('--enabled')
  })
})

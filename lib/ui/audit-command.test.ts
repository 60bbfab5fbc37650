import { describe, expect, it } from 'vitest'
import { auditCommand } from './audit-command'
import { renderCommand } from './command-line'

function line(
  action: string,
  of: { name?: string; id?: string; before?: unknown; after?: unknown } = {},
): string | null {
  const words = auditCommand({
    action,
    targetId: of.id ?? null,
    targetName: of.name ?? null,
    before: of.before ?? null,
    after: of.after ?? null,
  })
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

  it('gives a job to the same servers, wherever it was on them', () => {
    const after = { kind: 'pull', model: 'qwen3:8b', backends: ['gpu-1: queued', 'gpu-2: failed'] }
    expect(line('model.pull', { name: 'qwen3:8b', after })).toBe(
      'corral models pull qwen3:8b --backend gpu-1,gpu-2',
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

  it('is nothing where no command does the same', () => {
    for (const action of ['user.change_password', 'content.read', 'database.backup', 'new.thing']) {
      expect(line(action, { name: 'x', id: 'y' })).toBeNull()
    }
  })
})

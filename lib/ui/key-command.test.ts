import { describe, expect, it } from 'vitest'
import { renderCommand } from './command-line'
import { createKeyCommand, keyAuditCommand, updateKeyCommand } from './key-command'

const atMs = Date.UTC(2026, 10, 30)

describe('an act on a key as a command', () => {
  it('a form that says only a name and an owner is a short line', () => {
    expect(renderCommand(createKeyCommand({ name: 'laptop', owner: 'eva' }))).toBe(
      'corral keys create laptop --owner eva',
    )
    expect(createKeyCommand({ name: '-x' })).toEqual(['keys', 'create', '--name=-x'])
  })

  it('every field has its option', () => {
    const line = renderCommand(
      updateKeyCommand('abcdefghij', {
        name: 'new name',
        permissions: ['inference', 'embeddings'],
        models: { allow: ['llama3*'], deny: ['*70b'] },
        networks: { allow: ['10.0.0.0/8'], deny: [] },
        frontends: null,
        rateLimit: { requests: 10, windowSeconds: 60 },
        expiresAtMs: Date.UTC(2030, 0, 1),
        capture: null,
      }),
    )
    expect(line).toBe(
      "corral keys update abcdefghij '--name=new name' --permissions inference,embeddings" +
        " '--models=llama3*' '--deny-models=*70b' --networks=10.0.0.0/8 --deny-networks= --frontends=all" +
        ' --rate-limit 10/60s --expires 2030-01-01T00:00:00.000Z --capture inherit',
    )
  })

  it('an audit row is the command that does the same again, with only what changed', () => {
    const before = { name: 'ci', prefix: 'abcdefghij', ownerName: 'tom', rateLimit: null }
    const after = { ...before, rateLimit: { requests: 5, windowSeconds: 1 } }
    expect(keyAuditCommand({ atMs, action: 'key.update', before, after })).toEqual([
      ...['keys', 'update', 'abcdefghij', '--rate-limit', '5/1s'],
    ])
    expect(keyAuditCommand({ atMs, action: 'key.revoke', before, after: before })).toEqual([
      ...['keys', 'revoke', 'abcdefghij'],
    ])
    expect(keyAuditCommand({ atMs, action: 'key.else', before, after })).toBeNull()
  })

  it('a rotation has the grace that it had, none too', () => {
    const before = { prefix: 'abcdefghij' }
    const rotated = (graceUntilMs: number) =>
      keyAuditCommand({ atMs, action: 'key.rotate', before, after: { ...before, graceUntilMs } })
    expect(rotated(atMs - 3)).toEqual(['keys', 'rotate', 'abcdefghij', '--grace', '0'])
    expect(rotated(atMs + 3_600_000 - 3)?.at(-1)).toBe('3600')
  })

  it('a new key is not told what it has without being told', () => {
    const after = { name: 'ci', prefix: 'abcdefghij', rateLimit: null, frontends: null }
    expect(keyAuditCommand({ atMs, action: 'key.create', before: null, after })).toEqual([
      ...['keys', 'create', 'ci'],
    ])
  })
})

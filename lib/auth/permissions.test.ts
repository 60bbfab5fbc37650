import { describe, expect, it } from 'vitest'
import { isCorralError } from '@/lib/core/errors'
import { permissions } from '@/lib/schemas/names'
import type { Permission, Role } from '@/lib/schemas/permissions'
import type { Principal } from './contract'
import { limitPermissions, requireFrontend, requireModel, requirePermission } from './permissions'

const key: Principal = {
  kind: 'key',
  keyId: 'k1',
  keyPrefix: 'p',
  keyName: 'n',
  ownerId: 'u',
  ownerName: 'u',
  permissions: new Set<Permission>(['inference']),
  models: { allow: ['llama*'], deny: ['*:70b'] },
  frontends: ['main'],
  networks: { allow: ['*'], deny: [] },
  rateLimit: null,
}
const anonymous: Principal = {
  kind: 'anonymous',
  permissions: new Set<Permission>(['inference']),
  rateLimit: null,
}

function refusal(check: () => void): string {
  try {
    check()
    return 'allowed'
  } catch (error) {
    return isCorralError(error) ? `${error.status} ${error.message}` : String(error)
  }
}

describe('limitPermissions', () => {
  const most: [Role, Permission[]][] = [
    ['admin', [...permissions]],
    [
      'operator',
      [
        'inference',
        'embeddings',
        'models:read',
        'models:manage',
        'usage:read',
        'metrics:read',
        'backend:pin',
      ],
    ],
    ['viewer', ['inference', 'embeddings', 'models:read']],
    ['member', ['inference', 'embeddings', 'models:read']],
  ]
  it.each(most)('gives a key of a %s no more than %j', (role, expected) => {
    expect([...limitPermissions(permissions, role)]).toEqual(expected)
  })

  it('gives no key more than was given to it', () => {
    expect([...limitPermissions(['embeddings'], 'admin')]).toEqual(['embeddings'])
  })
})

describe('what a key may not do is 403', () => {
  it('and names the missing permission', () => {
    expect(refusal(() => requirePermission(key, 'inference'))).toBe('allowed')
    expect(refusal(() => requirePermission(key, 'models:manage'))).toBe(
      '403 This API key lacks the permission "models:manage". Ask an admin to add it.',
    )
    expect(refusal(() => requirePermission(anonymous, 'admin'))).toMatch(/^403 .*"admin"/)
  })

  it('and names the model, after name normalisation', () => {
    expect(refusal(() => requireModel(key, 'LLAMA3'))).toBe('allowed')
    expect(refusal(() => requireModel(key, 'registry.ollama.ai/library/llama3'))).toBe('allowed')
    expect(refusal(() => requireModel(key, 'Llama3:70B'))).toMatch(/^403 .*"Llama3:70B"/)
    expect(
      refusal(() => requireModel(key, 'https://registry.ollama.ai/library/llama3:70b')),
    ).toMatch(/^403/)
    expect(refusal(() => requireModel(key, 'llama3:70b:local'))).toMatch(/^403/)
    expect(refusal(() => requireModel(key, 'qwen3'))).toMatch(/^403/)
    expect(refusal(() => requireModel(anonymous, 'qwen3'))).toBe('allowed')
  })

  it('and names the frontend', () => {
    expect(refusal(() => requireFrontend(key, 'main'))).toBe('allowed')
    expect(refusal(() => requireFrontend(key, 'other'))).toMatch(/^403 .*"other"/)
    expect(refusal(() => requireFrontend({ ...key, frontends: null }, 'other'))).toBe('allowed')
    expect(refusal(() => requireFrontend(anonymous, 'other'))).toBe('allowed')
  })
})

import { expect, it } from 'vitest'
import type { KeyRow } from '@/lib/admin/key-rows'
import { renderKeysFile } from './keys-file'

it('the list of keys as a file tells times by the clock of the console', () => {
  const row: KeyRow = {
    id: 'k1',
    name: 'ci',
    prefix: 'abcdefghij',
    permissions: ['inference'],
    models: { allow: ['*'], deny: [] },
    networks: { allow: ['*'], deny: [] },
    frontends: null,
    capture: null,
    ownerId: 'u1',
    ownerName: 'ana',
    createdAtMs: 0,
    expiresAtMs: Date.UTC(2026, 11, 31, 22, 15),
    lastUsedAtMs: null,
    condition: 'active',
    limit: { requests: 100, windowSeconds: 60, from: 'default' },
    used: 0,
    usedOf: 100,
    mayManage: true,
  }
  const [, line] = renderKeysFile([row], 'Asia/Kathmandu').split('\r\n')
  expect(line).toBe(
    'ci,op_abcdefghij,ana,Active,inference,100 requests in 1 m,2027-01-01T04:00:00.000+05:45,',
  )
})

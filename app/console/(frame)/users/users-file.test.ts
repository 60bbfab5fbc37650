import { expect, it } from 'vitest'
import type { UserRow } from '@/lib/admin/user-rows'
import { renderUsersFile } from './users-file'

it('the list of people as a file tells times by the clock of the console', () => {
  const row: UserRow = {
    id: 'u1',
    name: 'ana',
    role: 'member',
    active: true,
    rateLimit: null,
    email: null,
    createdAtMs: 0,
    keyCount: 2,
    hasPassword: true,
    hasOidc: false,
    mustChangePassword: false,
    lastSignInAtMs: null,
    lastVisitAtMs: Date.UTC(2026, 6, 1, 22),
    condition: 'active',
    teams: [],
    requests: 7,
  }
  const [, line] = renderUsersFile([row], 'Europe/Berlin').split('\r\n')
  expect(line).toBe('ana,member,active,,,2,7,2026-07-02T00:00:00.000+02:00')
})

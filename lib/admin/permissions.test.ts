import { describe, expect, it } from 'vitest'
import { roles } from '@/lib/schemas/names'
import type { Role } from '@/lib/schemas/permissions'
import type { Actor } from './actor'
import * as permissions from './permissions'
import { type ConsolePage, consolePages } from './permissions'

const actor = (role: Role, managedUserIds: string[] = []): Actor => ({
  kind: 'user',
  id: `${role}-1`,
  name: role,
  role,
  managedUserIds,
  via: 'console',
  address: null,
})
const own = (one: Actor) => (one.kind === 'user' ? one.id : '')
const others = 'somebody-else'

/** A7: who may, of admin, operator, viewer and member. */
const table: Record<string, { may: Role[]; ask(actor: Actor): boolean }[]> = {
  canManageUsers: [{ may: ['admin'], ask: permissions.canManageUsers }],
  canManageTeams: [{ may: ['admin'], ask: permissions.canManageTeams }],
  canManageSettings: [{ may: ['admin'], ask: permissions.canManageSettings }],
  canManageAddressRules: [{ may: ['admin'], ask: permissions.canManageAddressRules }],
  canPruneUsage: [{ may: ['admin'], ask: permissions.canPruneUsage }],
  canBackUpDatabase: [{ may: ['admin'], ask: permissions.canBackUpDatabase }],
  canManageEveryKey: [{ may: ['admin'], ask: permissions.canManageEveryKey }],
  canManageBackends: [{ may: ['admin', 'operator'], ask: permissions.canManageBackends }],
  canManageFrontends: [{ may: ['admin', 'operator'], ask: permissions.canManageFrontends }],
  canManageModels: [{ may: ['admin', 'operator'], ask: permissions.canManageModels }],
  canReadEverything: [{ may: ['admin', 'operator', 'viewer'], ask: permissions.canReadEverything }],
  canUsePlayground: [{ may: ['admin', 'operator', 'member'], ask: permissions.canUsePlayground }],
  canManageKeysOf: [
    { may: ['admin', 'operator', 'member'], ask: (a) => permissions.canManageKeysOf(a, own(a)) },
    { may: ['admin'], ask: (a) => permissions.canManageKeysOf(a, others) },
  ],
  canManageKey: [
    {
      may: ['admin', 'operator', 'member'],
      ask: (a) => permissions.canManageKey(a, { ownerId: own(a) }),
    },
    { may: ['admin'], ask: (a) => permissions.canManageKey(a, { ownerId: others }) },
  ],
  canReadUser: [
    { may: [...roles], ask: (a) => permissions.canReadUser(a, own(a)) },
    {
      may: ['admin', 'operator', 'viewer'],
      ask: (a) => permissions.canReadUser(a, others),
    },
  ],
  canReadTeam: [
    { may: [...roles], ask: (a) => permissions.canReadTeam(a, [{ userId: own(a) }]) },
    {
      may: ['admin', 'operator', 'viewer'],
      ask: (a) => permissions.canReadTeam(a, [{ userId: others }]),
    },
  ],
  canReadContentOf: [
    { may: [...roles], ask: (a) => permissions.canReadContentOf(a, own(a)) },
    { may: ['admin'], ask: (a) => permissions.canReadContentOf(a, others) },
    { may: ['admin'], ask: (a) => permissions.canReadContentOf(a, null) },
  ],
  canStopRequestOf: [
    { may: ['admin', 'operator', 'member'], ask: (a) => permissions.canStopRequestOf(a, own(a)) },
    { may: ['admin', 'operator'], ask: (a) => permissions.canStopRequestOf(a, others) },
  ],
  canSeePage: consolePages.map((page) => ({
    may: membersPages().includes(page) ? [...roles] : ['admin', 'operator', 'viewer'],
    ask: (a) => permissions.canSeePage(a, page),
  })),
}

function membersPages(): ConsolePage[] {
  return ['overview', 'requests', 'usage', 'playground', 'keys', 'help']
}

describe('permissions', () => {
  it('each has a row in the table', () => {
    const asked = Object.keys(permissions).filter((name) => name.startsWith('can'))
    expect(Object.keys(table).sort()).toEqual(asked.sort())
  })

  it.each(Object.entries(table))('%s is what A7 says, for every role', (_name, rows) => {
    for (const { may, ask } of rows) {
      expect(roles.filter((role) => ask(actor(role))).sort()).toEqual([...may].sort())
      expect(ask({ kind: 'operator', via: 'cli', address: null })).toBe(
        may.length > 0 && ask !== permissions.canUsePlayground,
      )
    }
  })

  it('a team admin manages keys of the team’s members, and a viewer none', () => {
    const lead = actor('member', ['hand-1'])
    expect(permissions.canManageKeysOf(lead, 'hand-1')).toBe(true)
    expect(permissions.canReadUser(lead, 'hand-1')).toBe(true)
    expect(permissions.canManageKeysOf(lead, others)).toBe(false)
    expect(permissions.canReadContentOf(lead, 'hand-1')).toBe(false)
    const viewer = actor('viewer', ['hand-1'])
    expect(permissions.canManageKeysOf(viewer, 'hand-1')).toBe(false)
  })
})

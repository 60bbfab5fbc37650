import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Actor, type AdminContext, commandLineOperator } from '@/lib/admin/actor'
import { createUser } from '@/lib/admin/users'
import { systemClock } from '@/lib/core/clock'
import { deriveSealKey } from '@/lib/core/seal'
import { openDatabase } from '@/lib/db/open-database'
import type { Role } from '@/lib/schemas/permissions'

export const testSecret = 'a secret of tests, long enough to seal with'

export type TestContext = AdminContext & {
  folder: string
  /** The same, as a user of this role who was made for it. */
  as(role: Role): AdminContext
  close(): Promise<void>
}

/** A migrated SQLite file in a folder of its own, with a user of each role, as the operator. */
export async function openTestContext(): Promise<TestContext> {
  const folder = await mkdtemp(path.join(tmpdir(), 'corral-admin-'))
  const database = await openDatabase({ url: `file:${path.join(folder, 'corral.db')}` })
  await database.migrate()
  await database.ensureDefaultFrontend()
  const context: AdminContext = {
    database,
    actor: commandLineOperator,
    clock: systemClock,
    sealKey: deriveSealKey(testSecret),
  }
  const actors = new Map<Role, Actor>()
  for (const role of ['admin', 'operator', 'viewer', 'member'] as const) {
    const { user } = await createUser(context, { name: `${role}-user`, role })
    const { id, name } = user
    actors.set(role, { kind: 'user', id, name, role, via: 'api', address: '192.0.2.7' })
  }
  return {
    ...context,
    folder,
    as: (role) => ({ ...context, actor: actors.get(role) ?? commandLineOperator }),
    async close() {
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

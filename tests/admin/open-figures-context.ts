import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Actor, type AdminContext, commandLineOperator } from '@/lib/admin/actor'
import { createBackend } from '@/lib/admin/backends'
import { createKey } from '@/lib/admin/keys'
import { createUser } from '@/lib/admin/users'
import { deriveSealKey } from '@/lib/core/seal'
import type { Database, Key, User } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import { renderUsageLine } from '@/lib/db/usage-line'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { createRunFolder } from '@/tests/support/test-databases'
import { testSecret } from './open-test-context'

export type FiguresContext = AdminContext & {
  nowMs: number
  ana: User
  tom: User
  anaKey: Key
  tomKey: Key
  backendIds: { big: string; small: string }
  asUser(user: User): AdminContext
  ingest(records: UsageRecord[]): Promise<void>
  close(): Promise<void>
}

/** A database with two members who have a key each, two backends, and a clock that stands still. */
export async function openFiguresContext(options: {
  url: string
  nowMs: number
  timezone?: string
}): Promise<FiguresContext> {
  const { url, nowMs, timezone = 'UTC' } = options
  const database = await openDatabase({ url, timezone })
  await database.migrate()
  await database.ensureDefaultFrontend()
  const context: AdminContext = {
    database,
    actor: commandLineOperator,
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    sealKey: deriveSealKey(testSecret),
  }
  const [ana, tom] = await Promise.all(
    ['ana', 'tom'].map(async (name) => (await createUser(context, { name, role: 'member' })).user),
  )
  if (ana === undefined || tom === undefined) throw new Error('no users')
  const anaKey = (await createKey(context, { name: 'web-ui', owner: 'ana' })).key
  const tomKey = (await createKey(context, { name: 'ci', owner: 'tom' })).key
  const big = await createBackend(context, {
    name: 'big',
    url: 'http://127.0.0.1:9',
    maxMemoryGb: 80,
  })
  const small = await createBackend(context, { name: 'small', url: 'http://127.0.0.2:9' })
  let segments = 0
  return {
    ...context,
    nowMs,
    ana,
    tom,
    anaKey,
    tomKey,
    backendIds: { big: big.id, small: small.id },
    asUser: ({ id, name, role }) => {
      const actor: Actor = { kind: 'user', id, name, role, via: 'console', address: '192.0.2.7' }
      return { ...context, actor }
    },
    async ingest(records) {
      const name = `figures-0123456789-${String(++segments).padStart(6, '0')}.jsonl`
      await ingestLines(database, { name, records })
    },
    close: () => database.close(),
  }
}

async function ingestLines(
  database: Database,
  { name, records }: { name: string; records: UsageRecord[] },
): Promise<void> {
  const file = path.join(createRunFolder(), name)
  writeFileSync(file, records.map(renderUsageLine).join(''))
  const segment = { path: file, name, bytesMax: 4_000_000 }
  while (!(await database.ingestJournalSegment(segment)).ended);
}

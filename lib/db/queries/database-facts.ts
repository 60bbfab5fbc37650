import { statSync } from 'node:fs'
import { CorralError } from '@/lib/core/errors'
import type { Cellar } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { toMs } from '../columns'
import type { AuditEntry } from '../contract'
import type { DatabaseFacts } from '../contract-reads'

export async function readDatabaseFacts({ prisma, engine }: Cellar): Promise<DatabaseFacts> {
  const isSqlite = engine === 'sqlite'
  const [facts] = await prisma.$queryRawUnsafe<{ version: string; size: number | bigint }[]>(
    isSqlite
      ? `SELECT sqlite_version() AS version, (SELECT page_count FROM pragma_page_count())
         * (SELECT page_size FROM pragma_page_size()) AS size`
      : `SELECT current_setting('server_version') AS version,
         pg_database_size(current_database()) AS size`,
  )
  const [migration] = await prisma.$queryRawUnsafe<{ name: string | null }[]>(
    'SELECT max(name) AS name FROM _corral_migrations',
  )
  // Each by itself: both at once would read the whole index.
  const [ends] = await prisma.$queryRawUnsafe<
    Record<'oldest' | 'newest', bigint | number | null>[]
  >(
    `SELECT (SELECT min(started_at_ms) FROM usage_records) AS oldest,
       (SELECT max(started_at_ms) FROM usage_records) AS newest`,
  )
  return {
    engine,
    version: facts?.version ?? '',
    sizeBytes: Number(facts?.size ?? 0),
    migration: migration?.name ?? null,
    usageRecords: {
      oldestMs: toMs(ends?.oldest),
      newestMs: toMs(ends?.newest),
    },
  }
}

/** `VACUUM INTO`: one reader's view of everything, while others go on writing. */
export async function backupDatabase(
  cellar: Cellar,
  file: string,
  audit: AuditEntry,
): Promise<{ sizeBytes: number }> {
  if (cellar.engine !== 'sqlite') {
    const problem = 'PostgreSQL is backed up by its own tools, such as pg_dump.'
    throw new CorralError('admin.invalid_input', { params: { problem } })
  }
  await cellar.prisma.$executeRawUnsafe('VACUUM INTO ?1', file)
  const sizeBytes = statSync(file).size
  await changeWithAudit(cellar, { raises: null, audit }, async () => ({
    result: null,
    before: null,
    after: { sizeBytes },
  }))
  return { sizeBytes }
}

import { statSync } from 'node:fs'
import { CorralError } from '@/lib/core/errors'
import type { Cellar } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
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
  const ends = await prisma.usageRecord.aggregate({
    _min: { startedAtMs: true },
    _max: { startedAtMs: true },
  })
  const { _min: oldest, _max: newest } = ends
  return {
    engine,
    version: facts?.version ?? '',
    sizeBytes: Number(facts?.size ?? 0),
    migration: migration?.name ?? null,
    usageRecords: {
      oldestMs: oldest.startedAtMs === null ? null : Number(oldest.startedAtMs),
      newestMs: newest.startedAtMs === null ? null : Number(newest.startedAtMs),
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

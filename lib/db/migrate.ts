import { CorralError } from '@/lib/core/errors'
import type { Cellar } from './cellar'
import { listMigrations, type Migration } from './migrations'

/**
 * Applies what is missing, each migration in one transaction under a lock that other processes
 * wait for. @throws CorralError `db.newer_version`, `db.unreachable`.
 */
export async function migrate(cellar: Cellar): Promise<{ applied: string[] }> {
  const applied: string[] = []
  const migrations = listMigrations(cellar.engine)
  await makeMigrationTable(cellar)
  refuseUnknown(await listApplied(cellar), migrations)
  for (const migration of migrations) {
    if ((await listApplied(cellar)).includes(migration.name)) continue
    if (await apply(cellar, migration)) applied.push(migration.name)
  }
  refuseUnknown(await listApplied(cellar), migrations)
  await addFirstRows(cellar)
  return { applied }
}

const table = '_corral_migrations'

async function makeMigrationTable(cellar: Cellar): Promise<void> {
  await cellar.runScript(
    `CREATE TABLE IF NOT EXISTS "${table}" ("name" TEXT NOT NULL PRIMARY KEY, "checksum" TEXT NOT NULL, "applied_at" BIGINT NOT NULL)`,
  )
}

async function listApplied({ prisma }: Cellar): Promise<string[]> {
  const rows = await prisma.$queryRawUnsafe<{ name: string }[]>(
    `SELECT "name" FROM "${table}" ORDER BY "name"`,
  )
  return rows.map((row) => row.name)
}

function refuseUnknown(applied: string[], migrations: Migration[]): void {
  const known = new Set(migrations.map((migration) => migration.name))
  if (applied.some((name) => !known.has(name))) throw new CorralError('db.newer_version')
}

/** The row comes first: it collides, and undoes the rest, when another process came before us. */
async function apply(cellar: Cellar, migration: Migration): Promise<boolean> {
  const row = `INSERT INTO "${table}" VALUES ('${migration.name}', '${migration.checksum}', ${Date.now()})`
  try {
    await cellar.runScript(`${row};\n${migration.sql}`)
    return true
  } catch (error) {
    if ((await listApplied(cellar)).includes(migration.name)) return false
    throw error
  }
}

async function addFirstRows({ prisma, timezone }: Cellar): Promise<void> {
  await prisma.$executeRaw`INSERT INTO revision (id, config, keys) VALUES (1, 1, 1) ON CONFLICT DO NOTHING`
  await prisma.$executeRaw`INSERT INTO rollup_state (id, timezone, reroll_from_ms, minutes_from_ms)
    VALUES (1, ${timezone}, NULL, 0) ON CONFLICT DO NOTHING`
}

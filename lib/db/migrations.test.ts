import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createTestDatabases } from '@/tests/support/test-databases'
import { openDatabase } from './open-database'
import { runSql } from './test-support/run-sql'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../..')
const [migrated, whole] = [await createTestDatabases(), await createTestDatabases()]

test('the PostgreSQL schema is the twin of the SQLite schema', async () => {
  await run(process.execPath, ['scripts/generate-postgresql-schema.mjs', '--check'], { cwd: root })
})

for (const [index, { engine, url }] of migrated.entries()) {
  describe.skipIf(url === null)(engine, () => {
    test('the migrations give exactly the schema', async () => {
      const fromMigrations = url ?? ''
      const db = await openDatabase({ url: fromMigrations })
      await db.migrate()
      await db.close()
      const fromSchema = whole[index]?.url ?? ''
      const script = ['scripts/make-migration.mjs', '--whole', engine]
      const { stdout } = await run(process.execPath, script, { cwd: root })
      await runSql(fromSchema, stdout)
      const expected = await describeStructure(engine, fromSchema)
      expect(expected.length).toBeGreaterThan(100)
      expect(await describeStructure(engine, fromMigrations)).toEqual(expected)
    }, 60_000)
  })
}

const structure = {
  sqlite: `SELECT 'column ' || m.name || ' ' || c.name || ' ' || c.type || ' ' || c."notnull" || ' '
      || coalesce(c.dflt_value, '') || ' ' || c.pk AS line
    FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'
    UNION ALL SELECT 'index ' || m.name || ' ' || l."unique" || ' '
      || (SELECT group_concat(i.name) FROM pragma_index_info(l.name) i)
    FROM sqlite_master m, pragma_index_list(m.name) l WHERE m.type = 'table'
    UNION ALL SELECT 'key ' || m.name || ' ' || f."from" || ' ' || f."table" || ' ' || f."to" || ' '
      || f.on_update || ' ' || f.on_delete
    FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`,
  postgresql: `SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable,
      column_default) AS line
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT concat_ws(' ', 'key', conrelid::regclass, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace`,
}

async function describeStructure(engine: keyof typeof structure, url: string): Promise<string[]> {
  const rows = await runSql(url, structure[engine])
  const lines = rows.map((row) => String(row[0]))
  return lines.filter((line) => !/_corral_migrations|sqlite_sequence/.test(line)).sort()
}

// Writes prisma/*/migrations into lib/db/generated/migrations.json, which every bundle of the
// worker takes in: a program and its migrations are always of one version.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')

export async function embedMigrations() {
  const migrations = {
    sqlite: await readMigrations('sqlite'),
    postgresql: await readMigrations('postgresql'),
  }
  const target = path.join(root, 'lib/db/generated/migrations.json')
  await mkdir(path.dirname(target), { recursive: true })
  // Under another name first: two runs of tests at once read each other's.
  const draft = `${target}.${process.pid}.draft`
  await writeFile(draft, JSON.stringify(migrations))
  await rename(draft, target)
}

/**
 * The migrations of an engine in their order, with the SHA-256 of their SQL.
 * @param {'sqlite' | 'postgresql'} engine
 */
export async function readMigrations(engine) {
  const folder = path.join(root, 'prisma', engine, 'migrations')
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9_]+$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

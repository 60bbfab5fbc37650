// Writes prisma/{sqlite,postgresql}/migrations/NNNN_name/migration.sql: what leads from the schemas
// of a commit (HEAD unless `--from` names another) to the schemas as they stand. No engine binary
// and no server is needed. `--whole ENGINE` prints what leads from nothing to the schema instead.
// Usage: node scripts/make-migration.mjs NAME [--from COMMIT] | --whole sqlite|postgresql
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import { renderPostgresqlSchema } from './generate-postgresql-schema.mjs'

const root = path.resolve(import.meta.dirname, '..')

/**
 * The SQL that leads from one schema to another; `null` is the empty database.
 * @param {{ engine: 'sqlite' | 'postgresql', from: string | null, to: string }} schemas
 * @returns {Promise<string>}
 */
export async function diffSchemas({ engine, from, to }) {
  const schemaEngine = await loadSchemaEngine(engine)
  const { stdout } = await schemaEngine.diff({
    from: from === null ? { tag: 'empty' } : datamodel(from),
    to: datamodel(to),
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  return stdout ?? ''
}

function datamodel(content) {
  return { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] }
}

async function loadSchemaEngine(engine) {
  const require = createRequire(import.meta.url)
  const folder = path.dirname(require.resolve('@prisma/schema-engine-wasm'))
  // The bindings hold one instance: the query gives each engine a copy of the module.
  const file = pathToFileURL(path.join(folder, 'schema_engine_bg.js'))
  const bindings = await import(`${file.href}?${engine}`)
  const bytes = await readFile(path.join(folder, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  const factory = engine === 'sqlite' ? new PrismaLibSql({ url: 'file::memory:' }) : noServer
  return bindings.SchemaEngine.new(
    { datamodels: undefined },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  )
}

// The engine wants to greet a server before it compares two schemas; this one only says hello.
const connection = {
  provider: 'postgres',
  adapterName: 'none',
  getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
  queryRaw: async () => ({
    columnNames: ['exists', 'version', 'numeric_version'],
    columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
    rows: [[true, 'PostgreSQL 15.0', 150000]],
  }),
  executeRaw: async () => 0,
  executeScript: async () => {},
  dispose: async () => {},
}
const noServer = {
  provider: 'postgres',
  adapterName: 'none',
  connect: async () => connection,
  connectToShadowDb: async () => connection,
}

async function renderWholeSchema(engine) {
  const to = await readFile(path.join(root, 'prisma', engine, 'schema.prisma'), 'utf8')
  return withoutSchema(await diffSchemas({ engine, from: null, to }))
}

// The schema "public" is there; making it would ask for rights that Corral does not need.
function withoutSchema(sql) {
  return sql.replace(/^-- CreateSchema\nCREATE SCHEMA .*;\n\n/, '').trim()
}

async function makeMigration({ name, from }) {
  await writeFile(
    path.join(root, 'prisma/postgresql/schema.prisma'),
    await renderPostgresqlSchema(),
  )
  for (const engine of ['sqlite', 'postgresql']) {
    const folder = path.join(root, 'prisma', engine)
    const migrations = path.join(folder, 'migrations')
    await mkdir(migrations, { recursive: true })
    const earlier = (await readdir(migrations)).filter((entry) => /^\d{4}_/.test(entry)).sort()
    const sql = await diffSchemas({
      engine,
      from: earlier.length === 0 ? null : schemaOfCommit(from, engine),
      to: await readFile(path.join(folder, 'schema.prisma'), 'utf8'),
    })
    if (sql.trim() === '' || sql.includes('This is an empty migration')) {
      console.error(`${engine}: nothing has changed since ${from}.`)
      continue
    }
    const number = Number(earlier.at(-1)?.slice(0, 4) ?? 0) + 1
    const target = path.join(migrations, `${String(number).padStart(4, '0')}_${name}`)
    await mkdir(target)
    await writeFile(path.join(target, 'migration.sql'), `${withoutSchema(sql)}\n`)
    console.log(path.relative(root, path.join(target, 'migration.sql')))
  }
}

function schemaOfCommit(commit, engine) {
  return execFileSync('git', ['show', `${commit}:prisma/${engine}/schema.prisma`], {
    cwd: root,
    encoding: 'utf8',
  })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [name, ...rest] = process.argv.slice(2)
  if (name === '--whole' && ['sqlite', 'postgresql'].includes(rest[0])) {
    console.log(await renderWholeSchema(rest[0]))
  } else if (name && /^[a-z0-9_]+$/.test(name)) {
    await makeMigration({ name, from: rest[0] === '--from' ? (rest[1] ?? 'HEAD') : 'HEAD' })
  } else {
    console.error('Usage: node scripts/make-migration.mjs name_in_snake_case [--from COMMIT]')
    process.exitCode = 1
  }
  process.exit()
}

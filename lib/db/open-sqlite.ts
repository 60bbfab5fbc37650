import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { CorralError } from '@/lib/core/errors'
import type { Cellar } from './cellar'
import { describeDatabaseProblem } from './describe-database-problem'
import { PrismaClient } from './generated/sqlite/client'
import type { WorkerSettings } from './messages'

type Client = ReturnType<PrismaLibSql['createClient']>

/** Opens (and makes) the file: WAL, foreign keys, 5 s of patience with other writers. */
export async function openSqlite(settings: WorkerSettings): Promise<Cellar> {
  try {
    mkdirSync(path.dirname(settings.url.slice('file:'.length)), { recursive: true, mode: 0o700 })
    const factory = new OneConnectionFactory({ url: settings.url })
    const prisma = new PrismaClient({ adapter: factory })
    await prisma.$queryRawUnsafe('SELECT count(*) AS tables FROM sqlite_master')
    return {
      engine: 'sqlite',
      prisma,
      timezone: settings.timezone,
      runScript: (sql) => runScript(factory, sql),
      close: () => prisma.$disconnect(),
    }
  } catch (error) {
    const problem = describeDatabaseProblem(error) ?? 'the file cannot be opened'
    throw new CorralError('db.unreachable', { params: { problem }, cause: error })
  }
}

async function runScript(factory: PrismaLibSql, sql: string): Promise<void> {
  const connection = await factory.connect()
  try {
    await connection.executeScript('PRAGMA busy_timeout = 60000')
    await connection.executeScript(`BEGIN IMMEDIATE;\n${sql};\nCOMMIT;`)
  } finally {
    await connection.dispose()
  }
}

/**
 * The adapter's own client opens a new connection, without our pragmas, after every transaction,
 * and begins transactions as readers, which fail at once when they come to write beside another
 * process. This one stays on one connection and takes the write lock first.
 */
class OneConnectionFactory extends PrismaLibSql {
  override createClient(config: Parameters<PrismaLibSql['createClient']>[0]): Client {
    const client = super.createClient(config)
    for (const pragma of ['busy_timeout = 5000', 'journal_mode = WAL', 'synchronous = NORMAL']) {
      runNow(client, `PRAGMA ${pragma}`)
    }
    runNow(client, 'PRAGMA foreign_keys = ON')
    return withOneConnection(client)
  }
}

// The client's work is synchronous and its promise only carries the outcome, so the pragmas stand
// before the first query; a failure shows again at that query.
function runNow(client: Client, sql: string): void {
  client.execute(sql).catch(() => {})
}

function withOneConnection(client: Client): Client {
  return new Proxy(client, {
    get(target, name) {
      if (name === 'transaction') return () => beginTransaction(target)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

async function beginTransaction(client: Client) {
  await client.execute('BEGIN IMMEDIATE')
  return {
    execute: client.execute.bind(client),
    commit: async () => {
      await client.execute('COMMIT')
    },
    rollback: async () => {
      await client.execute('ROLLBACK')
    },
  }
}

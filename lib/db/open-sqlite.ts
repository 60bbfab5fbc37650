import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { CorralError } from '@/lib/core/errors'
import type { Cellar, Parameter, Statements } from './cellar'
import { describeDatabaseProblem } from './describe-database-problem'
import { PrismaClient } from './generated/sqlite/client'
import type { WorkerSettings } from './messages'

type Client = ReturnType<PrismaLibSql['createClient']>
type Adapter = Awaited<ReturnType<PrismaLibSql['connect']>>

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
      inTransaction: (work) => inTransaction(factory, work),
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
 * On Prisma's own connection, by its adapter, and without the client before it, which would take
 * and give the text of a thousand records several times over.
 */
async function inTransaction<T>(
  factory: OneConnectionFactory,
  work: (tx: Statements) => Promise<T>,
): Promise<T> {
  const tx = await factory.connected().startTransaction()
  try {
    const result = await work({
      $executeRawUnsafe: (sql, ...values) => tx.executeRaw(statement(sql, values)),
      $queryRawUnsafe: (sql, ...values) => queryRows(tx, statement(sql, values)),
    })
    await tx.commit()
    return result
  } catch (error) {
    await tx.rollback()
    throw error
  }
}

function statement(sql: string, values: Parameter[]) {
  const argTypes = values.map((value) => (typeof value === 'string' ? textType : numberType))
  return { sql, args: values, argTypes }
}

const textType = { scalarType: 'string', arity: 'scalar' } as const
const numberType = { scalarType: 'int', arity: 'scalar' } as const

/** The caller names the columns in its SQL, and their types with `T`, as with Prisma's function. */
async function queryRows<T>(
  tx: Awaited<ReturnType<Adapter['startTransaction']>>,
  query: ReturnType<typeof statement>,
): Promise<T> {
  const { columnNames, rows } = await tx.queryRaw(query)
  const named = rows.map((row) =>
    Object.fromEntries(columnNames.map((name, index) => [name, row[index]])),
  )
  return named as T
}

/**
 * The adapter's own client opens a new connection, without our pragmas, after every transaction,
 * and begins transactions as readers, which fail at once when they come to write beside another
 * process. This one stays on one connection and takes the write lock first.
 */
class OneConnectionFactory extends PrismaLibSql {
  private first: Adapter | null = null

  /** The connection that Prisma asked for at its first query. */
  connected(): Adapter {
    if (!this.first) throw new Error('the database was not asked yet')
    return this.first
  }

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect()
    this.first ??= adapter
    return adapter
  }

  override createClient(config: Parameters<PrismaLibSql['createClient']>[0]): Client {
    return withOneConnection(super.createClient(config))
  }
}

const pragmas = [
  'busy_timeout = 5000',
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'foreign_keys = ON',
]

// The client's work is synchronous and its promise only carries the outcome, so the pragmas stand
// before the first query; a failure shows again at that query.
function setPragmas(client: Client): void {
  for (const pragma of pragmas) client.execute(`PRAGMA ${pragma}`).catch(() => {})
}

function withOneConnection(client: Client): Client {
  setPragmas(client)
  const connection = new OneConnection(client)
  return new Proxy(client, {
    get(target, name) {
      if (name === 'execute') return connection.execute
      if (name === 'transaction') return connection.begin
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/**
 * A statement that waited in vain for the lock stays begun in the binding, and with it the view of
 * that moment: whatever is written on its connection from then on is refused, for ever. Only
 * closing the connection ends it. The adapter sends one statement at a time.
 */
class OneConnection {
  private isInTransaction = false
  private isStale = false

  constructor(private readonly client: Client) {}

  readonly execute: Client['execute'] = async (...given: Parameters<Client['execute']>) => {
    try {
      return await this.client.execute(...given)
    } catch (error) {
      this.isStale ||= isBusy(error)
      if (!this.isInTransaction) this.renew()
      throw error
    }
  }

  readonly begin = async () => {
    await this.execute('BEGIN IMMEDIATE')
    this.isInTransaction = true
    return {
      execute: this.execute,
      commit: async () => {
        await this.execute('COMMIT')
        this.isInTransaction = false
      },
      rollback: async () => {
        try {
          await this.execute('ROLLBACK')
        } finally {
          this.isInTransaction = false
          this.renew()
        }
      },
    }
  }

  private renew(): void {
    if (!this.isStale) return
    this.isStale = false
    this.client.reconnect()
    setPragmas(this.client)
  }
}

function isBusy(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false
  return String(error.code).startsWith('SQLITE_BUSY')
}

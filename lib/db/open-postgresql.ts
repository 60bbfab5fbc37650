import { CorralError } from '@/lib/core/errors'
import { type Cellar, transactionOptions } from './cellar'
import { describeDatabaseProblem } from './describe-database-problem'
import { PrismaClient } from './generated/postgresql/client'
import type { PrismaClient as SqlitePrismaClient } from './generated/sqlite/client'
import type { WorkerSettings } from './messages'

export async function openPostgresql(settings: WorkerSettings): Promise<Cellar> {
  // Who runs on SQLite never waits for this driver.
  const { PrismaPg } = await import('@prisma/adapter-pg')
  const factory = new PrismaPg(
    { connectionString: settings.url, max: 8, connectionTimeoutMillis: 10_000 },
    // A connection lost while it is idle is replaced by the pool; the next query tells.
    { onPoolError: () => {}, onConnectionError: () => {} },
  )
  const prisma = asSharedClient(new PrismaClient({ adapter: factory }))
  try {
    await prisma.$queryRawUnsafe('SELECT 1 AS one')
  } catch (error) {
    await prisma.$disconnect()
    const problem = describeDatabaseProblem(error) ?? 'PostgreSQL does not answer as expected'
    throw new CorralError('db.unreachable', { params: { problem }, cause: error })
  }
  return {
    engine: 'postgresql',
    prisma,
    timezone: settings.timezone,
    inTransaction: (work) => prisma.$transaction(work, transactionOptions),
    runScript: (sql) => runScript(prisma, sql),
    close: () => prisma.$disconnect(),
  }
}

// Any number; it is the same in every process of Corral.
const migrationLock = 7_266_772_571

async function runScript(prisma: SqlitePrismaClient, sql: string): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await tx.$executeRawUnsafe(`SELECT pg_advisory_xact_lock(${migrationLock})`)
    await tx.$executeRawUnsafe(sql)
  }, transactionOptions)
}

/** The two schemas are twins (a test compares them), so the clients have the same functions. */
function asSharedClient(client: PrismaClient): SqlitePrismaClient {
  return client as unknown as SqlitePrismaClient
}

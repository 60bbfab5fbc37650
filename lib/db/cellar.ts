import type { Prisma, PrismaClient } from './generated/sqlite/client'

/** An open database, inside the worker. Both clients have the types of the SQLite one. */
export type Cellar = {
  engine: 'sqlite' | 'postgresql'
  prisma: PrismaClient
  /** The zone in which days begin until a `rerollDays` says another. */
  timezone: string
  /** Written statements in one transaction that takes its turn with those of `prisma`. */
  inTransaction<T>(work: (tx: Statements) => Promise<T>): Promise<T>
  /** Several statements without parameters, in one transaction behind the migrations' lock. */
  runScript(sql: string): Promise<void>
  close(): Promise<void>
}
export type Transaction = Prisma.TransactionClient
/** What written SQL needs of a transaction. Parameters are `$1`, `$2`, … in their order. */
export type Statements = {
  $queryRawUnsafe<T>(sql: string, ...values: Parameter[]): Promise<T>
  $executeRawUnsafe(sql: string, ...values: Parameter[]): Promise<number>
}
export type Parameter = string | number

/** Writing waits its turn behind other writers; a step that takes a minute has gone wrong. */
export const transactionOptions = { maxWait: 60_000, timeout: 60_000 }

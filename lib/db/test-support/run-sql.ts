import { PrismaLibSql } from '@prisma/adapter-libsql'
import { PrismaPg } from '@prisma/adapter-pg'

/** Runs SQL on a database by its address, past everything: what tests prepare and look at. */
export async function runSql(url: string, sql: string): Promise<unknown[][]> {
  const factory = url.startsWith('file:') ? new PrismaLibSql({ url }) : new PrismaPg(url)
  const connection = await factory.connect()
  try {
    if (/^SELECT\b/.test(sql)) {
      return (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows
    }
    await connection.executeScript(sql)
    return []
  } finally {
    await connection.dispose()
  }
}

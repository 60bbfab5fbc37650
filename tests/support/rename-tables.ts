import path from 'node:path'
import { PrismaLibSql } from '@prisma/adapter-libsql'

/** Takes tables of an SQLite database away under its readers: what reads them fails from now on. */
export async function renameTables(dataFolder: string, tables: readonly string[]): Promise<void> {
  const adapter = new PrismaLibSql({ url: `file:${path.join(dataFolder, 'corral.db')}` })
  const connection = await adapter.connect()
  try {
    for (const table of tables) {
      await connection.executeScript(`ALTER TABLE "${table}" RENAME TO "${table}_gone"`)
    }
  } finally {
    await connection.dispose()
  }
}

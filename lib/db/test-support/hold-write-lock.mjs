// Takes the write lock of a SQLite file, says so, holds it for the given milliseconds, and commits
// what it wrote.
import { PrismaLibSql } from '@prisma/adapter-libsql'

const [url, ms] = process.argv.slice(2)
const connection = await new PrismaLibSql({ url }).connect()
const transaction = await connection.startTransaction()
await transaction.executeRaw({
  sql: 'UPDATE revision SET config = config WHERE id = 1',
  args: [],
  argTypes: [],
})
process.stdout.write('held\n')
await new Promise((resolve) => setTimeout(resolve, Number(ms)))
await transaction.commit()
process.stdout.write('released\n')

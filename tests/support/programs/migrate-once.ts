import { openDatabase } from '@/lib/db/open-database'

// Opens a database, migrates it, and tells what was applied.
const db = await openDatabase({ url: process.argv[2] ?? '' })
const { applied } = await db.migrate()
process.stdout.write(`${JSON.stringify(applied)}\n`)
await db.close()

import { constants, setPriority } from 'node:os'
import { parseArgs } from 'node:util'
import { commandLineOperator } from '@/lib/admin/actor'
import { ensureFirstRun } from '@/lib/admin/ensure-first-run'
import { systemClock } from '@/lib/core/clock'
import { readEnv } from '@/lib/core/env'
import { deriveSealKey } from '@/lib/core/seal'
import { loadOrMakeSecrets } from '@/lib/core/secrets'
import { openDatabase } from '@/lib/db/open-database'
import { fillDatabase } from './fill-database'

const usage = `npm run seed -- --records 200000 [--seed 1]
  Fills the database of this environment (CORRAL_DATA, DATABASE_URL) with 30 realistic days and a
  year of roll-ups. Only an empty database is filled.`
const recordsMax = 50_000_000

process.exitCode = await seed().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})

async function seed(): Promise<number> {
  const { values } = parseArgs({
    options: {
      records: { type: 'string' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const records = Number(values.records)
  if (!Number.isInteger(records) || records < 1 || records > recordsMax) {
    console.error(usage)
    return 2
  }
  // A gateway may serve from the same machine: its streams go first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  const env = readEnv()
  const { secret } = loadOrMakeSecrets({ dataFolder: env.dataFolder, env })
  const sealKey = deriveSealKey(secret)
  const database = await openDatabase({ url: env.databaseUrl })
  try {
    await database.migrate()
    if ((await database.listUsageRecords({ limit: 1 })).length > 0) {
      console.error('This database has records already. Seed an empty one: set CORRAL_DATA.')
      return 1
    }
    const clock = systemClock
    const signal = AbortSignal.timeout(30_000)
    await ensureFirstRun({ database, clock, sealKey, env, signal })
    const startedMs = clock.monotonicMs()
    let toldMs = startedMs
    const context = { database, clock, sealKey, actor: commandLineOperator }
    await fillDatabase(context, {
      records,
      seed: Number(values.seed),
      onProgress(written) {
        if (clock.monotonicMs() - toldMs < 5000) return
        toldMs = clock.monotonicMs()
        console.log(`${written} of ${records} records`)
      },
    })
    const seconds = (clock.monotonicMs() - startedMs) / 1000
    const { sizeBytes } = await database.readDatabaseFacts()
    console.log(`${records} records in ${seconds.toFixed(1)} s, ${Math.round(sizeBytes / 1e6)} MB`)
    return 0
  } finally {
    await database.close()
  }
}

import { constants, setPriority } from 'node:os'
import { commandLineOperator } from '@/lib/admin/actor'
import { systemClock } from '@/lib/core/clock'
import { readEnv } from '@/lib/core/env'
import { deriveSealKey } from '@/lib/core/seal'
import { loadOrMakeSecrets } from '@/lib/core/secrets'
import { openDatabase } from '@/lib/db/open-database'
import { fillDatabase } from '@/seed/fill-database'

/** `npm run seed` without its question whether there are records: those of streams are there. */
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
const env = readEnv()
const { secret } = loadOrMakeSecrets({ dataFolder: env.dataFolder, env })
const database = await openDatabase({ url: env.databaseUrl })
const sealKey = deriveSealKey(secret)
const context = { database, sealKey, clock: systemClock, actor: commandLineOperator }
await fillDatabase(context, { records: 5_000_000, seed: 1 })
await database.close()

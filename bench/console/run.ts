import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { commandLineOperator } from '@/lib/admin/actor'
import { systemClock } from '@/lib/core/clock'
import { readEnv } from '@/lib/core/env'
import { deriveSealKey } from '@/lib/core/seal'
import { loadOrMakeSecrets } from '@/lib/core/secrets'
import { openDatabase } from '@/lib/db/open-database'
import { listMeasured, type Measured } from './read-models'

const usage = `npm run bench:console -- [--rounds 20] [--only overview]
  On the database of this environment (CORRAL_DATA, DATABASE_URL); fill it with "npm run seed".`

process.exitCode = await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '20' },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  })
  const rounds = Number(values.rounds)
  if (values.help || !Number.isInteger(rounds) || rounds < 1 || rounds > 1000) {
    console.error(usage)
    return values.help ? 0 : 2
  }
  const env = readEnv()
  const { secret } = loadOrMakeSecrets({ dataFolder: env.dataFolder, env })
  const sealKey = deriveSealKey(secret)
  const database = await openDatabase({ url: env.databaseUrl })
  try {
    const context = { database, sealKey, clock: systemClock, actor: commandLineOperator }
    const facts = await database.readDatabaseFacts()
    const newestMs = facts.usageRecords.newestMs
    if (newestMs === null) {
      console.error('There are no records here. Run "npm run seed -- --records 200000" first.')
      return 1
    }
    const megabytes = Math.round(facts.sizeBytes / 1e6)
    console.log(`${facts.engine} ${facts.version}, ${megabytes} MB, ${rounds} rounds\n`)
    const measured = await listMeasured(context, newestMs)
    console.log(row(['read model', 'p50 ms', 'p95 ms', 'target', 'KB', 'KB gzip']))
    for (const one of measured.filter(({ name }) => name.startsWith(values.only))) {
      console.log(await measure(one, rounds))
    }
    return 0
  } finally {
    await database.close()
  }
}

async function measure({ name, targetMs, read }: Measured, rounds: number): Promise<string> {
  const json = JSON.stringify(await read())
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const startedMs = systemClock.monotonicMs()
    await read()
    times.push(systemClock.monotonicMs() - startedMs)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.ceil(share * times.length) - 1] ?? 0
  const p95 = at(0.95)
  const target = targetMs === null ? '' : `${targetMs}${p95 > targetMs ? ' missed' : ''}`
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1)
  return row([
    name,
    at(0.5).toFixed(1),
    p95.toFixed(1),
    target,
    kilobytes(Buffer.byteLength(json)),
    kilobytes(gzipSync(json).length),
  ])
}

function row([name = '', ...figures]: string[]): string {
  return `${name.padEnd(38)}${figures.map((figure) => figure.padStart(12)).join('')}`
}

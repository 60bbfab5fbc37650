import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { type AdminContext, commandLineOperator } from '@/lib/admin/actor'
import { openControlPlane } from '@/lib/admin/open-control-plane'
import { systemClock } from '@/lib/core/clock'
import { readEnv } from '@/lib/core/env'
import { openHouse } from './open-house'
import { measurePages, type PageLoad } from './pages'
import { listMeasured, type Measured } from './read-models'
import { type Disturbance, measureStreams } from './streams'

const usage = `npm run bench:console -- [--rounds 20] [--only overview] [--parts models,pages,streams]
  On the database of this environment (CORRAL_DATA, DATABASE_URL); fill it with "npm run seed".
  models   the server's time for what a page reads; --only those whose name begins so
  pages    each page in Chromium: its time, its largest paint, what came over the wire
  streams  the gap between two chunks, alone and beside heavy reports and the seed
  For pages and streams a Corral is started on this database, with a user, a key and a server that
  are removed again; its retention prunes as that of any other.`
const parts = ['models', 'pages', 'streams'] as const
const warmUpRounds = 5
const pageRounds = 3
const streamRounds = 3
const largestPaintTargetMs = 1500
const growthTargetMs = 10

process.exitCode = await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '20' },
      only: { type: 'string', default: '' },
      parts: { type: 'string', default: parts.join(',') },
      help: { type: 'boolean', default: false },
    },
  })
  const rounds = Number(values.rounds)
  const wanted = parts.filter((part) => values.parts.split(',').includes(part))
  if (values.help || !Number.isInteger(rounds) || rounds < 1 || rounds > 1000) {
    console.error(usage)
    return values.help ? 0 : 2
  }
  const env = readEnv()
  const context = await openControlPlane(commandLineOperator, env)
  try {
    const facts = await context.database.readDatabaseFacts()
    const newestMs = facts.usageRecords.newestMs
    if (newestMs === null) {
      console.error('There are no records here. Run "npm run seed -- --records 200000" first.')
      return 1
    }
    const megabytes = Math.round(facts.sizeBytes / 1e6)
    console.log(`${facts.engine} ${facts.version}, ${megabytes} MB, ${rounds} rounds\n`)
    if (wanted.includes('models')) {
      const measured = await listMeasured(context, newestMs)
      console.log(row(['read model', 'p50 ms', 'p95 ms', 'target', 'KB', 'KB gzip']))
      for (const one of measured.filter(({ name }) => name.startsWith(values.only))) {
        console.log(await measure(one, rounds))
      }
    }
    if (wanted.includes('pages') || wanted.includes('streams')) {
      await inHouse(context, { databaseUrl: env.databaseUrl, wanted })
    }
    return 0
  } finally {
    await context.close()
  }
}

async function inHouse(
  context: AdminContext,
  { databaseUrl, wanted }: { databaseUrl: string; wanted: readonly (typeof parts)[number][] },
): Promise<void> {
  const house = await openHouse(context)
  try {
    if (wanted.includes('pages')) {
      console.log(`\n${row(['page', 'server ms', 'paint ms', 'target', 'KB', 'KB script'])}`)
      await measurePages(house, pageRounds, (name, load) => console.log(renderLoad(name, load)))
    }
    if (wanted.includes('streams')) {
      console.log(`\n${row(['streams beside', 'alone p99', 'p99 ms', 'target'])}`)
      const options = { rounds: streamRounds, databaseUrl }
      await measureStreams(house, options, (one) => console.log(renderDisturbance(one)))
    }
  } finally {
    await house.stop()
  }
}

function renderLoad(name: string, load: PageLoad): string {
  const isMissed = load.largestPaintMs > largestPaintTargetMs
  return row([
    name,
    load.documentMs.toFixed(1),
    load.largestPaintMs.toFixed(0),
    `${largestPaintTargetMs}${isMissed ? ' missed' : ''}`,
    (load.bytes / 1000).toFixed(1),
    (load.scriptBytes / 1000).toFixed(1),
  ])
}

function renderDisturbance({ name, quietP99Ms, p99Ms, did }: Disturbance): string {
  const isMissed = p99Ms - quietP99Ms > growthTargetMs
  const target = `+${growthTargetMs}${isMissed ? ' missed' : ''}`
  return `${row([name, quietP99Ms.toFixed(1), p99Ms.toFixed(1), target])}   ${did}`
}

async function measure({ name, targetMs, read }: Measured, rounds: number): Promise<string> {
  const json = JSON.stringify(await read())
  // A console has been asked before, and its code is compiled.
  for (let round = 0; round < warmUpRounds; round++) await read()
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

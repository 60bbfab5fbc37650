import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { AdminContext } from '@/lib/admin/actor'
import { createBackend } from '@/lib/admin/backends'
import { createKey } from '@/lib/admin/keys'
import { createUser } from '@/lib/admin/users'
import type { BackendReport, Database } from '@/lib/db/contract'
import { renderUsageLine } from '@/lib/db/usage-line'
import {
  makeRecords,
  type SeedCaller,
  type SeedCast,
  type SeedOutage,
  spreadOverHours,
} from './make-records'
import { makeRandom, type Random, type Weighted } from './random'
import { seedBackends, seedModels, seedPrograms, seedUserNames } from './world'

const dayMs = 86_400_000
const recordsDays = 30
const rollupsDays = 365
const burstHours = 3
const pastRecordsMax = 60_000
const linesInSegment = 20_000
const bytesInStep = 16_000_000
const pruneStep = 5000
const pruneStepsMax = 10_000

/**
 * Thirty days of records, and a thinner year before them of which only roll-ups of quarter hours
 * and days stay, as pruning leaves it; users, keys, servers and outages that they name. Everything
 * goes the way of real usage: lines of a journal, ingested. The same seed gives the same.
 */
export async function fillDatabase(
  context: AdminContext,
  options: { records: number; seed: number; onProgress?: (records: number) => void },
): Promise<{ records: number; pastRecords: number }> {
  const { database, clock } = context
  const random = makeRandom(options.seed)
  const nowMs = clock.nowMs()
  const fromMs = nowMs - recordsDays * dayMs
  const pastFromMs = nowMs - rollupsDays * dayMs
  const pastRecords = Math.min(Math.round(options.records / 10), pastRecordsMax)
  const cast = await makeCast(context, random)
  const outages = planOutages(random, { fromMs, toMs: nowMs })
  const ingest = makeIngest(database)
  try {
    const past = { fromMs: pastFromMs, toMs: fromMs, records: pastRecords }
    await writeBursts(ingest, past, { cast, random })
    await forgetDetails(database, { fromMs, nowMs })
    const month = { fromMs, toMs: nowMs, records: options.records }
    await writeRange(ingest, month, {
      cast,
      random,
      outages,
      ...(options.onProgress && { onProgress: options.onProgress }),
    })
  } finally {
    await ingest.end()
  }
  await writeOutages(database, { cast, outages, fromMs })
  await writeCatalogue(database, cast, nowMs)
  return { records: options.records, pastRecords }
}

async function makeCast(context: AdminContext, random: Random): Promise<SeedCast> {
  const backends = []
  for (const backend of seedBackends) {
    const { name, url, maxMemoryGb, maxParallel } = backend
    const { id } = await createBackend(context, { name, url, maxMemoryGb, maxParallel })
    backends.push({ ...backend, id })
  }
  const callers: Weighted<SeedCaller>[] = []
  for (const [place, userName] of seedUserNames.entries()) {
    const role = place === 1 ? 'operator' : place === 2 ? 'viewer' : 'member'
    const { user } = await createUser(context, { name: userName, role })
    const programs = new Set([random.pick(choices), random.pick(choices)])
    for (const program of role === 'viewer' ? [] : programs) {
      const { key } = await createKey(context, { name: program.key, owner: userName })
      const address = `10.0.${Math.floor(place / 20)}.${20 + place}`
      const item = {
        userId: user.id,
        userName,
        keyId: key.id,
        keyPrefix: key.prefix,
        program,
        address,
      }
      // A few people do most of it.
      callers.push({ item, weight: (program.weight / 30) * (1 / (place + 2)) })
    }
  }
  const models = seedModels.map((item) => ({ item, weight: item.weight }))
  return { callers, models, backends }
}

const choices = seedPrograms.map((item) => ({ item, weight: item.weight }))

function planOutages(random: Random, range: { fromMs: number; toMs: number }): SeedOutage[] {
  const some = Array.from({ length: 5 }, (_, index): SeedOutage => {
    const fromMs = Math.floor(random.between(range.fromMs, range.toMs - dayMs))
    const lengthMs = Math.floor(random.around(20 * 60_000, 1))
    return {
      backend: ['gpu-2', 'gpu-3', 'attic'][index % 3] ?? 'gpu-2',
      fromMs,
      toMs: fromMs + lengthMs,
    }
  })
  const today = range.toMs - 5 * 3_600_000
  return [...some, { backend: 'gpu-2', fromMs: today, toMs: today + 4 * 60_000 }].sort(
    (a, b) => a.fromMs - b.fromMs,
  )
}

async function writeRange(
  ingest: ReturnType<typeof makeIngest>,
  range: { fromMs: number; toMs: number; records: number },
  options: {
    cast: SeedCast
    random: Random
    outages: readonly SeedOutage[]
    onProgress?: (records: number) => void
  },
): Promise<void> {
  let written = 0
  for (const hour of spreadOverHours(range)) {
    for (const part of inParts(hour)) {
      await ingest.write(makeRecords(part, options).map(renderUsageLine))
      written += part.records
      options.onProgress?.(written)
    }
  }
  await ingest.flush()
}

/** A minute full of requests every three hours: a year of every minute is more than it shows. */
async function writeBursts(
  ingest: ReturnType<typeof makeIngest>,
  range: { fromMs: number; toMs: number; records: number },
  options: { cast: SeedCast; random: Random },
): Promise<void> {
  const hours = spreadOverHours(range)
  for (let place = 0; place < hours.length; place += burstHours) {
    const inBurst = hours.slice(place, place + burstHours)
    const records = inBurst.reduce((sum, hour) => sum + hour.records, 0)
    const fromMs = inBurst[0]?.fromMs ?? range.fromMs
    const toMs = Math.min(fromMs + 60_000, range.toMs)
    const made = makeRecords({ fromMs, toMs, records }, { ...options, outages: [] })
    await ingest.write(made.map(renderUsageLine))
  }
  await ingest.flush()
}

/** An hour of a large seed is more than should be held at once. */
function inParts(hour: { fromMs: number; toMs: number; records: number }) {
  const count = Math.max(1, Math.ceil(hour.records / linesInSegment))
  const length = (hour.toMs - hour.fromMs) / count
  return Array.from({ length: count }, (_, index) => ({
    fromMs: hour.fromMs + index * length,
    toMs: hour.fromMs + (index + 1) * length,
    records:
      Math.floor((hour.records * (index + 1)) / count) - Math.floor((hour.records * index) / count),
  }))
}

/** While the database takes in one segment, the next is made. */
function makeIngest(database: Database) {
  const folder = mkdtempSync(path.join(tmpdir(), 'corral-seed-'))
  const names: string[] = []
  let lines: string[] = []
  let taking = Promise.resolve()
  async function passOn(): Promise<void> {
    const name = `seed-${process.pid}-${String(names.length).padStart(6, '0')}.jsonl`
    const file = path.join(folder, name)
    names.push(name)
    writeFileSync(file, lines.join(''))
    lines = []
    await taking
    taking = takeIn({ path: file, name, bytesMax: bytesInStep })
    // Whoever waits for it is told; until then a failure is nobody's.
    taking.catch(() => {})
  }
  async function takeIn(segment: { path: string; name: string; bytesMax: number }): Promise<void> {
    while (!(await database.ingestJournalSegment(segment)).ended);
    rmSync(segment.path)
  }
  return {
    async write(more: string[]) {
      for (const line of more) lines.push(line)
      if (lines.length >= linesInSegment) await passOn()
    },
    async flush() {
      if (lines.length > 0) await passOn()
      await taking
    },
    async end() {
      await taking.catch(() => {})
      await database.forgetJournalSegments(names)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What pruning would have left of the year before. */
async function forgetDetails(
  database: Database,
  { fromMs, nowMs }: { fromMs: number; nowMs: number },
): Promise<void> {
  const olderThanMs = Math.min(fromMs, nowMs)
  await inSteps(() => database.pruneUsageRecords({ olderThanMs, limit: pruneStep }))
  await inSteps(() => database.pruneRollups({ olderThanMs, limit: pruneStep, span: 'minute' }))
}

async function inSteps(prune: () => Promise<number>): Promise<void> {
  for (let step = 0; step < pruneStepsMax; step++) if ((await prune()) < pruneStep) return
}

/** As a node would have told of them, so that histories and "since you were here" have them. */
async function writeOutages(
  database: Database,
  options: { cast: SeedCast; outages: readonly SeedOutage[]; fromMs: number },
): Promise<void> {
  const { cast, outages, fromMs } = options
  const moments = [fromMs, ...outages.flatMap((one) => [one.fromMs, one.toMs])].sort(
    (a, b) => a - b,
  )
  for (const seenAtMs of moments) {
    const backends = cast.backends.map(({ id, name }): BackendReport => {
      const down = outages.find(
        (one) => one.backend === name && seenAtMs >= one.fromMs && seenAtMs < one.toMs,
      )
      return {
        id,
        health: down ? 'unhealthy' : 'healthy',
        sinceMs: seenAtMs,
        downSinceMs: down ? down.fromMs : null,
        downtimeTotalMs: 0,
        latencyMs: 4,
        lastError: down ? 'the connection was refused' : null,
        version: '0.32.15',
        inFlight: 0,
        circuit: 'closed',
        loaded: [],
      }
    })
    await database.writeNodeReport({
      id: 'seed',
      role: 'all',
      version: 'seed',
      startedAtMs: fromMs,
      seenAtMs,
      inFlight: 0,
      journalLagRecords: 0,
      eventLoopDelayMs: 1,
      backends,
    })
  }
}

async function writeCatalogue(database: Database, cast: SeedCast, nowMs: number): Promise<void> {
  const modifiedAt = new Date(nowMs - 20 * dayMs).toISOString()
  for (const { id, models } of cast.backends) {
    const entries = seedModels.filter((model) => models.includes(model.name))
    await database.replaceCatalogue(
      id,
      entries.map(({ name, sizeBytes, kind }) => ({
        name,
        digest: Buffer.from(name.padEnd(32, '.')).toString('hex').slice(0, 64),
        sizeBytes,
        modifiedAt,
        capabilities: [kind === 'embed' ? 'embedding' : 'completion'],
        entry: { name, model: name, size: sizeBytes, modified_at: modifiedAt },
      })),
      nowMs,
    )
  }
}

import type { UsageRecord } from '@/lib/schemas/usage-record'
import { makeRandom, type Random, type Weighted } from './random'
import type { SeedBackend, SeedModel, SeedProgram } from './world'

/** Whom and what records name, with the ids of the database. */
export type SeedCast = {
  callers: Weighted<SeedCaller>[]
  models: Weighted<SeedModel>[]
  backends: (SeedBackend & { id: string })[]
}
export type SeedCaller = {
  userId: string
  userName: string
  keyId: string
  keyPrefix: string
  program: SeedProgram
  address: string
}
/** A server that does not answer for a while. */
export type SeedOutage = { backend: string; fromMs: number; toMs: number }

const hourMs = 3_600_000

/** How many requests of a range come in each of its hours: quiet nights and week-ends. */
export function spreadOverHours(range: {
  fromMs: number
  toMs: number
  records: number
}): { fromMs: number; toMs: number; records: number }[] {
  const hours: { fromMs: number; toMs: number; weight: number }[] = []
  for (let fromMs = range.fromMs; fromMs < range.toMs; ) {
    const toMs = Math.min(Math.floor(fromMs / hourMs) * hourMs + hourMs, range.toMs)
    const growth = 0.6 + (0.4 * (fromMs - range.fromMs)) / (range.toMs - range.fromMs)
    hours.push({ fromMs, toMs, weight: growth * rhythmAt(fromMs) * ((toMs - fromMs) / hourMs) })
    fromMs = toMs
  }
  const whole = hours.reduce((sum, { weight }) => sum + weight, 0)
  let share = 0
  let given = 0
  return hours.map(({ fromMs, toMs, weight }) => {
    share += weight
    const until = Math.round((range.records * share) / whole)
    const records = until - given
    given = until
    return { fromMs, toMs, records }
  })
}

function rhythmAt(atMs: number): number {
  const date = new Date(atMs)
  const hour = date.getUTCHours() + date.getUTCMinutes() / 60
  const day = date.getUTCDay()
  const morning = Math.exp(-(((hour - 10) / 2.2) ** 2))
  const afternoon = Math.exp(-(((hour - 14.5) / 2.6) ** 2))
  const people = morning + afternoon * 0.9
  return 0.06 + people * (day === 0 || day === 6 ? 0.15 : 1)
}

/** Requests of one stretch of time, in order. `busy` is 0 at night and about 1 at noon. */
export function makeRecords(
  stretch: { fromMs: number; toMs: number; records: number },
  options: { cast: SeedCast; random: Random; outages: readonly SeedOutage[] },
): UsageRecord[] {
  const { random } = options
  const times = Array.from({ length: stretch.records }, () =>
    Math.floor(random.between(stretch.fromMs, stretch.toMs)),
  ).sort((a, b) => a - b)
  const busy = Math.min(1, rhythmAt(stretch.fromMs))
  let sitting = sittingAt(stretch.fromMs, options.cast.callers)
  return times.map((startedAtMs) => {
    if (startedAtMs >= sitting.untilMs) sitting = sittingAt(startedAtMs, options.cast.callers)
    return makeRecord(startedAtMs, { ...options, busy, callers: sitting.callers })
  })
}

const sittingMs = 1_200_000
const sittingShare = 0.3

/** Who works in the twenty minutes of an instant: people come and go, and so do their programs. */
function sittingAt(atMs: number, callers: Weighted<SeedCaller>[]) {
  const place = Math.floor(atMs / sittingMs)
  const chance = makeRandom(place)
  const some = callers.filter(() => chance.next() < sittingShare)
  return { untilMs: (place + 1) * sittingMs, callers: some.length > 0 ? some : callers }
}

type Options = {
  cast: SeedCast
  random: Random
  outages: readonly SeedOutage[]
  busy: number
  callers: Weighted<SeedCaller>[]
}

function makeRecord(startedAtMs: number, options: Options): UsageRecord {
  const { cast, random, outages, busy } = options
  const caller = random.pick(options.callers)
  const model = random.pick(cast.models)
  const base = { ...emptyRecord(startedAtMs, random), ...callFields(caller, model, random) }
  const chance = random.next()
  if (chance < 0.005) return refuse(unknownCaller(base, random), 'auth.key_unknown', 401)
  if (chance < 0.005 + 0.02 * busy) return refuse(base, 'limits.rate_exceeded', 429)
  if (chance < 0.03)
    return refuse({ ...base, modelAsked: 'llama4:latest' }, 'routing.model_not_found', 404)
  const candidates = cast.backends.filter((backend) => backend.models.includes(model.name))
  const chosen = random.pick(
    candidates.map((item) => ({ item, weight: item.speed * item.maxParallel })),
  )
  const isDown = outages.some(
    (one) => one.backend === chosen.name && startedAtMs >= one.fromMs && startedAtMs < one.toMs,
  )
  const other = candidates.find((one) => one !== chosen)
  const backend = isDown && other !== undefined ? other : chosen
  const attempts = backend === chosen && random.next() > 0.004 ? 1 : 2
  const times = takeTimes(model, backend, { random, busy, attempts })
  const served: UsageRecord = {
    ...base,
    ...times,
    backendId: backend.id,
    backendName: backend.name,
    modelServed: model.name,
    modelDigest: digestOf(model.name),
    attempts,
    routeDecision: renderRoute(backend, cast.backends),
  }
  if (isDown && (other === undefined || random.next() < 0.25)) {
    return fail({ ...served, attempts: 1 }, 'backends.unreachable', 502)
  }
  if (random.next() < 0.0015) return fail(served, 'backends.timed_out', 504)
  if (random.next() < 0.001) return breakOff(served)
  return random.next() < 0.012 ? leave(served, random) : served
}

function takeTimes(
  model: SeedModel,
  backend: SeedBackend,
  { random, busy, attempts }: { random: Random; busy: number; attempts: number },
): Partial<UsageRecord> & { totalMs: number } {
  const isEmbedding = model.kind === 'embed'
  const promptTokens = Math.ceil(random.around(isEmbedding ? 380 : 620, 1.3))
  const completionTokens = isEmbedding ? null : Math.ceil(random.around(210, 1))
  const tokensPerSecond = model.tokensPerSecond * backend.speed * random.between(0.75, 1.05)
  const isCold = random.next() < 0.015
  const loadMs = isCold
    ? 900 + (model.sizeBytes / 1e9) * random.between(180, 420)
    : random.between(2, 40)
  const waits = random.next() < 0.1 + 0.3 * busy
  const queueMs = waits ? random.around(260, 1.6) : random.between(0, 3)
  const prefillMs =
    (promptTokens / (model.promptTokensPerSecond * backend.speed)) * 1000 + random.between(4, 30)
  const decodeMs = completionTokens === null ? 0 : (completionTokens / tokensPerSecond) * 1000
  const lostMs = attempts > 1 ? random.between(800, 5000) : 0
  const overheadMs = random.between(0.3, 1.4)
  const firstMs = overheadMs + lostMs + queueMs + loadMs + prefillMs
  return {
    promptTokens,
    completionTokens,
    modelWasLoaded: !isCold,
    queueMs: tenth(queueMs + lostMs),
    loadMs: tenth(loadMs),
    prefillMs: tenth(prefillMs),
    decodeMs: tenth(decodeMs),
    totalMs: tenth(firstMs + decodeMs),
    timeToFirstTokenMs: isEmbedding ? null : tenth(firstMs),
    tokensPerSecond: isEmbedding ? null : tenth(tokensPerSecond),
    overheadMs: tenth(overheadMs),
    finishReason: isEmbedding ? null : random.next() < 0.04 ? 'length' : 'stop',
    bytesIn: promptTokens * 5 + 210,
    bytesOut: (completionTokens ?? 12_000) * 110,
  }
}

function callFields(
  { userId, userName, keyId, keyPrefix, program, address }: SeedCaller,
  model: SeedModel,
  random: Random,
): Partial<UsageRecord> {
  const { operation, path } = operationOf(program.dialect, model.kind, random)
  return {
    userId,
    principal: userName,
    keyId,
    keyPrefix,
    dialect: model.kind === 'embed' && program.dialect === 'anthropic' ? 'ollama' : program.dialect,
    operation,
    path,
    modelAsked: model.name.replace(':latest', ''),
    stream: model.kind === 'chat' && random.next() < 0.85,
    clientAddress: address,
    userAgent: program.agent,
    numCtx: program.key === 'agent' && random.next() < 0.3 ? 65_536 : null,
  }
}

function operationOf(dialect: SeedProgram['dialect'], kind: SeedModel['kind'], random: Random) {
  if (kind === 'embed') {
    return dialect === 'openai'
      ? { operation: 'openai_embeddings', path: '/v1/embeddings' }
      : { operation: 'embed', path: '/api/embed' }
  }
  if (dialect === 'openai') return { operation: 'openai_chat', path: '/v1/chat/completions' }
  if (dialect === 'anthropic') return { operation: 'anthropic_messages', path: '/v1/messages' }
  return random.next() < 0.2
    ? { operation: 'generate', path: '/api/generate' }
    : { operation: 'chat', path: '/api/chat' }
}

function refuse(record: UsageRecord, errorCode: string, status: number): UsageRecord {
  return { ...record, status, errorCode, errorText: null, attempts: 0, totalMs: 0.9, bytesOut: 96 }
}

function unknownCaller(record: UsageRecord, random: Random): UsageRecord {
  const clientAddress = `203.0.113.${Math.floor(random.between(1, 250))}`
  return { ...record, userId: null, principal: null, keyId: null, keyPrefix: null, clientAddress }
}

function fail(record: UsageRecord, errorCode: string, status: number): UsageRecord {
  return {
    ...record,
    ...noAnswer,
    status,
    errorCode,
    totalMs: errorCode === 'backends.timed_out' ? 60_000.4 : 5003.1,
  }
}

/** In the middle of its answer. */
function breakOff(record: UsageRecord): UsageRecord {
  return { ...record, status: 502, errorCode: 'backends.broke_off', finishReason: null }
}

function leave(record: UsageRecord, random: Random): UsageRecord {
  const totalMs = tenth(record.totalMs * random.between(0.1, 0.9))
  const answeredMs = totalMs - (record.timeToFirstTokenMs ?? totalMs)
  return {
    ...record,
    ...(answeredMs > 0 ? cutAt(record, answeredMs) : noAnswer),
    status: 499,
    errorCode: 'gateway.client_left',
    finishReason: null,
    totalMs,
  }
}

/** What had come of an answer after so long. */
function cutAt({ decodeMs, completionTokens }: UsageRecord, answeredMs: number) {
  if (decodeMs === null || decodeMs <= answeredMs) return {}
  const share = answeredMs / decodeMs
  return {
    decodeMs: tenth(answeredMs),
    completionTokens: completionTokens === null ? null : Math.ceil(completionTokens * share),
  }
}

const noAnswer = {
  promptTokens: null,
  completionTokens: null,
  queueMs: null,
  loadMs: null,
  prefillMs: null,
  decodeMs: null,
  timeToFirstTokenMs: null,
  tokensPerSecond: null,
  finishReason: null,
  bytesOut: 120,
}

function emptyRecord(startedAtMs: number, random: Random): UsageRecord {
  return {
    id: makeId(startedAtMs, random),
    startedAtMs,
    nodeId: 'seed',
    keyId: null,
    keyPrefix: null,
    userId: null,
    principal: null,
    frontend: 'default',
    backendId: null,
    backendName: null,
    modelAsked: null,
    modelServed: null,
    modelDigest: null,
    modelWasLoaded: null,
    dialect: null,
    operation: null,
    stream: null,
    status: 200,
    errorCode: null,
    errorText: null,
    finishReason: null,
    promptTokens: null,
    completionTokens: null,
    tokensEstimated: false,
    queueMs: null,
    loadMs: null,
    prefillMs: null,
    decodeMs: null,
    totalMs: 0,
    timeToFirstTokenMs: null,
    tokensPerSecond: null,
    overheadMs: null,
    attempts: 1,
    bytesIn: 300,
    bytesOut: 0,
    clientAddress: null,
    userAgent: null,
    method: 'POST',
    path: '',
    routeDecision: null,
    numCtx: null,
    keepAlive: null,
  }
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** As `newRequestId`, but of the given chance: the same seed makes the same ids. */
function makeId(atMs: number, random: Random): string {
  let time = ''
  for (let rest = atMs, place = 0; place < 10; place++) {
    time = crockford[rest % 32] + time
    rest = Math.floor(rest / 32)
  }
  let chance = ''
  for (let part = 0; part < 4; part++) {
    let bits = Math.floor(random.next() * 2 ** 20)
    for (let place = 0; place < 4; place++) {
      chance += crockford[bits & 31]
      bits >>= 5
    }
  }
  return `req_${time}${chance}`
}

function renderRoute(chosen: SeedBackend, backends: readonly SeedBackend[]): string {
  const others = backends.filter((one) => one !== chosen).map((one) => one.name)
  return `${chosen.name}; later_in_order: ${others.join(',')}`
}

const digests = new Map<string, string>()

function digestOf(name: string): string {
  const known = digests.get(name)
  if (known !== undefined) return known
  const digest = Buffer.from(name.padEnd(32, '.')).toString('hex').slice(0, 64)
  digests.set(name, digest)
  return digest
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}

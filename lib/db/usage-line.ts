import type { UsageRecord } from '@/lib/schemas/usage-record'

/**
 * One usage record as one line of the journal: `[1, …]`, a JSON array of the fields in the order
 * below, under 1 KB with its line feed. Fields are only ever added at the end; a line that is
 * shorter has null there.
 */
export type UsageField =
  | { kind: 'text'; charsMax: number }
  | { kind: 'int' | 'long' | 'float' | 'bool' }

const text = (charsMax: number): UsageField => ({ kind: 'text', charsMax })
const int: UsageField = { kind: 'int' }
const long: UsageField = { kind: 'long' }
const float: UsageField = { kind: 'float' }
const bool: UsageField = { kind: 'bool' }

/** The fields in their order, and how long a text may be. */
export const usageFields: Record<keyof UsageRecord, UsageField> = {
  id: text(40),
  startedAtMs: long,
  nodeId: text(40),
  keyId: text(40),
  keyPrefix: text(24),
  userId: text(40),
  principal: text(60),
  frontend: text(60),
  backendId: text(40),
  backendName: text(60),
  modelAsked: text(120),
  modelServed: text(120),
  modelDigest: text(80),
  modelWasLoaded: bool,
  dialect: text(12),
  operation: text(40),
  stream: bool,
  status: int,
  errorCode: text(60),
  errorText: text(160),
  finishReason: text(40),
  promptTokens: int,
  completionTokens: int,
  tokensEstimated: bool,
  queueMs: float,
  loadMs: float,
  prefillMs: float,
  decodeMs: float,
  totalMs: float,
  timeToFirstTokenMs: float,
  tokensPerSecond: float,
  overheadMs: float,
  attempts: int,
  bytesIn: long,
  bytesOut: long,
  clientAddress: text(40),
  userAgent: text(120),
  method: text(16),
  path: text(120),
  routeDecision: text(199),
  numCtx: int,
  keepAlive: text(32),
}

/** Where each field stands in a line, behind the version. */
export const places = Object.fromEntries(
  Object.keys(usageFields).map((name, index) => [name, index + 1]),
) as Record<keyof UsageRecord, number>

const lineBytesMax = 1023
const version = 1

/** Long texts are cut; when many are long at once, each is cut more, and emptied in the end. */
export function renderUsageLine(record: UsageRecord): string {
  const line = renderAsIs(record)
  if (line !== null) return line
  for (const share of [1, 1 / 2, 1 / 4]) {
    const line = renderWithin(record, { share, clean: true })
    if (fits(line)) return line
  }
  return renderWithin(record, { share: 0, clean: true })
}

/** Null for what must be cleaned or cut. A line is rendered before the last byte of every answer. */
function renderAsIs(record: UsageRecord): string | null {
  const words = knowWords(record)
  if (words.texts === null) return null
  const opening = JSON.stringify(openingFields(record, asIs)).slice(0, -1)
  const ending = JSON.stringify(endingFields(record, asIs)).slice(1, -1)
  if (needsCleaning.test(opening) || needsCleaning.test(ending)) return null
  const line = `${opening},${words.texts.before},${ending},${words.texts.after}]\n`
  return line.length <= lineBytesMax ? line : null
}

/** Of a text in JSON: more than ASCII, or an escape, of which only `\"` and `\\` stand for what is kept. */
const needsCleaning = /[^\x20-\x7e]|\\[^"\\]/

type Words = {
  before: unknown[]
  after: unknown[]
  /** In JSON; null where they must be cleaned. */
  texts: { before: string; after: string } | null
}

/** A key asks for the same model from the same program again and again. */
const knownWords = new Map<string | null, Words>()
const knownWordsMax = 500

function knowWords(record: UsageRecord): Words {
  const before = fieldsBefore(record, asIs)
  const after = fieldsAfter(record, asIs)
  const known = knownWords.get(record.keyId)
  if (known && areSame(known.before, before) && areSame(known.after, after)) return known
  const made = { before, after, texts: renderWords(before, after) }
  if (knownWords.size >= knownWordsMax) knownWords.clear()
  knownWords.set(record.keyId, made)
  return made
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false
  return true
}

function renderWords(before: unknown[], after: unknown[]): Words['texts'] {
  const texts = {
    before: JSON.stringify(before).slice(1, -1),
    after: JSON.stringify(after).slice(1, -1),
  }
  return needsCleaning.test(texts.before) || needsCleaning.test(texts.after) ? null : texts
}

/** The record of a line, every field of its type and in its bounds; null of a broken line. */
export function parseUsageLine(line: string): UsageRecord | null {
  const fields = parseArray(line)
  return fields === null ? null : readFields(fields)
}

/**
 * The same with a line that says what the record says in the fields named: the given one, unless it
 * is none that we wrote.
 */
export function readUsageLine(
  line: string,
  names: readonly (keyof UsageRecord)[],
): { record: UsageRecord; line: string } | null {
  const fields = parseArray(line)
  const record = fields === null ? null : readFields(fields)
  if (fields === null || record === null) return null
  // SQLite, which reads a line as it stands, does not go as deep as JSON.parse does.
  const asWritten =
    fields.every(isScalar) && names.every((name) => fields[places[name]] === record[name])
  return { record, line: asWritten ? line : renderUsageLine(record).trimEnd() }
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null
}

/** Field by field: it runs for every request, and going by names takes twice as long. */
function readFields(v: unknown[]): UsageRecord | null {
  if (v[0] !== version) return null
  const id = readText(v[1], 40)
  const startedAtMs = boundLong(v[2])
  const nodeId = readText(v[3], 40)
  const status = boundInt(v[18])
  const totalMs = boundFloat(v[29])
  const attempts = boundInt(v[33])
  const bytesIn = boundLong(v[34])
  const bytesOut = boundLong(v[35])
  const method = readText(v[38], 16)
  const path = readText(v[39], 120)
  if (id === null || startedAtMs === null || nodeId === null || status === null) return null
  if (totalMs === null || attempts === null || bytesIn === null || bytesOut === null) return null
  if (method === null || path === null) return null
  return {
    id,
    startedAtMs,
    nodeId,
    keyId: readText(v[4], 40),
    keyPrefix: readText(v[5], 24),
    userId: readText(v[6], 40),
    principal: readText(v[7], 60),
    frontend: readText(v[8], 60),
    backendId: readText(v[9], 40),
    backendName: readText(v[10], 60),
    modelAsked: readText(v[11], 120),
    modelServed: readText(v[12], 120),
    modelDigest: readText(v[13], 80),
    modelWasLoaded: readBool(v[14]),
    dialect: readDialect(v[15]),
    operation: readText(v[16], 40),
    stream: readBool(v[17]),
    status,
    errorCode: readText(v[19], 60),
    errorText: readText(v[20], 160),
    finishReason: readText(v[21], 40),
    promptTokens: boundInt(v[22]),
    completionTokens: boundInt(v[23]),
    tokensEstimated: v[24] === true,
    queueMs: boundFloat(v[25]),
    loadMs: boundFloat(v[26]),
    prefillMs: boundFloat(v[27]),
    decodeMs: boundFloat(v[28]),
    totalMs,
    timeToFirstTokenMs: boundFloat(v[30]),
    tokensPerSecond: boundFloat(v[31]),
    overheadMs: boundFloat(v[32]),
    attempts,
    bytesIn,
    bytesOut,
    clientAddress: readText(v[36], 40),
    userAgent: readText(v[37], 120),
    method,
    path,
    routeDecision: readText(v[40], 199),
    numCtx: boundInt(v[41]),
    keepAlive: readText(v[42], 32),
  }
}

/** What identifies is short, and is never cut further: two ids must not become one. */
function renderWithin(record: UsageRecord, how: Rendering): string {
  const fields = [
    ...openingFields(record, how),
    ...fieldsBefore(record, how),
    ...endingFields(record, how),
    ...fieldsAfter(record, how),
  ]
  return `${JSON.stringify(fields)}\n`
}

// Field by field: going by names takes four times as long.

function openingFields(r: UsageRecord, how: Rendering): unknown[] {
  return [version, bound(r.id, 40, how), boundLong(r.startedAtMs)]
}

/** Who asked for what, and who answers. */
function fieldsBefore(r: UsageRecord, how: Rendering): unknown[] {
  return [
    bound(r.nodeId, 40, how),
    bound(r.keyId, 40, how),
    bound(r.keyPrefix, 24, how),
    bound(r.userId, 40, how),
    cut(r.principal, 60, how),
    cut(r.frontend, 60, how),
    bound(r.backendId, 40, how),
    cut(r.backendName, 60, how),
    cut(r.modelAsked, 120, how),
    cut(r.modelServed, 120, how),
    cut(r.modelDigest, 80, how),
    r.modelWasLoaded,
    bound(r.dialect, 12, how),
    bound(r.operation, 40, how),
    r.stream,
  ]
}

/** How it went. */
function endingFields(r: UsageRecord, how: Rendering): unknown[] {
  return [
    boundInt(r.status),
    cut(r.errorCode, 60, how),
    cut(r.errorText, 160, how),
    bound(r.finishReason, 40, how),
    boundInt(r.promptTokens),
    boundInt(r.completionTokens),
    r.tokensEstimated,
    boundFloat(r.queueMs),
    boundFloat(r.loadMs),
    boundFloat(r.prefillMs),
    boundFloat(r.decodeMs),
    boundFloat(r.totalMs),
    boundFloat(r.timeToFirstTokenMs),
    boundFloat(r.tokensPerSecond),
    boundFloat(r.overheadMs),
    boundInt(r.attempts),
    boundLong(r.bytesIn),
    boundLong(r.bytesOut),
  ]
}

/** From where and how it was asked. */
function fieldsAfter(r: UsageRecord, how: Rendering): unknown[] {
  return [
    bound(r.clientAddress, 40, how),
    cut(r.userAgent, 120, how),
    bound(r.method, 16, how),
    cut(r.path, 120, how),
    cut(r.routeDecision, 199, how),
    boundInt(r.numCtx),
    bound(r.keepAlive, 32, how),
  ]
}

/** `share` of the length that some texts may have; `clean`: without what cannot be stored. */
type Rendering = { share: number; clean: boolean }
const asIs: Rendering = { share: 1, clean: false }

function bound(value: string | null, charsMax: number, { clean }: Rendering): string | null {
  if (value === null || (!clean && value.length <= charsMax)) return value
  return clean ? boundText(value, charsMax) : value.slice(0, charsMax)
}

function cut(value: string | null, charsMax: number, how: Rendering): string | null {
  return bound(value, how.share === 1 ? charsMax : Math.floor(charsMax * how.share), how)
}

function fits(line: string): boolean {
  return Buffer.byteLength(line) <= lineBytesMax
}

function parseArray(line: string): unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(line)
    return Array.isArray(parsed) ? parsed : null
  } catch {
    return null
  }
}

const intMax = 2 ** 31 - 1

function readText(value: unknown, charsMax: number): string | null {
  return typeof value === 'string' ? boundText(value, charsMax) : null
}

function readBool(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null
}

function readDialect(value: unknown): UsageRecord['dialect'] {
  return value === 'ollama' || value === 'openai' || value === 'anthropic' ? value : null
}

function boundInt(value: unknown): number | null {
  return isNumber(value) ? Math.trunc(Math.max(-intMax, Math.min(intMax, value))) : null
}

function boundLong(value: unknown): number | null {
  return isNumber(value) && Number.isSafeInteger(Math.trunc(value)) ? Math.trunc(value) : null
}

function boundFloat(value: unknown): number | null {
  return isNumber(value) ? Math.round(value * 1000) / 1000 : null
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function boundText(value: string, charsMax: number): string {
  const cut = value.length > charsMax ? value.slice(0, charsMax) : value
  return plain.test(cut) ? cut : cut.replace(unstorable, ' ')
}

const plain = /^[\x20-\x7e]*$/
// Control characters, and halves of surrogate pairs, which PostgreSQL refuses.
const unstorable = /[\p{Cc}\p{Cs}]/gu

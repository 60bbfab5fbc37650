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

const lineBytesMax = 1023
const version = 1
// The record of types above has exactly the names of a usage record.
const entries = Object.entries(usageFields) as [keyof UsageRecord, UsageField][]

/** Long texts are cut; when many are long at once, each is cut more, and emptied in the end. */
export function renderUsageLine(record: UsageRecord): string {
  const whole = renderWhole(record)
  if (fits(whole)) return whole
  for (const share of [1 / 2, 1 / 4]) {
    const line = renderWithin(record, share)
    if (fits(line)) return line
  }
  return renderWithin(record, 0)
}

/** The record of a line, every field of its type and in its bounds; null of a broken line. */
export function parseUsageLine(line: string): UsageRecord | null {
  const values = parseArray(line)
  if (values === null || values[0] !== version) return null
  const record: { [name: string]: unknown } = {}
  for (const [index, [name, field]] of entries.entries()) {
    record[name] = readValue(values[index + 1], field)
  }
  for (const name of neverNull) {
    if (record[name] === null) return null
  }
  record.tokensEstimated = record.tokensEstimated === true
  // Each field was read by its kind, and those that are never null were looked at.
  return record as UsageRecord
}

const neverNull: (keyof UsageRecord)[] = [
  'id',
  'startedAtMs',
  'nodeId',
  'status',
  'totalMs',
  'attempts',
  'bytesIn',
  'bytesOut',
  'method',
  'path',
]

/**
 * `renderWithin(record, 1)`, field by field: it runs before the last byte of every answer, and
 * going by names takes four times as long. A test holds the two together.
 */
function renderWhole(r: UsageRecord): string {
  const who = `${text40(r.nodeId)},${text40(r.keyId)},${renderText(r.keyPrefix, 24)},${text40(r.userId)},${renderText(r.principal, 60)}`
  const where = `${renderText(r.frontend, 60)},${text40(r.backendId)},${renderText(r.backendName, 60)}`
  const model = `${renderText(r.modelAsked, 120)},${renderText(r.modelServed, 120)},${renderText(r.modelDigest, 80)},${renderBool(r.modelWasLoaded)}`
  const what = `${renderText(r.dialect, 12)},${text40(r.operation)},${renderBool(r.stream)}`
  const end = `${renderInt(r.status)},${renderText(r.errorCode, 60)},${renderText(r.errorText, 160)},${text40(r.finishReason)}`
  const tokens = `${renderInt(r.promptTokens)},${renderInt(r.completionTokens)},${renderBool(r.tokensEstimated)}`
  const times = `${renderFloat(r.queueMs)},${renderFloat(r.loadMs)},${renderFloat(r.prefillMs)},${renderFloat(r.decodeMs)},${renderFloat(r.totalMs)},${renderFloat(r.timeToFirstTokenMs)},${renderFloat(r.tokensPerSecond)},${renderFloat(r.overheadMs)}`
  const counts = `${renderInt(r.attempts)},${renderLong(r.bytesIn)},${renderLong(r.bytesOut)}`
  const client = `${text40(r.clientAddress)},${renderText(r.userAgent, 120)},${renderText(r.method, 16)},${renderText(r.path, 120)}`
  const rest = `${renderText(r.routeDecision, 199)},${renderInt(r.numCtx)},${renderText(r.keepAlive, 32)}`
  return `[${version},${text40(r.id)},${renderLong(r.startedAtMs)},${who},${where},${model},${what},${end},${tokens},${times},${counts},${client},${rest}]\n`
}

const text40 = (value: string | null) => renderText(value, 40)

function renderText(value: string | null, charsMax: number): string {
  if (value === null) return 'null'
  if (value.length <= charsMax && unquoted.test(value)) return `"${value}"`
  return JSON.stringify(boundText(value, charsMax))
}

const renderInt = (value: number | null) => String(boundInt(value))
const renderLong = (value: number | null) => String(boundLong(value))
const renderFloat = (value: number | null) => String(boundFloat(value))
const renderBool = (value: boolean | null) => String(value)

function fits(line: string): boolean {
  return Buffer.byteLength(line) <= lineBytesMax
}

function renderWithin(record: UsageRecord, share: number): string {
  let line = `[${version}`
  for (const [name, field] of entries) line += `,${renderValue(record[name], field, share)}`
  return `${line}]\n`
}

function renderValue(value: unknown, field: UsageField, share: number): string {
  if (field.kind !== 'text') return String(readValue(value, field))
  return renderText(typeof value === 'string' ? value : null, charsMaxOf(field, share))
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

function readValue(value: unknown, field: UsageField): unknown {
  switch (field.kind) {
    case 'text':
      return typeof value === 'string' ? boundText(value, field.charsMax) : null
    case 'bool':
      return typeof value === 'boolean' ? value : null
    case 'int':
      return boundInt(value)
    case 'long':
      return boundLong(value)
    case 'float':
      return boundFloat(value)
  }
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

// What identifies is short, and is never cut further: two ids must not become one.
const shortCharsMax = 40

function charsMaxOf({ charsMax }: { charsMax: number }, share: number): number {
  return charsMax <= shortCharsMax ? charsMax : Math.floor(charsMax * share)
}

function boundText(value: string, charsMax: number): string {
  const cut = value.length > charsMax ? value.slice(0, charsMax) : value
  return plain.test(cut) ? cut : cut.replace(unstorable, ' ')
}

const plain = /^[\x20-\x7e]*$/
/** Plain, without quotation mark and backslash. */
const unquoted = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/
// Control characters, and halves of surrogate pairs, which PostgreSQL refuses.
const unstorable = /[\p{Cc}\p{Cs}]/gu

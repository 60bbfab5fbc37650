import {
  addToHistogram,
  type Histogram,
  mergeIntoHistogram,
  mergeTextIntoHistogram,
  renderHistogram,
} from '@/lib/core/histogram'
import { type UsageRecord, usageOutcome } from '@/lib/schemas/usage-record'
import type { RollupSpan } from './contract'
import type { UsageDimension } from './contract-reads'
import { dayBeginMs, quarterMs } from './day-begin'

export type Dimension = UsageDimension

/** One roll-up in memory: what happened in a span of time, for one value of one dimension. */
export type Rollup = {
  span: RollupSpan
  dimension: Dimension
  beginMs: number
  value: string
  label: string
} & Counted
type Counted = {
  sums: Sums
  totalMs: Histogram
  timeToFirstTokenMs: Histogram
  tokensPerSecond: Histogram
}
export type Sums = { [Name in (typeof sumNames)[number]]: number }

export const sumNames = [
  'requests',
  'ok',
  'refused',
  'failed',
  'left',
  'estimated',
  'promptTokens',
  'completionTokens',
  'bytesIn',
  'bytesOut',
  'queueMsSum',
  'loadMsSum',
  'prefillMsSum',
  'decodeMsSum',
  'totalMsSum',
] as const

/** Roll-ups under their key. */
export type RollupSet = Map<string, Rollup>

/**
 * The roll-ups of a batch, of every span. Records that count at the same places are counted once
 * and together; minutes are merged from these, quarter hours from minutes and days, which begin
 * with one, from quarter hours. Days from `days.untilMs` on are left out.
 */
export function rollUpRecords(
  records: UsageRecord[],
  days: { timezone: string; untilMs: number },
): RollupSet {
  const minutes: RollupSet = new Map()
  for (const { beginMs, first, counted } of groupRecords(records)) {
    for (const place of placesOf(first)) {
      mergeIntoRollup(takeRollup(minutes, { span: 'minute', beginMs, ...place }), counted)
    }
  }
  const quarters: RollupSet = new Map()
  for (const minute of minutes.values()) {
    const beginMs = Math.floor(minute.beginMs / quarterMs) * quarterMs
    mergeIntoRollup(takeRollup(quarters, { ...placeOf(minute), span: 'quarter', beginMs }), minute)
  }
  const whole: RollupSet = new Map()
  for (const quarter of quarters.values()) {
    const beginMs = dayBeginMs(quarter.beginMs, days.timezone)
    if (beginMs >= days.untilMs) continue
    mergeIntoRollup(takeRollup(whole, { ...placeOf(quarter), span: 'day', beginMs }), quarter)
  }
  return new Map([...minutes, ...quarters, ...whole])
}

const minuteMs = 60_000

type Group = { beginMs: number; first: UsageRecord; counted: Counted }

/** Of 1,000 records a second few differ in who called, what was called and who answered. */
function groupRecords(records: readonly UsageRecord[]): Iterable<Group> {
  const groups = new Map<string, Group>()
  for (const record of records) {
    const beginMs = Math.floor(record.startedAtMs / minuteMs) * minuteMs
    const key = groupKey(record, beginMs)
    let group = groups.get(key)
    if (group === undefined) {
      group = { beginMs, first: record, counted: countedNothing() }
      groups.set(key, group)
    }
    addRecord(group.counted, record)
  }
  return groups.values()
}

/** All that `placesOf` reads of a record; a line feed stands in none of it. */
function groupKey(record: UsageRecord, beginMs: number): string {
  const { keyId, keyPrefix, userId, principal, modelServed } = record
  const who = `${keyId}\n${keyPrefix}\n${userId}\n${principal}`
  const where = `${modelServed}\n${record.backendId}\n${record.backendName}`
  const how = `${record.operation}\n${record.errorCode}`
  return `${beginMs}\n${who}\n${where}\n${how}\n${usageOutcome(record)}`
}

export type Place = Pick<Rollup, 'dimension' | 'value' | 'label'>

/**
 * Where a record counts. Models by what was served: a name that no backend has is only what some
 * client sent, and any number of those would be any number of rows.
 */
function placesOf(record: UsageRecord): Place[] {
  const anonymous = record.principal === 'anonymous'
  const nobody = anonymous ? 'anonymous' : ''
  const places: Place[] = [
    { dimension: 'all', value: '', label: '' },
    { dimension: 'key', value: record.keyId ?? nobody, label: record.keyPrefix ?? nobody },
    { dimension: 'user', value: record.userId ?? nobody, label: record.principal ?? '' },
    { dimension: 'model', value: record.modelServed ?? '', label: record.modelServed ?? '' },
    { dimension: 'backend', value: record.backendId ?? '', label: record.backendName ?? '' },
    { dimension: 'operation', value: record.operation ?? '', label: record.operation ?? '' },
    { dimension: 'outcome', value: usageOutcome(record), label: usageOutcome(record) },
  ]
  const { keyId, modelServed, errorCode } = record
  if (errorCode !== null) places.push({ dimension: 'error', value: errorCode, label: errorCode })
  if (record.backendId !== null && modelServed !== null) {
    const value = `${record.backendId} ${modelServed}`
    places.push({ dimension: 'backendModel', value, label: modelServed })
  }
  if (keyId === null) return places
  const model = modelServed ?? ''
  places.push({ dimension: `keyModel:${keyId}`, value: model, label: model })
  if (errorCode !== null) {
    places.push({ dimension: `keyError:${keyId}`, value: errorCode, label: errorCode })
  }
  return places
}

export function takeRollup(set: RollupSet, at: Place & Pick<Rollup, 'span' | 'beginMs'>): Rollup {
  const key = rollupKey(at)
  const found = set.get(key)
  if (found !== undefined) return found
  const made: Rollup = { ...at, ...countedNothing() }
  set.set(key, made)
  return made
}

function countedNothing(): Counted {
  return {
    sums: noSums(),
    totalMs: new Map(),
    timeToFirstTokenMs: new Map(),
    tokensPerSecond: new Map(),
  }
}

export function placeOf({ dimension, value, label }: Place): Place {
  return { dimension, value, label }
}

function mergeIntoRollup(rollup: Counted, other: Counted): void {
  addSums(rollup.sums, other.sums)
  mergeIntoHistogram(rollup.totalMs, other.totalMs)
  mergeIntoHistogram(rollup.timeToFirstTokenMs, other.timeToFirstTokenMs)
  mergeIntoHistogram(rollup.tokensPerSecond, other.tokensPerSecond)
}

export function rollupKey(at: Pick<Rollup, 'span' | 'dimension' | 'beginMs' | 'value'>): string {
  return `${at.span}|${at.dimension}|${at.beginMs}|${at.value}`
}

/** Written out: a batch makes ten thousands of them, and this is ten times as fast as a loop. */
export function noSums(): Sums {
  return {
    requests: 0,
    ok: 0,
    refused: 0,
    failed: 0,
    left: 0,
    estimated: 0,
    promptTokens: 0,
    completionTokens: 0,
    bytesIn: 0,
    bytesOut: 0,
    queueMsSum: 0,
    loadMsSum: 0,
    prefillMsSum: 0,
    decodeMsSum: 0,
    totalMsSum: 0,
  }
}

function addSums(sums: Sums, other: Sums): void {
  sums.requests += other.requests
  sums.ok += other.ok
  sums.refused += other.refused
  sums.failed += other.failed
  sums.left += other.left
  sums.estimated += other.estimated
  sums.promptTokens += other.promptTokens
  sums.completionTokens += other.completionTokens
  sums.bytesIn += other.bytesIn
  sums.bytesOut += other.bytesOut
  sums.queueMsSum += other.queueMsSum
  sums.loadMsSum += other.loadMsSum
  sums.prefillMsSum += other.prefillMsSum
  sums.decodeMsSum += other.decodeMsSum
  sums.totalMsSum += other.totalMsSum
}

function addRecord(rollup: Counted, record: UsageRecord): void {
  const { sums } = rollup
  sums.requests += 1
  sums[usageOutcome(record)] += 1
  if (record.tokensEstimated) sums.estimated += 1
  sums.promptTokens += record.promptTokens ?? 0
  sums.completionTokens += record.completionTokens ?? 0
  sums.bytesIn += record.bytesIn
  sums.bytesOut += record.bytesOut
  sums.queueMsSum += record.queueMs ?? 0
  sums.loadMsSum += record.loadMs ?? 0
  sums.prefillMsSum += record.prefillMs ?? 0
  sums.decodeMsSum += record.decodeMs ?? 0
  sums.totalMsSum += record.totalMs
  addToHistogram(rollup.totalMs, record.totalMs)
  addIfKnown(rollup.timeToFirstTokenMs, record.timeToFirstTokenMs)
  addIfKnown(rollup.tokensPerSecond, record.tokensPerSecond)
}

function addIfKnown(histogram: Histogram, value: number | null): void {
  if (value !== null) addToHistogram(histogram, value)
}

/** A row as the database has it: sums as numbers or bigints, histograms as text. */
export type RollupRow = Pick<Rollup, 'span' | 'dimension' | 'value' | 'label'> & {
  beginMs: number | bigint
  totalMs: string
  timeToFirstTokenMs: string
  tokensPerSecond: string
} & { [Name in (typeof sumNames)[number]]: number | bigint }

export function mergeRowIntoRollup(rollup: Rollup, row: RollupRow): void {
  for (const name of sumNames) rollup.sums[name] += Number(row[name])
  mergeTextIntoHistogram(rollup.totalMs, row.totalMs)
  mergeTextIntoHistogram(rollup.timeToFirstTokenMs, row.timeToFirstTokenMs)
  mergeTextIntoHistogram(rollup.tokensPerSecond, row.tokensPerSecond)
}

export function renderRollupRow(rollup: Rollup): RollupRow {
  return {
    span: rollup.span,
    dimension: rollup.dimension,
    beginMs: rollup.beginMs,
    value: rollup.value,
    label: rollup.label,
    ...rollup.sums,
    totalMs: renderHistogram(rollup.totalMs),
    timeToFirstTokenMs: renderHistogram(rollup.timeToFirstTokenMs),
    tokensPerSecond: renderHistogram(rollup.tokensPerSecond),
  }
}

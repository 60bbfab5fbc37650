import type { Cellar, Statements } from './cellar'
import { type ColumnKind, jsonRows } from './json-rows'
import {
  mergeRowIntoRollup,
  type RollupRow,
  type RollupSet,
  renderRollupRow,
  rollupKey,
  sumNames,
} from './rollup'

/**
 * Adds a set to the stored roll-ups: reads those that it touches, merges, writes all back, each
 * in one statement. Histograms are merged here, so writers must take turns: SQLite's transactions
 * do, on PostgreSQL `lockRollups` comes first.
 */
export async function addToStoredRollups(
  engine: Cellar['engine'],
  tx: Statements,
  set: RollupSet,
): Promise<void> {
  if (set.size === 0) return
  const wanted = jsonRows(engine, keyKinds)
  const keys = [...set.values()].map(({ span, dimension, beginMs, value }) => ({
    span,
    dimension,
    beginMs,
    value,
  }))
  const found = await tx.$queryRawUnsafe<RollupRow[]>(
    `SELECT ${rollupSelection} FROM usage_rollups AS r JOIN (${wanted.select}) AS k
     ON r.span = k.span AND r.dimension = k.dimension
     AND r.begin_ms = k."beginMs" AND r.value = k.value`,
    wanted.render(keys),
  )
  for (const row of found) {
    const rollup = set.get(rollupKey({ ...row, beginMs: Number(row.beginMs) }))
    if (rollup !== undefined) mergeRowIntoRollup(rollup, row)
  }
  await writeRollups(engine, tx, set)
}

/** Writes a set as it is, over what is stored. */
export async function writeRollups(
  engine: Cellar['engine'],
  tx: Statements,
  set: RollupSet,
): Promise<void> {
  if (set.size === 0) return
  const given = jsonRows(engine, kinds)
  const rows = [...set.values()].map(renderRollupRow)
  await tx.$executeRawUnsafe(
    `INSERT INTO usage_rollups (${quote(storedColumns)})
     SELECT ${quote(columns)}
     FROM (${given.select}) AS fresh WHERE true
     ON CONFLICT (span, dimension, begin_ms, value) DO UPDATE SET ${replaced.join(', ')}`,
    given.render(rows),
  )
}

/** Until the end of the transaction, nobody else changes roll-ups. */
export async function lockRollups(engine: Cellar['engine'], tx: Statements): Promise<void> {
  if (engine === 'postgresql') await tx.$executeRawUnsafe('SELECT pg_advisory_xact_lock(726677258)')
}

const keyKinds: Record<string, ColumnKind> = {
  span: 'text',
  dimension: 'text',
  beginMs: 'int',
  value: 'text',
}
const kinds: Record<string, ColumnKind> = {
  ...keyKinds,
  label: 'text',
  ...Object.fromEntries(
    sumNames.map((name) => [name, name.endsWith('Sum') ? ('float' as const) : ('int' as const)]),
  ),
  totalMs: 'text',
  timeToFirstTokenMs: 'text',
  tokensPerSecond: 'text',
}
const columns = Object.keys(kinds)
const storedColumns = columns.map(toSnakeCase)
const replaced = storedColumns
  .filter((name) => !['span', 'dimension', 'begin_ms', 'value'].includes(name))
  .map((name) => `"${name}" = excluded."${name}"`)

/** The columns of a roll-up row under the names of `RollupRow`; the table is `r`. */
export const rollupSelection = columns
  .map((name) => `r."${toSnakeCase(name)}" AS "${name}"`)
  .join(', ')

export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function quote(names: string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}

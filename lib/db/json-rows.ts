import type { Cellar } from './cellar'

export type ColumnKind = 'text' | 'int' | 'float' | 'bool'

/**
 * A SELECT that unfolds one JSON parameter, an array of objects, into typed rows: how a batch of
 * any size is one statement on both engines.
 */
export function jsonRows(engine: Cellar['engine'], columns: Record<string, ColumnKind>): string {
  const entries = Object.entries(columns)
  if (engine === 'postgresql') {
    const typed = entries.map(([name, kind]) => `"${name}" ${postgresqlTypes[kind]}`)
    return `SELECT * FROM json_to_recordset($1::json) AS r(${typed.join(', ')})`
  }
  const extracted = entries.map(([name]) => `json_extract(value, '$.${name}') AS "${name}"`)
  return `SELECT ${extracted.join(', ')} FROM json_each(?1)`
}

const postgresqlTypes: Record<ColumnKind, string> = {
  text: 'text',
  int: 'bigint',
  float: 'double precision',
  bool: 'boolean',
}

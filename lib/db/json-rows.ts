import type { Cellar } from './cellar'

export type ColumnKind = 'text' | 'int' | 'float' | 'bool'
export type JsonRow = { [name: string]: unknown }

/**
 * A batch of any size as one statement, on both engines: a SELECT that unfolds one JSON parameter
 * into typed rows, and the text for that parameter.
 */
export function jsonRows(
  engine: Cellar['engine'],
  columns: Record<string, ColumnKind>,
): { select: string; render(rows: JsonRow[]): string } {
  const entries = Object.entries(columns)
  if (engine === 'postgresql') {
    const typed = entries.map(([name, kind]) => `"${name}" ${postgresqlTypes[kind]}`)
    const select = `SELECT * FROM json_to_recordset($1::json) AS r(${typed.join(', ')})`
    return { select, render: JSON.stringify }
  }
  const names = entries.map(([name]) => name)
  const extracted = names.map((name, index) => `json_extract(item, '$[${index}]') AS "${name}"`)
  // Places are found faster than names.
  return {
    select: `SELECT ${extracted.join(', ')} FROM (${jsonItems('item')})`,
    render: (rows) => JSON.stringify(rows.map((row) => names.map((name) => row[name]))),
  }
}

/**
 * On SQLite: the elements of a JSON array, each as its text. The limit keeps it from writing them
 * anew for each column that is read of them.
 */
export function jsonItems(name: string): string {
  return `SELECT value AS ${name} FROM json_each(?1) LIMIT -1`
}

const postgresqlTypes: Record<ColumnKind, string> = {
  text: 'text',
  int: 'bigint',
  float: 'double precision',
  bool: 'boolean',
}

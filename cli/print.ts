import Table from 'cli-table3'

export type Cell = string | number | boolean | null | undefined
/** Writes a line. */
export type Write = (text: string) => void
export type Printer = {
  json: boolean
  /** JSON for scripts, or what `forPeople` prints. */
  show(value: unknown, forPeople: () => void): void
  line(text: string): void
  /** JSON on one line: for streams of values. */
  jsonLine(value: unknown): void
  /** `empty` is said instead of a table without rows. */
  table(options: { columns: readonly string[]; rows: readonly Cell[][]; empty: string }): void
  /** Names and values, one below the other. */
  fields(values: Record<string, Cell>): void
  /** Why a command failed, on standard error. */
  problem(text: string, code?: string): void
  /** What the argument parser says to people; for scripts `usageProblem` says it. */
  usage(text: string): void
  usageProblem(text: string): void
}

/** The one writer of the command line. No colour: what it prints is the same in a pipe. */
export function createPrinter(options: {
  json: boolean
  print: Write
  printProblem: Write
}): Printer {
  const { json, print, printProblem } = options
  const printer: Printer = {
    json,
    show(value, forPeople) {
      if (json) print(JSON.stringify(value, null, 2))
      else forPeople()
    },
    line: print,
    jsonLine: (value) => print(JSON.stringify(value)),
    table({ columns, rows, empty }) {
      if (rows.length === 0) print(empty)
      else print(renderTable(columns, rows))
    },
    fields(values) {
      print(renderTable([], Object.entries(values)))
    },
    problem(text, code = 'failed') {
      if (json) printProblem(JSON.stringify({ error: { code, message: text } }))
      else printProblem(`error: ${text}`)
    },
    usage(text) {
      if (!json) printProblem(text)
    },
    usageProblem(text) {
      if (json) printer.problem(text.replace(/^error: /, ''), 'usage')
    },
  }
  return printer
}

function renderTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const table = new Table({
    ...(columns.length > 0 && { head: columns.map((column) => column.toUpperCase()) }),
    chars: plainChars,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  })
  for (const row of rows) table.push(row.map(renderCell))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

function renderCell(cell: Cell): string {
  if (cell === null || cell === undefined || cell === '') return '-'
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  // Names of models and clients are others' words: they must not steer the terminal.
  return String(cell).replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
}

const plainChars = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
}

import { cpus } from 'node:os'
import Table from 'cli-table3'
import type { ContestantName } from './contestants'
import type { Plan, Sample } from './rounds'
import { mean, median } from './statistics'

type Samples = ReadonlyMap<ContestantName, readonly Sample[]>
type Row = {
  name: string
  digits: number
  value(of: ContestantName): number | null
}

const titles: Record<ContestantName, string> = {
  direct: 'direct',
  nginx: 'nginx',
  bare: 'bare proxy',
  server: 'server.ts',
  next: 'next start',
}

/** The table, and how many requests went wrong. */
export function renderReport(samples: Samples, plan: Plan): { text: string; errors: number } {
  const names = [...samples.keys()]
  const table = new Table({
    head: ['', ...names.map((name) => titles[name]), 'server.ts ÷ bare', 'next start ÷ bare'],
    colAligns: ['left', ...names.map(() => 'right' as const), 'right', 'right'],
    style: { head: [], border: [] },
  })
  for (const row of listRows(samples, plan)) {
    table.push([
      row.name,
      ...names.map((name) => show(row.value(name), row.digits)),
      showRatio(row, 'server'),
      showRatio(row, 'next'),
    ])
  }
  const errors = [...samples.values()].flat().reduce((sum, sample) => sum + sample.errors, 0)
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}`
  const failed = errors === 0 ? '' : `\n${errors} requests or streams went wrong.`
  return {
    text: `${machine}; CPU: means, the rest: medians, of rounds in turn\n${table.toString()}${failed}`,
    errors,
  }
}

function listRows(samples: Samples, plan: Plan): Row[] {
  const valuesOf = (name: ContestantName, field: keyof Sample): number[] =>
    (samples.get(name) ?? []).flatMap((sample) => sample[field] ?? [])
  const over = (summarize: typeof median) => (field: keyof Sample) => (name: ContestantName) => {
    const values = valuesOf(name, field)
    return values.length === 0 ? null : summarize(values)
  }
  const plain = over(median)
  // Of a program that is now one thing and now another, the median is either.
  const average = over(mean)
  // Beside what the same round gave without anybody between.
  const added = (field: keyof Sample) => (name: ContestantName) => {
    const direct = valuesOf('direct', field)
    const differences = valuesOf(name, field).map((value, round) => value - (direct[round] ?? NaN))
    return name === 'direct' || direct.length === 0 || differences.length === 0
      ? null
      : median(differences)
  }
  const kibibytes = (name: ContestantName) => {
    const bytes = plain('bytesPerStream')(name)
    return bytes === null ? null : bytes / 1024
  }
  const many = `${plan.manyStreams} streams`
  return [
    { name: 'requests/s', digits: 0, value: plain('requestsPerSecond') },
    { name: 'CPU a request, µs', digits: 1, value: average('cpuUsPerRequest') },
    { name: 'CPU a chunk, µs', digits: 1, value: average('cpuUsPerChunk') },
    { name: 'added latency p50, ms', digits: 3, value: added('latencyP50Ms') },
    { name: 'added latency p99, ms', digits: 3, value: added('latencyP99Ms') },
    { name: `memory a stream, ${many}, KiB`, digits: 1, value: kibibytes },
    {
      name: `added inter-token p99, ${many}, ms`,
      digits: 2,
      value: added('addedGapP99Ms'),
    },
  ]
}

function show(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits)
}

function showRatio({ value }: Row, name: ContestantName): string {
  const bare = value('bare')
  const own = value(name)
  if (bare === null || own === null || bare <= 0 || own < 0) return '–'
  return `${(own / bare).toFixed(2)}x`
}

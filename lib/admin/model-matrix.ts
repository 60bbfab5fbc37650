import { normalizeModelName } from '@/lib/core/model-name'
import type { Backend, CatalogueModel, NodeReport } from '@/lib/db/contract'
import type { ModelJob, ModelJobBackend } from '@/lib/db/contract-duties'
import type { Filter } from '@/lib/ui/filters'
import {
  type ModelUse,
  modelFilterFields,
  modelRowsMax,
  modelStates,
  modelUses,
} from '@/lib/ui/model-list'
import type { Sort } from '@/lib/ui/sort'
import type { AdminContext } from './actor'
import { mergeReports, nodeSilentMs } from './fleet-health'
import { type ModelFigures, readModelFigures, type SpeedAndUse } from './model-figures'
import { assertAllowed, canReadEverything } from './permissions'

export type MatrixServer = Pick<Backend, 'id' | 'name' | 'kind' | 'enabled'> & {
  health: 'unknown' | 'healthy' | 'degraded' | 'unhealthy' | 'draining' | 'disabled'
}

/** One model on one server. */
export type MatrixCell = {
  serverId: string
  /** Null: it is being pulled there, and not there yet. */
  copy: { digest: string | null; sizeBytes: number | null; modifiedAt: string | null } | null
  /** Its copy is another than that of most servers. */
  differs: boolean
  loaded: LoadedModel | null
  /** Requests of ours that it works at. */
  inFlight: number
  pull: { share: number | null; leftMs: number | null } | null
} & SpeedAndUse
export type LoadedModel = {
  sizeBytes: number
  /** 0 to 1: what did not fit onto the GPU. */
  cpuShare: number
  contextLength: number | null
  /** Null: not known, or kept for ever. */
  expiresAtMs: number | null
  isKept: boolean
}

export type MatrixRow = {
  /** The name by which Ollama tells models apart. */
  id: string
  /** As the server with the newest copy writes it. */
  name: string
  family: string | null
  parameterSize: string | null
  quantisation: string | null
  sizeBytes: number | null
  contextLength: number | null
  capabilities: string[] | null
  /** What most servers have. */
  digest: string | null
  differs: boolean
  /** In the order of the servers; null where it is not. */
  cells: (MatrixCell | null)[]
  requests30d: number
  use: ModelUse
}
export type ModelMatrix = {
  servers: MatrixServer[]
  rows: MatrixRow[]
  /** How many fit the filters. */
  count: number
  total: number
}
export type ModelQuery = { filters: readonly Filter[]; sort: Sort | null; limit: number }

/** Ollama writes a keep-alive without end as a time in centuries. */
const endlessMs = 10 * 365 * 86_400_000
const filterValuesMax = 200

/** Every model of every server, and what is being pulled; equal names (D1) are one row. */
export async function readModelMatrix(
  context: AdminContext,
  query: ModelQuery,
): Promise<ModelMatrix> {
  const { servers, rows } = await readAll(context)
  const fitting = rows.filter((row) => query.filters.every((filter) => fits(row, filter, servers)))
  const limit = Math.min(modelRowsMax, Math.max(1, query.limit))
  const shown = fitting.sort(comparing(query.sort)).slice(0, limit)
  return { servers, rows: shown, count: fitting.length, total: rows.length }
}

/** The values of a filter with how many models have each, under the other filters. */
export async function listModelFilterValues(
  context: AdminContext,
  field: string,
  query: Pick<ModelQuery, 'filters'>,
): Promise<{ value: string; label: string; count: number }[]> {
  const { servers, rows } = await readAll(context)
  const others = query.filters.filter((filter) => filter.field !== field)
  const counts = new Map(knownValues(field).map((value) => [value, 0]))
  for (const row of rows) {
    if (!others.every((filter) => fits(row, filter, servers))) continue
    for (const value of valuesOf(row, field, servers)) {
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
  }
  const words: Record<string, string> = wordsOf(field)
  return [...counts]
    .map(([value, count]) => ({ value, label: words[value] ?? value, count }))
    .sort((a, b) => b.count - a.count || a.label.localeCompare(b.label))
    .slice(0, filterValuesMax)
}

/** One row by any spelling of its name; null where no server has it and none pulls it. */
export async function findMatrixRow(
  context: AdminContext,
  name: string,
): Promise<{ servers: MatrixServer[]; row: MatrixRow } | null> {
  const { servers, rows } = await readAll(context)
  const row = rows.find(({ id }) => id === normalizeModelName(name))
  return row === undefined ? null : { servers, row }
}

async function readAll(context: AdminContext): Promise<{
  servers: MatrixServer[]
  rows: MatrixRow[]
}> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const { database, clock } = context
  const nowMs = clock.nowMs()
  const [backends, catalogue, nodes, jobs, figures] = await Promise.all([
    database.listBackends(),
    database.listCatalogue(),
    database.listNodeReports({ seenSinceMs: nowMs - nodeSilentMs }),
    database.listModelJobs({ limit: 200, open: true }),
    readModelFigures(context),
  ])
  const models = new Map<string, Map<string, CatalogueModel>>()
  for (const { backendId, models: own } of catalogue) {
    for (const model of own) {
      const id = normalizeModelName(model.name)
      models.set(id, (models.get(id) ?? new Map()).set(backendId, model))
    }
  }
  const pulls = pullsOf(jobs)
  for (const id of pulls.keys()) if (!models.has(id)) models.set(id, new Map())
  const hosts = backends.map((backend) => makeHost(backend, nodes, nowMs))
  const rows = [...models].map(([id, copies]) =>
    makeRow({ id, copies, hosts, figures, pull: pulls.get(id) }),
  )
  return { servers: hosts.map(({ server }) => server), rows }
}

type Host = {
  server: MatrixServer
  loaded: Map<string, LoadedModel>
  inFlight: Map<string, number>
}

function makeHost(backend: Backend, nodes: readonly NodeReport[], nowMs: number): Host {
  const { id, name, kind, enabled, draining } = backend
  const report = mergeReports(nodes, id)
  const health = draining ? 'draining' : (report?.health ?? 'unknown')
  const inFlight = new Map<string, number>()
  for (const { model, backendName } of nodes.flatMap((node) => node.exchanges ?? [])) {
    if (model === null || backendName !== name) continue
    const asked = normalizeModelName(model)
    inFlight.set(asked, (inFlight.get(asked) ?? 0) + 1)
  }
  return {
    server: { id, name, kind, enabled, health: enabled ? health : 'disabled' },
    loaded: new Map(
      report?.loaded.map((model) => [normalizeModelName(model.name), describeLoaded(model, nowMs)]),
    ),
    inFlight,
  }
}

function describeLoaded(
  model: NodeReport['backends'][number]['loaded'][number],
  nowMs: number,
): LoadedModel {
  const { sizeBytes, sizeVramBytes, contextLength } = model
  const expiresAtMs = model.expiresAt === null ? Number.NaN : Date.parse(model.expiresAt)
  const isKept = expiresAtMs - nowMs > endlessMs
  return {
    sizeBytes,
    cpuShare: sizeBytes > 0 ? Math.min(1, Math.max(0, 1 - sizeVramBytes / sizeBytes)) : 0,
    contextLength,
    expiresAtMs: Number.isFinite(expiresAtMs) && !isKept ? expiresAtMs : null,
    isKept,
  }
}

type Pulls = { name: string; by: Map<string, ModelJobBackend> }

/** Open pulls by model and server; the newest of two of the same. */
function pullsOf(jobs: readonly ModelJob[]): Map<string, Pulls> {
  const pulls = new Map<string, Pulls>()
  for (const { kind, model, backends } of jobs) {
    if (kind !== 'pull') continue
    const id = normalizeModelName(model)
    const known = pulls.get(id) ?? { name: model, by: new Map() }
    for (const backend of backends) {
      const isOpen = backend.state === 'queued' || backend.state === 'running'
      if (isOpen && !known.by.has(backend.backendId)) known.by.set(backend.backendId, backend)
    }
    if (known.by.size > 0) pulls.set(id, known)
  }
  return pulls
}

function makeRow(options: {
  id: string
  copies: ReadonlyMap<string, CatalogueModel>
  hosts: readonly Host[]
  figures: ModelFigures
  pull: Pulls | undefined
}): MatrixRow {
  const { id, copies, hosts, figures, pull } = options
  const digest = mostCommonDigest(copies)
  const newest = [...copies.values()].reduce<CatalogueModel | null>(
    (best, one) => ((one.modifiedAt ?? '') > (best?.modifiedAt ?? '') ? one : (best ?? one)),
    null,
  )
  const cells = hosts.map(({ server, loaded, inFlight }): MatrixCell | null => {
    const copy = copies.get(server.id)
    const pulled = pull?.by.get(server.id)
    if (copy === undefined && pulled === undefined) return null
    return {
      serverId: server.id,
      copy: copy === undefined ? null : copyOf(copy),
      differs: copy !== undefined && copy.digest !== null && copy.digest !== digest,
      loaded: loaded.get(id) ?? null,
      inFlight: inFlight.get(id) ?? 0,
      pull: pulled === undefined ? null : describePull(pulled),
      ...figures.ofCell(server.id, id),
    }
  })
  const details = detailsOf(newest)
  return {
    id,
    name: newest?.name ?? pull?.name ?? id,
    ...details,
    sizeBytes: newest?.sizeBytes ?? null,
    capabilities: [...copies.values()].find((one) => one.capabilities)?.capabilities ?? null,
    digest,
    differs: cells.some((cell) => cell?.differs),
    cells,
    ...figures.ofModel(id),
  }
}

function copyOf({ digest, sizeBytes, modifiedAt }: CatalogueModel): MatrixCell['copy'] {
  return { digest, sizeBytes, modifiedAt }
}

function mostCommonDigest(copies: ReadonlyMap<string, CatalogueModel>): string | null {
  const known = [...copies.values()].filter(({ digest }) => digest !== null)
  const countOf = (digest: string | null) => known.filter((one) => one.digest === digest).length
  const [first] = known.sort(
    (a, b) =>
      countOf(b.digest) - countOf(a.digest) ||
      (b.modifiedAt ?? '').localeCompare(a.modifiedAt ?? ''),
  )
  return first?.digest ?? null
}

function describePull({ progress }: ModelJobBackend): NonNullable<MatrixCell['pull']> {
  if (progress === null || progress.totalBytes === 0) return { share: null, leftMs: null }
  const { totalBytes, completedBytes, bytesPerSecond } = progress
  return {
    share: completedBytes / totalBytes,
    leftMs: bytesPerSecond ? ((totalBytes - completedBytes) / bytesPerSecond) * 1000 : null,
  }
}

/** As `/api/tags` tells them; a server that speaks OpenAI tells none. */
function detailsOf(
  model: CatalogueModel | null,
): Pick<MatrixRow, 'family' | 'parameterSize' | 'quantisation' | 'contextLength'> {
  const given: unknown = model?.entry.details
  const details = typeof given === 'object' && given !== null ? Object.entries(given) : []
  const find = (name: string): unknown => details.find(([key]) => key === name)?.[1]
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
  const context = find('context_length')
  return {
    family: text(find('family')),
    parameterSize: text(find('parameter_size')),
    quantisation: text(find('quantization_level')),
    contextLength: typeof context === 'number' && context > 0 ? context : null,
  }
}

function fits(row: MatrixRow, filter: Filter, servers: readonly MatrixServer[]): boolean {
  if (filter.field === 'name') {
    const wanted = filter.values[0]?.toLowerCase() ?? ''
    return row.name.toLowerCase().includes(wanted) !== filter.isNot
  }
  const own = valuesOf(row, filter.field, servers)
  return filter.values.some((value) => own.includes(value)) !== filter.isNot
}

function valuesOf(row: MatrixRow, field: string, servers: readonly MatrixServer[]): string[] {
  switch (field) {
    case 'server':
      return servers.filter((_, index) => row.cells[index]?.copy).map(({ name }) => name)
    case 'state': {
      const on = row.cells.filter((cell) => cell?.copy)
      const states = {
        loaded: on.some((cell) => cell?.loaded),
        differs: row.differs,
        everywhere: servers.length > 0 && on.length === servers.length,
        pulling: row.cells.some((cell) => cell?.pull),
      }
      return modelStates.filter((state) => states[state])
    }
    case 'use':
      return [row.use]
    case 'capability':
      return row.capabilities ?? []
    case 'family':
      return row.family === null ? [] : [row.family]
    case 'quantisation':
      return row.quantisation === null ? [] : [row.quantisation]
    default:
      return []
  }
}

function knownValues(field: string): readonly string[] {
  if (field === 'state') return modelStates
  return field === 'use' ? modelUses : []
}

function wordsOf(field: string): Record<string, string> {
  const found = modelFilterFields.find(({ id }) => id === field)
  return found !== undefined && 'words' in found ? { ...found.words } : {}
}

/** By name unless told; what is not known comes last either way. */
function comparing(sort: Sort | null): (a: MatrixRow, b: MatrixRow) => number {
  const byName = (a: MatrixRow, b: MatrixRow) => a.name.localeCompare(b.name)
  if (sort === null) return byName
  const sign = sort.isDescending ? -1 : 1
  if (sort.column === 'name') return (a, b) => sign * byName(a, b)
  const figure = figures[sort.column]
  if (figure === undefined) return byName
  return (a, b) => {
    const [left, right] = [figure(a), figure(b)]
    if (left === null || right === null) {
      return Number(left === null) - Number(right === null) || byName(a, b)
    }
    return sign * (left - right) || byName(a, b)
  }
}

const figures: Record<string, (row: MatrixRow) => number | null> = {
  size: ({ sizeBytes }) => sizeBytes,
  context: ({ contextLength }) => contextLength,
  use: ({ requests30d }) => requests30d,
}

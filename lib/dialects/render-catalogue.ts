import { normalizeModelName } from '@/lib/core/model-name'
import { renderJson } from './render-json'

/** An entry of /api/tags, /api/ps or an OpenAI server's /v1/models as a backend sent it. */
export type CatalogueEntry = Record<string, unknown>

/** `GET /api/tags` over entries that are in order already. */
export function renderTags(entries: readonly CatalogueEntry[]): string {
  return renderJson({ models: entries })
}

/** `GET /api/ps` over entries that are in order already. */
export function renderPs(entries: readonly CatalogueEntry[]): string {
  return renderJson({ models: entries })
}

/** `GET /v1/models` over entries of any kind: Ollama sends `null` when it has no model. */
export function renderOpenaiModels(entries: readonly CatalogueEntry[]): string {
  const data = entries.map((entry) => openaiModel(entry, entryName(entry)))
  return `${renderJson({ object: 'list', data: data.length > 0 ? data : null })}\n`
}

/** `GET /v1/models/:model`: the id is the name as it was asked. */
export function renderOpenaiModel(entry: CatalogueEntry, asked: string): string {
  return `${renderJson(openaiModel(entry, asked))}\n`
}

/** `GET /api/version`. */
export function renderVersion(version: string): string {
  return renderJson({ version })
}

/**
 * F2: the union of several backends' /api/tags. Of equal names (Ollama's own equality) the entry
 * with the newest `modified_at` stays; the order is Ollama's, newest first by whole seconds,
 * stable, so that one backend's list comes out as it went in.
 */
export function mergeCatalogues(
  catalogues: readonly (readonly CatalogueEntry[])[],
): CatalogueEntry[] {
  return mergeEntries(catalogues, modifiedMs)
}

/** F2 for /api/ps: of equal names the one that stays longest; longest remaining first. */
export function mergeLoadedModels(lists: readonly (readonly CatalogueEntry[])[]): CatalogueEntry[] {
  return mergeEntries(lists, (entry) => instantOf(entry.expires_at))
}

function mergeEntries(
  lists: readonly (readonly CatalogueEntry[])[],
  timeOf: (entry: CatalogueEntry) => number,
): CatalogueEntry[] {
  const latest = new Map<string, { entry: CatalogueEntry; atMs: number }>()
  for (const list of lists) {
    for (const entry of list) {
      const name = normalizeModelName(entryName(entry))
      const atMs = timeOf(entry)
      const known = latest.get(name)
      if (!known || atMs > known.atMs) latest.set(name, { entry, atMs })
    }
  }
  return [...latest.values()]
    .sort((a, b) => Math.floor(b.atMs / 1000) - Math.floor(a.atMs / 1000))
    .map(({ entry }) => entry)
}

/** The model's name, whatever server the entry came from: OpenAI's have only an `id`. */
export function entryName(entry: CatalogueEntry): string {
  const name = entry.name ?? entry.model ?? entry.id
  return typeof name === 'string' ? name : ''
}

/** Ollama writes an ISO time, OpenAI's servers seconds in `created`. */
function modifiedMs(entry: CatalogueEntry): number {
  if (entry.modified_at === undefined && typeof entry.created === 'number') {
    return entry.created * 1000
  }
  return instantOf(entry.modified_at)
}

function instantOf(value: unknown): number {
  const atMs = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(atMs) ? 0 : atMs
}

function openaiModel(entry: CatalogueEntry, id: string): unknown {
  return {
    id,
    object: 'model',
    created: Math.floor(modifiedMs(entry) / 1000),
    owned_by: typeof entry.owned_by === 'string' ? entry.owned_by : namespaceOf(entryName(entry)),
  }
}

function namespaceOf(name: string): string {
  const parts = name.split('/')
  return parts[parts.length - 2] ?? 'library'
}

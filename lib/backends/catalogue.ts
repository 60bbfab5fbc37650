import * as z from 'zod'
import { normalizeModelName } from '@/lib/core/model-name'
import type { BackendReport, CatalogueModel } from '@/lib/db/contract'
import type { BackendKind } from '@/lib/schemas/entities'
import type { Prober, ProbeTarget } from './probe'

export type LoadedModel = BackendReport['loaded'][number]
export type LoadedReading = { models: LoadedModel[]; entries: Record<string, unknown>[] }
export type ReadOptions = { prober: Prober; target: ProbeTarget; signal: AbortSignal }

const timeoutMs = 10_000
const bodyBytesMax = 32 * 1024 * 1024
const entriesMax = 10_000
const nameCharsMax = 500

/** F1: what a backend has. Throws what the probe throws, or words for an answer that is none. */
export async function readCatalogue(
  kind: BackendKind,
  options: ReadOptions,
): Promise<CatalogueModel[]> {
  if (kind === 'openai') return parseOpenaiModels(await readJson('/v1/models', options))
  return parseTags(await readJson('/api/tags', options))
}

/** What is in memory there, from `/api/ps`. */
export async function readLoaded(options: ReadOptions): Promise<LoadedReading> {
  return parsePs(await readJson('/api/ps', options))
}

/** Null where the answer names none. */
export async function readVersion(options: ReadOptions): Promise<string | null> {
  const answer = versionSchema.safeParse(await readJson('/api/version', options))
  return answer.success ? answer.data.version : null
}

async function readJson(path: string, options: ReadOptions): Promise<unknown> {
  const { status, body } = await options.prober.probe({
    target: options.target,
    method: 'GET',
    path,
    timeoutMs,
    bodyBytesMax,
    signal: options.signal,
  })
  if (status !== 200) throw new Error(`answered ${status} to ${path}`)
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw new Error(`did not answer in JSON to ${path}`, { cause })
  }
}

const entryName = z.string().min(1).max(nameCharsMax)
const bytes = z.number().min(0).nullable().catch(null)
const text = z.string().max(nameCharsMax).nullable().catch(null)

const versionSchema = z.object({ version: z.string().min(1).max(100) })
const listSchema = z.array(z.unknown()).nullable()
const tagsSchema = z.object({ models: listSchema })
const openaiListSchema = z.object({ data: listSchema })
const tagSchema = z.object({
  name: entryName.optional().catch(undefined),
  model: entryName.optional().catch(undefined),
  digest: text,
  size: bytes,
  modified_at: text,
  capabilities: z.array(z.string().max(100)).max(100).nullable().catch(null),
})
const psSchema = z.object({
  name: entryName.optional().catch(undefined),
  model: entryName.optional().catch(undefined),
  size: z.number().min(0).catch(0),
  size_vram: z.number().min(0).catch(0),
  expires_at: text,
  context_length: z.number().min(0).nullable().catch(null),
})
const openaiModelSchema = z.object({
  id: entryName,
  created: z.number().min(0).max(8_640_000_000_000).nullable().catch(null),
})

export function parseTags(answer: unknown): CatalogueModel[] {
  const models: CatalogueModel[] = []
  for (const entry of listEntries(tagsSchema.safeParse(answer).data?.models)) {
    const tag = tagSchema.parse(entry)
    const name = tag.name ?? tag.model
    if (name === undefined) continue
    models.push({
      name,
      digest: tag.digest,
      sizeBytes: tag.size,
      modifiedAt: tag.modified_at,
      capabilities: tag.capabilities,
      entry,
    })
  }
  return withoutDuplicates(models)
}

export function parseOpenaiModels(answer: unknown): CatalogueModel[] {
  const models: CatalogueModel[] = []
  for (const entry of listEntries(openaiListSchema.safeParse(answer).data?.data)) {
    const model = openaiModelSchema.safeParse(entry)
    if (!model.success) continue
    const { id, created } = model.data
    models.push({
      name: id,
      digest: null,
      sizeBytes: null,
      modifiedAt: created === null ? null : new Date(created * 1000).toISOString(),
      capabilities: null,
      entry,
    })
  }
  return withoutDuplicates(models)
}

export function parsePs(answer: unknown): LoadedReading {
  const reading: LoadedReading = { models: [], entries: [] }
  for (const entry of listEntries(tagsSchema.safeParse(answer).data?.models)) {
    const loaded = psSchema.parse(entry)
    const name = loaded.name ?? loaded.model
    if (name === undefined) continue
    reading.entries.push(entry)
    reading.models.push({
      name,
      sizeBytes: loaded.size,
      sizeVramBytes: loaded.size_vram,
      expiresAt: loaded.expires_at,
      contextLength: loaded.context_length,
    })
  }
  return reading
}

/** The objects of a list, bounded; whatever else stands in it is dropped. */
function listEntries(list: unknown[] | null | undefined): Record<string, unknown>[] {
  if (list === undefined) throw new Error('did not answer with a list of models')
  const entries: Record<string, unknown>[] = []
  for (const item of list ?? []) {
    if (entries.length === entriesMax) break
    if (isRecord(item)) entries.push(item)
  }
  return entries
}

function isRecord(item: unknown): item is Record<string, unknown> {
  return typeof item === 'object' && item !== null && !Array.isArray(item)
}

/** Ollama lists the newest first: of two names that are equal, the first stays. */
function withoutDuplicates(models: CatalogueModel[]): CatalogueModel[] {
  const seen = new Set<string>()
  return models.filter((model) => {
    const name = normalizeModelName(model.name)
    if (seen.has(name)) return false
    seen.add(name)
    return true
  })
}

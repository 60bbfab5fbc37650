import { createHash } from 'node:crypto'
import { parseModelName, renderNameKey, renderShortName } from './model-name'

/** A model on the disk of a simulated machine. Speeds and load time override the machine's. */
export type SimulatedModel = {
  name: string
  /** Size on disk, and the memory that it needs when loaded. */
  sizeBytes: number
  family?: string
  /** As Ollama lists them: completion, tools, thinking, vision, embedding, insert, audio. */
  capabilities?: string[]
  parameterSize?: string
  quantization?: string
  contextLength?: number
  embeddingLength?: number
  digest?: string
  modifiedAt?: string
  prefillTokensPerSecond?: number
  tokensPerSecond?: number
  loadMs?: number
  /** Whether it calls a tool again after it has seen a tool's result (default: once). */
  toolUse?: 'once' | 'always'
}

export type Layer = { digest: string; sizeBytes: number }

/** A model with nothing left to default. */
export type StoredModel = Required<
  Omit<SimulatedModel, 'prefillTokensPerSecond' | 'tokensPerSecond' | 'loadMs'>
> &
  Pick<SimulatedModel, 'prefillTokensPerSecond' | 'tokensPerSecond' | 'loadMs'> & {
    key: string
    layers: Layer[]
  }

export const MODELS_DEFAULT: SimulatedModel[] = [
  {
    name: 'gemma3:270m',
    sizeBytes: 291_554_930,
    family: 'gemma3',
    modifiedAt: '2026-11-03T08:00:00.000000001Z',
  },
  {
    name: 'tooly:270m',
    sizeBytes: 291_555_274,
    family: 'gemma3',
    capabilities: ['completion', 'tools'],
    modifiedAt: '2026-11-03T09:00:00.000000001Z',
  },
  {
    name: 'thinky:270m',
    sizeBytes: 291_555_300,
    family: 'qwen3',
    capabilities: ['completion', 'tools', 'thinking'],
    modifiedAt: '2026-11-03T09:30:00.000000001Z',
  },
  {
    name: 'embed:270m',
    sizeBytes: 291_554_673,
    family: 'gemma-embedding',
    capabilities: ['embedding'],
    modifiedAt: '2026-11-03T10:00:00.000000001Z',
  },
]

export type ModelStore = {
  find(name: string): StoredModel | null
  /** Newest first, as `/api/tags` shows them. */
  list(): StoredModel[]
  add(model: SimulatedModel): void
  remove(name: string): void
  replaceAll(models: SimulatedModel[]): void
}

/** The models on one machine's disk. Names are compared as Ollama compares them. */
export function createModelStore(models: SimulatedModel[]): ModelStore {
  const stored = new Map<string, StoredModel>()
  const add = (model: SimulatedModel) => {
    const complete = completeModel(model)
    stored.set(complete.key, complete)
  }
  for (const model of models) add(model)
  return {
    find: (name) => {
      const parsed = parseModelName(name)
      return parsed ? (stored.get(renderNameKey(parsed)) ?? null) : null
    },
    list: () => [...stored.values()].sort((a, b) => secondsOf(b) - secondsOf(a)),
    add,
    remove: (name) => {
      const parsed = parseModelName(name)
      if (parsed) stored.delete(renderNameKey(parsed))
    },
    replaceAll: (replacement) => {
      stored.clear()
      for (const model of replacement) add(model)
    },
  }
}

/** Embedding models tell it by a capability, older ones only by their architecture. */
export function canEmbed(model: StoredModel): boolean {
  return model.capabilities.includes('embedding') || /embed|bert/.test(model.family)
}

export function sha256Hex(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex')
}

function secondsOf(model: StoredModel): number {
  return Math.floor(Date.parse(model.modifiedAt) / 1_000)
}

function completeModel(model: SimulatedModel): StoredModel {
  const parsed = parseModelName(model.name)
  if (!parsed) throw new Error(`"${model.name}" is no name of a model`)
  const name = renderShortName(parsed)
  const digest = (model.digest ?? sha256Hex(`manifest ${name} ${model.sizeBytes}`)).replace(
    /^sha256:/,
    '',
  )
  return {
    family: 'gemma3',
    capabilities: ['completion'],
    parameterSize: '268.10M',
    quantization: 'Q4_K_M',
    contextLength: 32_768,
    embeddingLength: 640,
    modifiedAt: '2026-11-03T08:00:00.000000001Z',
    toolUse: 'once',
    ...model,
    name,
    digest,
    key: renderNameKey(parsed),
    layers: listLayers(digest, model.sizeBytes),
  }
}

function listLayers(digest: string, sizeBytes: number): Layer[] {
  const small = [358, 77, 156]
  const weights = Math.max(0, sizeBytes - small.reduce((sum, size) => sum + size, 0))
  return [weights, ...small].map((size, index) => ({
    digest: `sha256:${sha256Hex(`layer ${index} ${digest}`)}`,
    sizeBytes: size,
  }))
}

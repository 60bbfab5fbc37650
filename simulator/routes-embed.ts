import { embedText, shortenFloat } from './embedding'
import type { Json } from './go-json'
import { canEmbed, type StoredModel } from './model-store'
import type { Fields } from './request-fields'
import { countAll, readKeepAlive, readNative } from './routes-native'
import { strikeBeforeHeaders } from './strike'
import { countTokens } from './text-tokens'
import { Refusal } from './versions'
import { wait } from './wait'
import type { Exchange } from './world'

/** `POST /api/embed` */
export async function answerEmbed(exchange: Exchange): Promise<void> {
  const fields = await readNative(exchange, 'embed')
  const modelName = fields.text('model')
  const inputs = parseInputs(fields.value('input'))
  const result = await embedInputs(exchange, { modelName, inputs, fields })
  if (inputs.length === 0) return exchange.wire.json(200, { model: modelName, embeddings: [] })
  await exchange.wire.json(200, {
    model: modelName,
    embeddings: result.vectors.map((vector) => vector.map(shortenFloat)),
    total_duration: result.totalNs,
    load_duration: result.loadNs,
    prompt_eval_count: result.promptTokens,
  })
  exchange.world.tokens.prompt += result.promptTokens
}

/** `POST /api/embeddings`, the older route: one prompt, a vector as it comes, no counts. */
export async function answerEmbeddings(exchange: Exchange): Promise<void> {
  const fields = await readNative(exchange, 'embedding')
  const prompt = fields.text('prompt')
  const inputs = prompt === '' ? [] : [prompt]
  const modelName = fields.text('model')
  const { vectors } = await embedInputs(exchange, { modelName, inputs, fields })
  await exchange.wire.json(200, { embedding: (vectors[0] ?? []).map((value) => value / 10) })
}

export type Embedded = {
  vectors: number[][]
  promptTokens: number
  totalNs: number
  loadNs: number
}

/** Runs an embedding model for several inputs. Throws `Refusal`. */
export async function embedInputs(
  exchange: Exchange,
  asked: { modelName: string; inputs: string[]; fields: Fields },
): Promise<Embedded> {
  const { world } = exchange
  const startedAt = performance.now()
  const model = getEmbeddingModel(exchange, asked.modelName)
  const fault = exchange.faultFor(asked.modelName)
  if (fault) {
    exchange.wire.fault = fault
    await strikeBeforeHeaders(exchange, fault, true)
  }
  if (asked.inputs.length === 0) return { vectors: [], promptTokens: 0, totalNs: 1, loadNs: 1 }
  const lease = await world.machine.take({
    model,
    numCtx: undefined,
    keepAliveMs: readKeepAlive(asked.fields),
    prompt: '',
    signal: exchange.signal,
  })
  try {
    if (!canEmbed(model)) throw new Refusal(501, world.traits.embedRefusal)
    const promptTokens = countAll(asked.inputs)
    checkLength(asked.inputs, model, asked.fields)
    const perSecond = model.prefillTokensPerSecond ?? world.options.prefillTokensPerSecond
    await wait((promptTokens / perSecond) * 1_000, exchange.signal)
    const dimensions = asked.fields.count('dimensions') ?? 0
    const vectors = asked.inputs.map((text) => embedText(text, dimensions, model.embeddingLength))
    const totalNs = Math.round((performance.now() - startedAt) * 1e6) + 1
    return {
      vectors,
      promptTokens,
      totalNs,
      loadNs: Math.min(totalNs, Math.round(lease.loadMs * 1e6) + 1),
    }
  } finally {
    lease.release('')
  }
}

function getEmbeddingModel(exchange: Exchange, modelName: string): StoredModel {
  const model = exchange.world.store.find(modelName)
  const isGhost = exchange.wire.fault?.kind === 'ghost'
  if (!model || isGhost)
    throw new Refusal(404, `model "${modelName}" not found, try pulling it first`)
  return model
}

function checkLength(inputs: string[], model: StoredModel, fields: Fields): void {
  if (fields.flag('truncate') !== false) return
  if (inputs.some((text) => countTokens(text) > model.contextLength)) {
    throw new Refusal(400, 'the input length exceeds the context length')
  }
}

function parseInputs(input: Json | undefined): string[] {
  if (input === undefined || input === null) return []
  if (typeof input === 'string') return input === '' ? [] : [input]
  if (Array.isArray(input) && input.every((text) => typeof text === 'string')) return input
  throw new Refusal(400, 'invalid input type')
}

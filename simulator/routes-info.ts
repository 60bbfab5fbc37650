import { renderTime } from './clock-text'
import type { LoadedModel } from './machine'
import { readNative } from './routes-native'
import { renderMissingModel } from './routes-openai-models'
import { renderDetails, renderShow } from './show-model'
import { Refusal } from './versions'
import type { Exchange } from './world'

/** `GET /` and `HEAD /` */
export function answerRoot(exchange: Exchange): Promise<void> {
  return exchange.wire.body(
    200,
    [['Content-Type', 'text/plain; charset=utf-8']],
    'Ollama is running',
  )
}

/** `GET /api/version` */
export function answerVersion(exchange: Exchange): Promise<void> {
  return exchange.wire.json(200, { version: exchange.world.options.version })
}

/** `GET /api/status` */
export function answerStatus(exchange: Exchange): Promise<void> {
  const disabled = exchange.world.options.cloud === 'disabled'
  return exchange.wire.json(200, { cloud: { disabled, source: disabled ? 'env' : 'none' } })
}

/** `GET /api/tags` */
export function answerTags(exchange: Exchange): Promise<void> {
  const { store, traits } = exchange.world
  const models = store.list().map((model) => ({
    name: model.name,
    model: model.name,
    modified_at: model.modifiedAt,
    size: model.sizeBytes,
    digest: model.digest,
    details: {
      ...renderDetails(model),
      ...(traits.tagsHaveCapabilities
        ? { context_length: model.contextLength, embedding_length: model.embeddingLength }
        : {}),
    },
    ...(traits.tagsHaveCapabilities ? { capabilities: model.capabilities } : {}),
  }))
  return exchange.wire.json(200, { models })
}

/** `GET /api/ps` */
export function answerPs(exchange: Exchange): Promise<void> {
  return exchange.wire.json(200, { models: exchange.world.machine.loaded().map(renderLoaded) })
}

/** `POST /api/show` */
export async function answerShow(exchange: Exchange): Promise<void> {
  const fields = await readNative(exchange, 'show')
  const name = fields.text('model') || fields.text('name')
  if (name === '') throw new Refusal(400, 'model is required')
  const model = exchange.world.store.find(name)
  if (!model) throw new Refusal(404, renderMissingModel(exchange, name))
  await exchange.wire.json(200, renderShow(exchange, model, fields.flag('verbose') === true))
}

/** `GET /api/experimental/model-recommendations` */
export function answerRecommendations(exchange: Exchange): Promise<void> {
  const recommendations = [
    { model: 'gemma3:270m', description: 'A small model for a first try', context_length: 32_768 },
  ]
  return exchange.wire.json(200, { recommendations })
}

function renderLoaded(loaded: LoadedModel): object {
  const { model } = loaded
  return {
    name: model.name,
    model: model.name,
    size: model.sizeBytes,
    digest: model.digest,
    details: renderDetails(model),
    expires_at: renderTime(loaded.expiresAt),
    size_vram: model.sizeBytes,
    context_length: loaded.contextLength,
  }
}

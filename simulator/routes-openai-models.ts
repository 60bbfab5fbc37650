import { parseModelName } from './model-name'
import { refuse } from './openai-refusals'
import type { Exchange } from './world'

/** `GET /v1/models` */
export async function answerOpenAiModels(exchange: Exchange): Promise<void> {
  const data = exchange.world.store.list().map((model) => renderModel(model.name, model.modifiedAt))
  // Go's nil slice: no models is null, not an empty list.
  await exchange.wire.json(200, { object: 'list', data: data.length > 0 ? data : null }, 'encoder')
}

/** `GET /v1/models/:model` */
export async function answerOpenAiModel(exchange: Exchange): Promise<void> {
  const { world, parameter } = exchange
  const model = world.store.find(parameter)
  if (model) return exchange.wire.json(200, renderModel(parameter, model.modifiedAt), 'encoder')
  await refuse(exchange, 404, renderMissingModel(exchange, parameter))
}

/** `/api/show` and `/v1/models/:model` name a missing model with its tag, in newer versions. */
export function renderMissingModel(exchange: Exchange, name: string): string {
  const parsed = exchange.world.traits.missingModelIsNamedWithTag ? parseModelName(name) : null
  const hasTag = /:[^/]*$/.test(name)
  return `model '${parsed && !hasTag ? `${name}:${parsed.tag}` : name}' not found`
}

function renderModel(name: string, modifiedAt: string): object {
  const created = Math.floor(Date.parse(modifiedAt) / 1_000)
  return { id: name, object: 'model', created, owned_by: parseModelName(name)?.namespace ?? '' }
}

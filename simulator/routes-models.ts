import { renderNow } from './clock-text'
import { type Json, renderGoJson } from './go-json'
import { parseModelName, renderShortName } from './model-name'
import { type StoredModel, sha256Hex } from './model-store'
import type { Fields } from './request-fields'
import { readNative } from './routes-native'
import { Refusal } from './versions'
import { wait } from './wait'
import type { Exchange } from './world'

/** `POST /api/pull` */
export async function answerPull(exchange: Exchange): Promise<void> {
  const fields = await readNative(exchange, 'named')
  const asked = nameOf(fields)
  const name = parseModelName(asked)
  if (!name) throw new Refusal(400, 'invalid model name')
  await answerProgress(exchange, fields, async function* () {
    yield { status: 'pulling manifest' }
    const found = findInLibrary(exchange, asked)
    if ('problem' in found) throw new Refusal(500, found.problem)
    yield* pullLayers(exchange, found.model)
    yield { status: 'verifying sha256 digest' }
    yield { status: 'writing manifest' }
    exchange.world.store.add({
      ...found.model,
      name: renderShortName(name),
      modifiedAt: renderNow(),
    })
    yield { status: 'success' }
  })
}

/** `POST /api/push` */
export async function answerPush(exchange: Exchange): Promise<void> {
  const fields = await readNative(exchange, 'named')
  const asked = nameOf(fields)
  const name = parseModelName(asked)
  if (!name) throw new Refusal(400, 'model is required')
  await answerProgress(exchange, fields, async function* () {
    yield { status: 'retrieving manifest' }
    const model = exchange.world.store.find(asked)
    if (!model) {
      yield { status: "couldn't retrieve manifest" }
      const file = `${exchange.world.options.modelsPath}/manifests/${name.host}/${name.namespace}/${name.model}/${name.tag}`
      throw new Refusal(500, `open ${file}: no such file or directory`)
    }
    for (const layer of model.layers) yield renderLayer('pushing', layer, layer.sizeBytes)
    yield { status: 'pushing manifest' }
    yield { status: 'success' }
  })
}

/** `POST /api/create` */
export async function answerCreate(exchange: Exchange): Promise<void> {
  const fields = await readNative(exchange, 'create')
  const name = parseModelName(nameOf(fields))
  if (!name) throw new Refusal(400, 'invalid model name')
  const from = fields.text('from')
  const files = fields.object('files')
  if (!from && !files) return refuseSource(exchange)
  for (const digest of Object.values(files ?? {})) checkBlob(exchange, digest)
  await answerProgress(exchange, fields, async function* () {
    let base = from ? exchange.world.store.find(from) : null
    if (from && !base) {
      yield { status: 'pulling manifest' }
      const found = findInLibrary(exchange, from)
      if ('problem' in found) throw new Refusal(500, found.problem)
      yield* pullLayers(exchange, found.model)
      base = found.model
    }
    if (files) yield { status: 'parsing GGUF' }
    for (const layer of (base?.layers ?? []).slice(0, 2)) {
      yield { status: `using existing layer ${layer.digest}` }
    }
    for (const part of ['system', 'parameters', 'template', 'license', 'messages']) {
      const value = fields.value(part)
      if (value !== undefined) {
        yield {
          status: `creating new layer sha256:${sha256Hex(`${part} ${JSON.stringify(value)}`)}`,
        }
      }
    }
    yield { status: 'writing manifest' }
    exchange.world.store.add({
      ...(base ?? { sizeBytes: 1_000_000 }),
      name: renderShortName(name),
      digest: sha256Hex(`created ${renderShortName(name)} ${renderNow()}`),
      modifiedAt: renderNow(),
    })
    yield { status: 'success' }
  })
}

/** `POST /api/copy` */
export async function answerCopy(exchange: Exchange): Promise<void> {
  const fields = await readNative(exchange, 'copy')
  const source = fields.text('source')
  const destination = fields.text('destination')
  if (!parseModelName(source)) throw new Refusal(400, `source "${source}" is invalid`)
  if (!parseModelName(destination))
    throw new Refusal(400, `destination "${destination}" is invalid`)
  const model = exchange.world.store.find(source)
  if (!model) throw new Refusal(404, `model "${source}" not found`)
  exchange.world.store.add({ ...model, name: destination, modifiedAt: renderNow() })
  await exchange.wire.body(200, [], '')
}

/** `DELETE /api/delete` */
export async function answerDelete(exchange: Exchange): Promise<void> {
  const fields = await readNative(exchange, 'delete')
  const name = nameOf(fields)
  if (!parseModelName(name)) throw new Refusal(400, `name "${name}" is invalid`)
  const model = exchange.world.store.find(name)
  if (!model) throw new Refusal(404, `model '${name}' not found`)
  exchange.world.store.remove(name)
  await exchange.wire.body(200, [], '')
}

type Progress = { status: string }

// A stream is 200 whatever follows; without one the last status or the error has a status of its own.
async function answerProgress(
  exchange: Exchange,
  fields: Fields,
  work: () => AsyncGenerator<Progress, void>,
): Promise<void> {
  const { wire } = exchange
  const isStream = fields.flag('stream') !== false
  try {
    for await (const progress of work()) {
      if (!isStream) continue
      if (!wire.isStarted) wire.start([['Content-Type', 'application/x-ndjson']])
      await wire.frame(`${renderGoJson(progress)}\n`)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const body = renderGoJson({ error: error.message })
    if (!isStream) return wire.body(error.status, [['Content-Type', 'application/json']], body)
    await wire.frame(`${body}\n`)
  }
  if (isStream) return wire.end()
  await wire.body(200, [['Content-Type', 'application/json']], renderGoJson({ status: 'success' }))
}

async function* pullLayers(exchange: Exchange, model: StoredModel): AsyncGenerator<Progress, void> {
  const { store, options } = exchange.world
  const known = new Set(store.list().flatMap((other) => other.layers.map((layer) => layer.digest)))
  const total = model.layers.reduce((sum, layer) => sum + layer.sizeBytes, 0)
  for (const layer of model.layers) {
    const steps = known.has(layer.digest) ? 1 : PULL_STEPS
    for (let step = 1; step <= steps; step++) {
      if (steps > 1) await wait((options.pullMs * layer.sizeBytes) / total / steps, exchange.signal)
      yield renderLayer('pulling', layer, Math.floor((layer.sizeBytes * step) / steps))
    }
  }
}

const PULL_STEPS = 4

function renderLayer(verb: string, layer: StoredModel['layers'][number], completed: number) {
  return {
    status: `${verb} ${layer.digest.slice('sha256:'.length, 'sha256:'.length + 12)}`,
    digest: layer.digest,
    total: layer.sizeBytes,
    completed,
  }
}

function findInLibrary(
  exchange: Exchange,
  asked: string,
): { model: StoredModel } | { problem: string } {
  const { library, options } = exchange.world
  const model = library.find(asked)
  const name = parseModelName(asked)
  if (!name) return { problem: 'invalid model name' }
  const manifest = `${name.namespace}/${name.model}/manifests/${name.tag}`
  if (name.host === 'registry.ollama.ai') {
    if (options.network === 'up') return model ? { model } : { problem: MISSING_MANIFEST }
    return {
      problem: `pull model manifest: Get "https://${name.host}/v2/${manifest}": dial tcp: lookup ${name.host} on 198.51.100.53:53: no such host`,
    }
  }
  if (model) return { model }
  const isKnownHost = library.list().some((other) => parseModelName(other.name)?.host === name.host)
  if (isKnownHost) return { problem: MISSING_MANIFEST }
  const address = name.host.replace(/^localhost/, '127.0.0.1')
  return {
    problem: `pull model manifest: Get "http://${name.host}/v2/${manifest}": dial tcp ${address}: connect: connection refused`,
  }
}

const MISSING_MANIFEST = 'pull model manifest: file does not exist'

function nameOf(fields: Fields): string {
  return fields.text('model') || fields.text('name')
}

// This one error is flushed before it ends, so that it has no length.
async function refuseSource(exchange: Exchange): Promise<void> {
  const { wire } = exchange
  wire.start([['Content-Type', 'application/json']], 400)
  await wire.frame(renderGoJson({ error: "neither 'from' or 'files' was specified" }))
  wire.end()
}

function checkBlob(exchange: Exchange, digest: Json): void {
  const isKnown = typeof digest === 'string' && exchange.world.blobs.has(digest)
  if (!isKnown) throw new Refusal(400, `blob "${String(digest)}" not found`)
}

import * as z from 'zod'
import { parseBackendUrl } from '@/lib/backends/backend-address'
import { createProber } from '@/lib/backends/probe'
import { renderFailure } from '@/lib/backends/render-failure'
import { CorralError } from '@/lib/core/errors'
import { normalizeModelName } from '@/lib/core/model-name'
import { openSecret } from '@/lib/core/seal'
import type { BackendWithSealedCredential } from '@/lib/db/contract'
import type { AdminContext } from './actor'
import { mergeReports, nodeSilentMs } from './fleet-health'
import { assertAllowed, canReadEverything } from './permissions'

/** What a server says of a model, by `/api/show`. */
export type ModelCard = {
  server: string
  license: string | null
  modelfile: string | null
  parameters: string | null
  template: string | null
  system: string | null
  /** `llama.context_length` and the like; long lists are left out. */
  info: Record<string, string | number | boolean>
}
/** Or why there is none, in a sentence. */
export type ModelCardAnswer = { card: ModelCard; problem: null } | { card: null; problem: string }

const timeoutMs = 5000
const bodyBytesMax = 8 * 1024 * 1024
const textCharsMax = 200_000
const infoMax = 200

/** Asks a server that has it, the healthy ones first. Throws `admin.not_found` where none has. */
export async function showModel(
  context: AdminContext,
  { model, backendId, signal }: { model: string; backendId?: string; signal: AbortSignal },
): Promise<ModelCardAnswer> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const { database, clock } = context
  const [{ backends }, catalogue, nodes] = await Promise.all([
    database.readGatewayConfig(),
    database.listCatalogue(),
    database.listNodeReports({ seenSinceMs: clock.nowMs() - nodeSilentMs }),
  ])
  const wanted = normalizeModelName(model)
  const having = backends.filter(
    ({ id }) =>
      (backendId === undefined || id === backendId) &&
      catalogue
        .find((one) => one.backendId === id)
        ?.models.some(({ name }) => normalizeModelName(name) === wanted),
  )
  if (having.length === 0) {
    throw new CorralError('admin.not_found', { params: { kind: 'model', name: model } })
  }
  const isWell = ({ id, enabled }: BackendWithSealedCredential) =>
    enabled && mergeReports(nodes, id)?.health === 'healthy'
  const talking = having
    .filter(({ kind }) => kind === 'ollama')
    .sort((a, b) => Number(isWell(b)) - Number(isWell(a)))
  const [backend] = talking
  if (backend === undefined) {
    const problem = `${having[0]?.name} is no Ollama: it has no card and no template to show.`
    return { card: null, problem }
  }
  return ask(context, { backend, model, signal })
}

async function ask(
  { sealKey, clock }: AdminContext,
  options: { backend: BackendWithSealedCredential; model: string; signal: AbortSignal },
): Promise<ModelCardAnswer> {
  const { backend, model, signal } = options
  const prober = createProber({
    connectTimeoutMs: () => timeoutMs,
    monotonicMs: clock.monotonicMs,
  })
  try {
    const sealed = backend.sealedCredential
    const credential = sealed === null ? null : openSecret(sealed, sealKey)
    const { status, body } = await prober.probe({
      target: { address: parseBackendUrl(backend.url), credential },
      method: 'POST',
      json: { model },
      path: '/api/show',
      timeoutMs,
      bodyBytesMax,
      signal,
    })
    if (status !== 200) {
      return { card: null, problem: `${backend.name} answered ${status} when asked for ${model}.` }
    }
    const shown = showSchema.parse(JSON.parse(body.toString('utf8')))
    return { card: { server: backend.name, ...shown }, problem: null }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      return { card: null, problem: `${backend.name} answered, but not with a model's card.` }
    }
    return { card: null, problem: `${backend.name} ${renderFailure(error)}.` }
  } finally {
    prober.close()
  }
}

const text = z
  .string()
  .nullish()
  .catch(null)
  .transform((value) => (value ? value.slice(0, textCharsMax) : null))

const showSchema = z
  .object({
    license: z
      .union([z.string(), z.array(z.string()).transform((texts) => texts.join('\n\n'))])
      .nullish()
      .catch(null)
      .transform((value) => (value ? value.slice(0, textCharsMax) : null)),
    modelfile: text,
    parameters: text,
    template: text,
    system: text,
    model_info: z.record(z.string(), z.unknown()).nullish().catch(null),
  })
  .transform(({ model_info, ...texts }) => ({ ...texts, info: plainInfo(model_info ?? {}) }))

function plainInfo(info: Record<string, unknown>): ModelCard['info'] {
  const plain = Object.entries(info).filter(
    (pair): pair is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof pair[1]) && String(pair[1]).length < 2000,
  )
  return Object.fromEntries(plain.slice(0, infoMax))
}

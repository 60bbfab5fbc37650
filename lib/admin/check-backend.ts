import * as z from 'zod'
import { type BackendAddress, parseBackendUrl } from '@/lib/backends/backend-address'
import { createProber, type Prober } from '@/lib/backends/probe'
import { renderFailure } from '@/lib/backends/render-failure'
import { isCorralError } from '@/lib/core/errors'
import { openSecret } from '@/lib/core/seal'
import type { BackendKind } from '@/lib/schemas/entities'
import type { AdminContext } from './actor'
import { getBackendByName } from './backends'
import { assertAllowed, canManageBackends } from './permissions'

const bodyBytesMax = 8 * 1024 * 1024

/** A live test. `problem` is a sentence for a person; null when the backend can be used. */
export type BackendCheck = {
  name: string
  url: string
  problem: string | null
  latencyMs: number | null
  version: string | null
  models: string[]
  /** The first model that chats, as far as the backend says; null where none is known. */
  chatModel: string | null
}

/** Asks a backend what it is and has, now and from this process. Throws `admin.not_found`. */
export async function checkBackend(
  context: AdminContext,
  name: string,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<BackendCheck> {
  assertAllowed(canManageBackends(context.actor), 'operator')
  const { id } = await getBackendByName(context, name)
  const { backends } = await context.database.readGatewayConfig()
  const backend = backends.find((one) => one.id === id)
  const sealed = backend?.sealedCredential ?? null
  const { url, kind } = backend ?? (await getBackendByName(context, name))
  let credential: string | null
  try {
    credential = sealed === null ? null : openSecret(sealed, context.sealKey)
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : 'Its credential cannot be opened.'
    return { name, url, problem, latencyMs: null, version: null, models: [], chatModel: null }
  }
  return testBackend({ name, url, kind, credential, ...options, clock: context.clock })
}

/** The same for an address that is not stored, or not yet. */
export async function testBackend(options: {
  name: string
  url: string
  kind: BackendKind
  credential: string | null
  timeoutMs: number
  signal: AbortSignal
  clock: AdminContext['clock']
}): Promise<BackendCheck> {
  const { name, url, kind, credential, timeoutMs, signal } = options
  const { monotonicMs } = options.clock
  const prober = createProber({ connectTimeoutMs: () => timeoutMs, monotonicMs })
  const found = {
    name,
    url,
    problem: null,
    latencyMs: null,
    version: null,
    models: [],
    chatModel: null,
  }
  try {
    const target = { address: parseBackendUrl(url), credential }
    const ask = (path: string) => askJson({ prober, target, path, timeoutMs, signal })
    const reading = kind === 'ollama' ? await readOllama(ask) : await readOpenAi(ask)
    return { ...found, ...reading }
  } catch (error) {
    return { ...found, problem: problemOf({ name, url, error }) }
  } finally {
    prober.close()
  }
}

type Ask = (path: string) => Promise<{ json: unknown; latencyMs: number }>
type Reading = Pick<BackendCheck, 'latencyMs' | 'version' | 'models' | 'chatModel'>

async function readOllama(ask: Ask): Promise<Reading> {
  const version = await ask('/api/version')
  const tags = await ask('/api/tags')
  const { models } = tagsSchema.parse(tags.json)
  return {
    latencyMs: Math.round(version.latencyMs),
    version: versionSchema.parse(version.json).version,
    models: models.map((model) => model.name),
    chatModel: models.find(({ capabilities }) => capabilities.includes('completion'))?.name ?? null,
  }
}

async function readOpenAi(ask: Ask): Promise<Reading> {
  const models = await ask('/v1/models')
  const names = modelsSchema.parse(models.json).data.map((model) => model.id)
  return {
    latencyMs: Math.round(models.latencyMs),
    version: null,
    models: names,
    chatModel: null,
  }
}

const versionSchema = z.object({ version: z.string() })
const tagsSchema = z.object({
  models: z
    .array(
      z.object({ name: z.string(), capabilities: z.array(z.string()).default(['completion']) }),
    )
    .nullish()
    .transform((list) => list ?? []),
})
const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) })

async function askJson(options: {
  prober: Prober
  target: { address: BackendAddress; credential: string | null }
  path: string
  timeoutMs: number
  signal: AbortSignal
}): Promise<{ json: unknown; latencyMs: number }> {
  const { prober, ...request } = options
  const { status, body, latencyMs } = await prober.probe({
    ...request,
    method: 'GET',
    bodyBytesMax,
  })
  if (status !== 200) throw new UnexpectedStatus(options.path, status)
  return { json: JSON.parse(body.toString('utf8')), latencyMs }
}

class UnexpectedStatus extends Error {
  override readonly name = 'UnexpectedStatus'
  constructor(path: string, status: number) {
    super(
      status === 401 || status === 403
        ? `refused the credential with ${status} at ${path}`
        : `answered ${status} at ${path}`,
    )
  }
}

function problemOf({ name, url, error }: { name: string; url: string; error: unknown }): string {
  if (isCorralError(error)) return error.message
  if (error instanceof SyntaxError || error instanceof z.ZodError) {
    return `${name} answered at ${url}, but not as a server of its kind. Check the address and the kind.`
  }
  return `${name} ${renderFailure(error)} at ${url}.`
}

import * as z from 'zod'
import { CorralError } from '@/lib/core/errors'
import type { Backend } from '@/lib/db/contract'
import { type ModelJob, modelJobKinds } from '@/lib/db/contract-duties'
import { type AdminContext, auditEntry } from './actor'
import { invalidInput, parseInput } from './parse-input'
import { assertAllowed, canManageModels, canReadEverything } from './permissions'

const modelName = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .regex(/^[^\s\p{Cc}]+$/u, 'a name without spaces')

const modelJobSchema = z.object({
  kind: z.enum(modelJobKinds),
  model: modelName,
  /** The new name of a copy. */
  destination: modelName.nullable().default(null),
  /** Of a load: seconds, a Go duration such as `30m`, or `-1` for ever. */
  keepAlive: z
    .string()
    .regex(/^-?\d{1,9}(\.\d{1,3})?(ms|s|m|h)?$/, 'seconds or a length of time such as 30m')
    .nullable()
    .default(null),
  backendIds: z.array(z.string().min(1).max(64)).min(1).max(200),
})
export type ModelJobFields = z.input<typeof modelJobSchema>

/** F3: pull, delete, copy, load or unload a model on these servers; a gateway does it. */
export async function createModelJob(
  context: AdminContext,
  input: ModelJobFields,
): Promise<ModelJob> {
  const { actor, database } = context
  assertAllowed(canManageModels(actor), 'operator')
  const { backendIds, ...job } = parseInput(modelJobSchema, input)
  if ((job.kind === 'copy') !== (job.destination !== null)) {
    throw invalidInput('destination: expected the new name of a copy, and only for a copy.')
  }
  if (job.keepAlive !== null && job.kind !== 'load') {
    throw invalidInput('keepAlive: expected only for a load.')
  }
  const known = await database.listBackends()
  const backends = [...new Set(backendIds)].map((id) => getOllama(known, id))
  return database.createModelJob(
    {
      ...job,
      requestedBy: actor.kind === 'user' ? actor.name : 'operator',
      requestedByUserId: actor.kind === 'user' ? actor.id : null,
      backends: backends.map(({ id, name }) => ({ id, name })),
    },
    entry(context, `model.${job.kind}`, { id: null, model: job.model }),
  )
}

/** On these servers, or all of the job: what waits ends at once, what runs within a second. */
export async function cancelModelJob(
  context: AdminContext,
  id: string,
  options: { backendIds?: string[] } = {},
): Promise<ModelJob> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const job = await getModelJob(context, id)
  return context.database.cancelModelJob(id, entry(context, 'job.cancel', job), options)
}

/** What failed or was cancelled begins again; a pull goes on where it stopped. */
export async function resumeModelJob(
  context: AdminContext,
  id: string,
  options: { backendIds?: string[] } = {},
): Promise<ModelJob> {
  assertAllowed(canManageModels(context.actor), 'operator')
  const job = await getModelJob(context, id)
  return context.database.resumeModelJob(id, entry(context, 'job.resume', job), options)
}

/** The newest first; jobs that ended are kept for 30 days. */
export async function listModelJobs(
  context: AdminContext,
  filter: { limit?: number; beforeId?: string; open?: boolean } = {},
): Promise<ModelJob[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const limit = Math.min(Math.max(filter.limit ?? 50, 1), 500)
  return context.database.listModelJobs({ ...filter, limit })
}

export async function findModelJob(context: AdminContext, id: string): Promise<ModelJob | null> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  return context.database.findModelJob(id)
}

/** Throws `admin.not_found`. */
export async function getModelJob(context: AdminContext, id: string): Promise<ModelJob> {
  const job = await findModelJob(context, id)
  if (job !== null) return job
  throw new CorralError('admin.not_found', { params: { kind: 'job', name: id } })
}

function getOllama(known: readonly Backend[], id: string): Backend {
  const backend = known.find((one) => one.id === id)
  if (backend === undefined) {
    throw new CorralError('admin.not_found', { params: { kind: 'backend', name: id } })
  }
  if (backend.kind === 'ollama') return backend
  throw invalidInput(`backendIds: "${backend.name}" is no Ollama, and only those take such jobs.`)
}

function entry(
  { actor }: AdminContext,
  action: string,
  { id, model }: { id: string | null; model: string },
) {
  return auditEntry(actor, { action, kind: 'job', id, name: model })
}

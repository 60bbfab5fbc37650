import { setTimeout as wait } from 'node:timers/promises'
import { Command } from 'commander'
import type { AdminContext } from '@/lib/admin/actor'
import { getBackendByName } from '@/lib/admin/backends'
import {
  cancelModelJob,
  createModelJob,
  getModelJob,
  listModelJobs,
  type ModelJobFields,
  resumeModelJob,
} from '@/lib/admin/model-jobs'
import type { ModelJob, ModelJobBackend } from '@/lib/db/contract-duties'
import { collectList } from './parse-options'
import type { Printer } from './print'
import { renderGb, renderTime } from './render'
import type { Run, Tools } from './run-command'

const pollMs = 500

export function jobCommands(run: Run): Command {
  const jobs = new Command('jobs').description('pulls, deletions, copies, loads, unloads')
  jobs
    .command('list')
    .description('the newest jobs; those that ended are kept for 30 days')
    .option('--open', 'only what waits or runs')
    .action(
      run(async ({ context, printer }, options: { open?: true }) => {
        const all = await listModelJobs(context, options)
        printer.show(all, () =>
          printer.table({
            columns: ['id', 'kind', 'model', 'state', 'servers', 'by', 'begun'],
            rows: all.map((job) => [
              job.id,
              job.kind,
              job.model,
              job.state,
              job.backends.map((one) => `${one.backendName} ${renderPart(one)}`).join(', '),
              job.requestedBy,
              renderTime(job.createdAtMs),
            ]),
            empty: 'There are no jobs.',
          }),
        )
      }),
    )
  addChange(jobs, run, {
    name: 'cancel',
    description: 'end what waits or runs; a pull can be resumed',
    change: cancelModelJob,
  })
  addChange(jobs, run, {
    name: 'resume',
    description: 'begin again what failed or was cancelled; a pull goes on where it stopped',
    change: resumeModelJob,
  })
  return jobs
}

export type JobOptions = { backend: string[]; detach?: true; keepAlive?: string }

/** A command that makes a job, and stays until it has ended unless it is told not to. */
export function addModelJob(
  models: Command,
  run: Run,
  command: { name: string; kind: ModelJobFields['kind']; description: string },
): void {
  const { kind } = command
  const made = models
    .command(`${command.name} <model>${kind === 'copy' ? ' <destination>' : ''}`)
    .description(command.description)
    .requiredOption('--backend <names>', 'on which servers, comma-separated, or all', collectList)
    .option('--detach', 'do not wait for the end')
  if (kind === 'load') made.option('--keep-alive <time>', 'such as 30m, or -1 for ever')
  const begin = async (
    tools: Tools,
    { model, destination }: { model: string; destination: string | null },
    options: JobOptions,
  ) => {
    const { context, printer } = tools
    const job = await createModelJob(context, {
      kind,
      model,
      destination,
      keepAlive: options.keepAlive ?? null,
      backendIds: await idsOf(context, options.backend),
    })
    if (options.detach) {
      printer.show(job, () => printer.line(`The job ${job.id} was made.`))
      return 0
    }
    return follow(tools, job)
  }
  if (kind === 'copy') {
    made.action(
      run((tools, model: string, destination: string, options: JobOptions) =>
        begin(tools, { model, destination }, options),
      ),
    )
  } else {
    made.action(
      run((tools, model: string, options: JobOptions) =>
        begin(tools, { model, destination: null }, options),
      ),
    )
  }
}

function addChange(
  jobs: Command,
  run: Run,
  command: { name: string; description: string; change: typeof cancelModelJob },
): void {
  jobs
    .command(`${command.name} <id>`)
    .description(command.description)
    .option('--backend <names>', 'only on these servers', collectList)
    .action(
      run(async ({ context, printer }, id: string, options: { backend?: string[] }) => {
        const backendIds = options.backend && (await idsOf(context, options.backend))
        const job = await command.change(context, id, backendIds ? { backendIds } : {})
        printer.show(job, () => showJob(printer, job))
      }),
    )
}

async function idsOf(context: AdminContext, names: readonly string[]): Promise<string[]> {
  if (names.length === 1 && names[0] === 'all') {
    const all = await context.database.listBackends()
    return all.filter((backend) => backend.kind === 'ollama').map((backend) => backend.id)
  }
  return Promise.all(names.map(async (name) => (await getBackendByName(context, name)).id))
}

/** A line whenever something has moved. Ctrl-C leaves the job running. */
async function follow({ context, printer, signal }: Tools, begun: ModelJob): Promise<number> {
  const said = new Map<string, string>()
  let job = begun
  const isOpen = () => job.state === 'queued' || job.state === 'running'
  while (isOpen() && !signal.aborted) {
    await wait(pollMs, undefined, { signal }).catch(() => undefined)
    job = await getModelJob(context, job.id)
    for (const backend of job.backends) {
      const line = `${backend.backendName}: ${renderPart(backend)}`
      if (printer.json || said.get(backend.backendId) === line) continue
      said.set(backend.backendId, line)
      printer.line(line)
    }
  }
  printer.show(job, () => {
    if (isOpen()) printer.line(`The job goes on: corral jobs list, corral jobs cancel ${job.id}`)
  })
  return job.state === 'failed' || job.state === 'cancelled' ? 1 : 0
}

function showJob(printer: Printer, job: ModelJob): void {
  for (const one of job.backends) printer.line(`${one.backendName}: ${renderPart(one)}`)
}

function renderPart({ state, error, progress }: ModelJobBackend): string {
  if (state === 'failed') return `failed: ${error ?? 'for no reason that was told'}`
  if (state !== 'running' || progress === null) return state
  const { totalBytes, completedBytes, bytesPerSecond, status } = progress
  if (totalBytes === 0) return status
  const share = `${Math.floor((completedBytes / totalBytes) * 100)} % of ${renderGb(totalBytes)}`
  return bytesPerSecond === null ? share : `${share}, ${(bytesPerSecond / 1e6).toFixed(1)} MB/s`
}

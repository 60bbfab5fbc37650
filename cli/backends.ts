import { Command, Option } from 'commander'
import {
  type BackendFields,
  createBackend,
  drainBackend,
  listBackends,
  removeBackend,
  resumeBackend,
  updateBackend,
} from '@/lib/admin/backends'
import { type BackendCheck, checkBackend } from '@/lib/admin/check-backend'
import { fleetHealth } from '@/lib/admin/fleet-health'
import { StartError } from '@/lib/core/start-error'
import type { Backend } from '@/lib/db/contract'
import type { ModelRules } from '@/lib/schemas/entities'
import { backendKinds } from '@/lib/schemas/names'
import {
  collectLabels,
  collectList,
  collectListOrAll,
  type Given,
  parseDurationMs,
  parseNumber,
  parseNumberOrNone,
} from './parse-options'
import type { Printer } from './print'
import { readSecretFromStdin } from './read-stdin'
import { renderList, renderMs } from './render'
import type { Run } from './run-command'

const checkTimeoutMs = 10_000

export function backendCommands(run: Run): Command {
  const backends = new Command('backends').description('the servers that answer')
  addAdd(backends, run)
  addList(backends, run)
  addUpdate(backends, run)
  addCheck(backends, run)
  addChange(backends, run, {
    name: 'drain',
    description: 'send no new work there; what runs there finishes',
    change: drainBackend,
    done: 'is draining',
  })
  addChange(backends, run, {
    name: 'resume',
    description: 'send work there again',
    change: resumeBackend,
    done: 'takes work again',
  })
  addChange(backends, run, {
    name: 'remove',
    description: 'forget a backend',
    change: removeBackend,
    done: 'was removed',
  })
  return backends
}

type FieldOptions = {
  url?: string
  basePath?: string
  kind?: string
  credential?: string
  credentialStdin?: true
  priority?: number
  weight?: number
  memory?: Given<number | null>
  slots?: number
  label?: Record<string, string>
  operations?: Given<string[] | null>
  models?: string[]
  denyModels?: string[]
  rpm?: Given<number | null>
  healthMethod?: string
  healthPath?: string
}

function withFieldOptions(command: Command): Command {
  return command
    .option('--url <url>', 'http:// or https://, a port, a base path if it has one')
    .option('--base-path <path>', 'what stands before /api and /v1 there')
    .addOption(new Option('--kind <kind>', 'what it speaks').choices(backendKinds))
    .option('--credential <secret>', 'a bearer token, or none; better: --credential-stdin')
    .option('--credential-stdin', 'read the bearer token from standard input')
    .option('--priority <number>', 'lower comes first (100)', parseNumber)
    .option('--weight <number>', 'share of work in the strategy "weighted" (1)', parseNumber)
    .option('--memory <gb>', 'the largest model it may take, or none', parseNumberOrNone)
    .option('--slots <number>', 'requests that it runs at a time (4)', parseNumber)
    .option('--label <key=value>', 'several times, or none', collectLabels)
    .option(
      '--operations <list>',
      'of inference,embeddings,models:read,models:manage, or all',
      collectListOrAll,
    )
    .option('--models <globs>', 'models that may be sent there', collectList)
    .option('--deny-models <globs>', 'models that may not; deny wins', collectList)
    .option('--rpm <number>', 'requests a minute at most, or none', parseNumberOrNone)
    .addOption(new Option('--health-method <method>', 'of checks').choices(['GET', 'HEAD']))
    .option('--health-path <path>', 'of checks (/)')
}

function addAdd(backends: Command, run: Run): void {
  const add = backends.command('add <name> [url]').description('add a server')
  withFieldOptions(add).action(
    run(
      async (
        { context, printer },
        name: string,
        url: string | undefined,
        options: FieldOptions,
      ) => {
        const given = options.url ?? url
        if (given === undefined) throw new StartError('Expected an address: backends add NAME URL.')
        const rules = { allow: ['*'], deny: [] }
        const fields = await fieldsOf({ ...options, url: given }, { url: given, models: rules })
        const backend = await createBackend(context, { name, ...fields })
        printer.show(backend, () =>
          printer.line(`The backend "${backend.name}" at ${backend.url} was added.`),
        )
      },
    ),
  )
}

function addUpdate(backends: Command, run: Run): void {
  const update = backends
    .command('update <name>')
    .description('change a server; what is not named stays')
    .option('--name <name>', 'a new name')
    .option('--enable', 'use it')
    .option('--disable', 'do not use it, nor check it')
  type UpdateOptions = FieldOptions & { name?: string; enable?: true; disable?: true }
  withFieldOptions(update).action(
    run(async ({ context, printer }, reference: string, options: UpdateOptions) => {
      const before = (await listBackends(context)).find((one) => one.name === reference)
      const fallback = { url: '', models: { allow: ['*'], deny: [] } }
      const backend = await updateBackend(context, reference, {
        ...(await fieldsOf(options, before ?? fallback)),
        ...(options.name !== undefined && { name: options.name }),
        ...((options.enable || options.disable) && { enabled: options.enable === true }),
      })
      printer.show(backend, () => printer.line(`The backend "${backend.name}" was changed.`))
    }),
  )
}

function addList(backends: Command, run: Run): void {
  backends
    .command('list')
    .description('every server, with what running gateways say of it')
    .action(
      run(async ({ context, printer }) => {
        const all = await listBackends(context)
        const health = await fleetHealth(context)
        const rows = all.map((backend) => ({
          ...backend,
          health: health.backends.find((one) => one.name === backend.name)?.health ?? 'unknown',
        }))
        printer.show(rows, () =>
          printer.table({
            columns,
            rows: rows.map((row) => backendRow(row, row.health)),
            empty: 'There are no backends. Add one: backends add NAME URL.',
          }),
        )
      }),
    )
}

function addCheck(backends: Command, run: Run): void {
  backends
    .command('check [name]')
    .description('ask a server, or every one, now; exit code 1 when one cannot be used')
    .option('--timeout <time>', 'such as 10s', parseDurationMs)
    .action(
      run(
        async (
          { context, printer, signal },
          name: string | undefined,
          options: { timeout?: number },
        ) => {
          const names = name === undefined ? (await listBackends(context)).map(nameOf) : [name]
          const timeoutMs = options.timeout ?? checkTimeoutMs
          const checks = await Promise.all(
            names.map((one) => checkBackend(context, one, { timeoutMs, signal })),
          )
          printer.show(name === undefined ? checks : checks[0], () => showChecks(printer, checks))
          return checks.some((check) => check.problem !== null) ? 1 : 0
        },
      ),
    )
}

function addChange(
  backends: Command,
  run: Run,
  options: { name: string; description: string; change: typeof drainBackend; done: string },
): void {
  backends
    .command(`${options.name} <name>`)
    .description(options.description)
    .action(
      run(async ({ context, printer }, name: string) => {
        const backend = await options.change(context, name)
        printer.show(backend, () => printer.line(`The backend "${backend.name}" ${options.done}.`))
      }),
    )
}

async function fieldsOf(
  options: FieldOptions,
  before: { url: string; models: ModelRules },
): Promise<BackendFields> {
  const url = withBasePath(options.url, options.basePath, before.url)
  const credential = await credentialOf(options)
  const models =
    options.models === undefined && options.denyModels === undefined
      ? undefined
      : {
          allow: options.models ?? before.models.allow,
          deny: options.denyModels ?? before.models.deny,
        }
  const { kind, priority, weight, healthMethod, healthPath } = options
  const fields: BackendFields = {
    url,
    credential,
    kind,
    priority,
    weight,
    maxMemoryGb: options.memory?.value,
    maxParallel: options.slots,
    labels: options.label,
    operations: options.operations?.value,
    models,
    requestsPerMinute: options.rpm?.value,
    healthMethod,
    healthPath,
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function withBasePath(
  url: string | undefined,
  basePath: string | undefined,
  before: string,
): string | undefined {
  if (basePath === undefined) return url
  const whole = url ?? before
  if (!URL.canParse(whole)) return whole
  return new URL(whole).origin + (basePath.startsWith('/') ? basePath : `/${basePath}`)
}

async function credentialOf(options: FieldOptions): Promise<string | null | undefined> {
  if (options.credentialStdin) return readSecretFromStdin('credential')
  return options.credential === 'none' ? null : options.credential
}

function nameOf(backend: Backend): string {
  return backend.name
}

const columns = [
  'name',
  'url',
  'kind',
  'health',
  'priority',
  'weight',
  'memory',
  'slots',
  'labels',
  'operations',
]

function backendRow(backend: Backend, health: string) {
  return [
    backend.name,
    backend.url,
    backend.kind,
    health,
    backend.priority,
    backend.weight,
    backend.maxMemoryGb === null ? null : `${backend.maxMemoryGb} GB`,
    backend.maxParallel,
    Object.entries(backend.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
    renderList(backend.operations),
  ]
}

function showChecks(printer: Printer, checks: readonly BackendCheck[]): void {
  printer.table({
    columns: ['name', 'usable', 'version', 'answered in', 'models', 'problem'],
    rows: checks.map((check) => [
      check.name,
      check.problem === null,
      check.version,
      renderMs(check.latencyMs),
      check.problem === null ? check.models.length : null,
      check.problem,
    ]),
    empty: 'There are no backends.',
  })
  const [only] = checks
  if (checks.length === 1 && only !== undefined && only.models.length > 0) {
    printer.line('')
    printer.table({ columns: ['model'], rows: only.models.map((model) => [model]), empty: '' })
  }
}

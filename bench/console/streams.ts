import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { APIRequestContext } from '@playwright/test'
import { runSql } from '@/lib/db/test-support/run-sql'
import { startBackend } from '../backend-process'
import { startContestant } from '../contestants'
import type { Target } from '../load-contract'
import { type Load, startLoad } from '../load-process'
import { stopChild } from '../measured-process'
import { median } from '../statistics'
import { goBeforeOthers } from './go-before-others'
import type { House } from './open-house'

const root = path.resolve(import.meta.dirname, '../..')
const streams = 50
const flushMs = 50
const durationMs = 6000
const rampMs = 300
const reportsAtOnce = 4
const heavyReport = '/console/data/usage?range=30d&by=user&per=hour-of-day'
const seedWarmUpMs = 8000

export type Disturbance = { name: string; quietP99Ms: number; p99Ms: number; did: string }

/**
 * The gap between two chunks of a stream at the client, 99 of 100 below it: alone, and beside what
 * is heavy. Medians over the rounds, which take turns.
 */
export async function measureStreams(
  house: House,
  options: { rounds: number; databaseUrl: string },
  tell: (disturbance: Disturbance) => void,
): Promise<void> {
  const load = startLoad()
  goBeforeOthers(load.pid)
  try {
    tell(await besideReports(load, house, options.rounds))
    tell(await besideSeeding(load, options))
  } finally {
    await load.stop()
  }
}

async function besideReports(load: Load, house: House, rounds: number): Promise<Disturbance> {
  const context = await house.openBrowser()
  const quiet: number[] = []
  const beside: number[] = []
  let answered = 0
  try {
    await streamOnce(load, house.target)
    for (let round = 0; round < rounds; round++) {
      quiet.push(await streamOnce(load, house.target))
      const reports = keepAsking(context.request, `${house.url}${heavyReport}`)
      beside.push(await streamOnce(load, house.target))
      answered += await reports.stop()
    }
  } finally {
    await context.close()
  }
  const did = `${answered} reports, ${reportsAtOnce} at once`
  return { name: 'heavy reports', quietP99Ms: median(quiet), p99Ms: median(beside), did }
}

/** Into the database of the gateway that streams, which is a new one, and without its end. */
async function besideSeeding(
  load: Load,
  { rounds, databaseUrl }: { rounds: number; databaseUrl: string },
): Promise<Disturbance> {
  const folder = mkdtempSync(path.join(tmpdir(), 'corral-bench-'))
  const empty = await makeEmptyDatabase(databaseUrl, folder)
  const env = { DATABASE_URL: empty.url, CORRAL_DATA: folder }
  const machine = await startBackend()
  goBeforeOthers(machine.pid)
  const place = { backendPort: machine.port, folder, env }
  const contestant = await startContestant('server', place).catch(async (error) => {
    await machine.stop()
    throw error
  })
  const program = path.join(root, 'bench/console/seed-process.ts')
  const seed = spawn(process.execPath, ['--import', 'tsx', program], {
    cwd: root,
    // It is stopped in the middle: what it leaves goes with the folder.
    env: { ...process.env, ...env, TMPDIR: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    await wait(seedWarmUpMs)
    await streamOnce(load, contestant.target)
    const beside = await streamOften(load, contestant.target, rounds)
    const isSeeding = seed.exitCode === null
    await stopChild(seed)
    const quiet = await streamOften(load, contestant.target, rounds)
    const did = isSeeding ? 'into the same database' : 'it ended too early'
    return { name: 'seeding', quietP99Ms: median(quiet), p99Ms: median(beside), did }
  } finally {
    await stopChild(seed)
    await contestant.process?.stop()
    await machine.stop()
    await empty.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Of the same engine, on the same server where there is one. */
async function makeEmptyDatabase(databaseUrl: string, folder: string) {
  if (databaseUrl.startsWith('file:')) {
    return { url: `file:${path.join(folder, 'corral.db')}`, remove: async () => {} }
  }
  const name = `corral_bench_${process.pid}`
  await runSql(databaseUrl, `CREATE DATABASE ${name}`)
  const url = new URL(databaseUrl)
  url.pathname = `/${name}`
  const remove = async () => {
    await runSql(databaseUrl, `DROP DATABASE ${name} WITH (FORCE)`)
  }
  return { url: url.href, remove }
}

async function streamOften(load: Load, target: Target, rounds: number): Promise<number[]> {
  const gapsMs: number[] = []
  for (let round = 0; round < rounds; round++) gapsMs.push(await streamOnce(load, target))
  return gapsMs
}

async function streamOnce(load: Load, target: Target): Promise<number> {
  const flushes = Math.ceil((durationMs + 2 * rampMs) / flushMs)
  const { ended } = load.streams({ target, streams, flushes, flushMs, rampMs })
  const { gapP99Ms, errors } = await ended
  if (errors > 0) throw new Error(`${errors} streams failed`)
  return gapP99Ms
}

/** Several at a time, each asked for again as soon as it is there. */
function keepAsking(request: APIRequestContext, url: string) {
  let stopping = false
  async function ask(): Promise<number> {
    let answered = 0
    while (!stopping) {
      const answer = await request.get(url, { timeout: 60_000 })
      if (!answer.ok()) throw new Error(`the report was answered with ${answer.status()}`)
      answered += 1
    }
    return answered
  }
  const asking = Promise.all(Array.from({ length: reportsAtOnce }, ask))
  return {
    async stop() {
      stopping = true
      return (await asking).reduce((sum, one) => sum + one, 0)
    },
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { waitFor } from '../support/wait-for'
import { ask, readObjects } from './generations'

let ollama: Simulator
let corral: TestGateway

afterEach(async () => {
  await corral?.stop()
  await ollama?.stop()
})

const requests = 50
const streams = 10

/** Takes the write lock of a SQLite file in another process, as a backup or a console would. */
async function lockElsewhere(file: string): Promise<{ release(): Promise<void> }> {
  const script = `
    import { createClient } from '@libsql/client'
    const client = createClient({ url: process.argv[1] })
    await client.execute('PRAGMA busy_timeout = 10000')
    await client.execute('BEGIN EXCLUSIVE')
    console.log('locked')
    process.stdin.once('data', async () => {
      await client.execute('COMMIT')
      process.exit(0)
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, `file:${file}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  await once(child.stdout, 'data')
  return {
    async release() {
      child.stdin.write('go')
      await exited
    },
  }
}

async function load(): Promise<string[]> {
  const ids: string[] = []
  const one = async (numPredict: number) => {
    const response = await ask(corral, { body: { options: { num_predict: numPredict } } })
    expect(response.status).toBe(200)
    expect(readObjects(await response.text()).at(-1)).toMatchObject({ done: true })
    ids.push(response.headers.get('x-request-id') ?? '')
  }
  await Promise.all([
    ...Array.from({ length: streams }, () => one(60)),
    ...Array.from({ length: requests }, () => one(3)),
  ])
  return ids
}

/** From its beginning: a disk that lies, or somebody's `cp` into the wrong place. */
function overwrite(file: string, bytes = statSync(file).size): void {
  const fd = openSync(file, 'r+')
  writeSync(fd, Buffer.alloc(bytes, 0x5a))
  closeSync(fd)
}

/** What tells SQLite that others have written. Behind it is memory that it trusts with its life. */
const sharedHeaderBytes = 96

/** A key that this process has seen is known to it, whatever becomes of the database. */
async function useKeyOnce(): Promise<string> {
  const response = await ask(corral, { body: { options: { num_predict: 1 } } })
  await response.text()
  await corral.records()
  await waitFor(() => corral.gateway.journal.lagRecords() === 0)
  return response.headers.get('x-request-id') ?? ''
}

describe('Database lost or locked', () => {
  test('another process holds the write lock: inference goes on, and every record arrives once, later', async () => {
    ollama = await startSimulator({ tokensPerSecond: 60 })
    corral = await startTestGateway({ backends: [ollama.url] })
    const first = await useKeyOnce()
    const lock = await lockElsewhere(path.join(corral.dataFolder, 'corral.db'))
    const ids = [first, ...(await load())]
    expect(corral.gateway.journal.lagRecords(), 'nothing could be written').toBe(ids.length - 1)
    await lock.release()
    const records = await corral.records((all) => all.length >= ids.length)
    expect(records.map((record) => record.id).sort()).toEqual([...ids].sort())
    await waitFor(() => corral.gateway.journal.lagRecords() === 0)
    const totals = await corral.database.reportUsage({
      by: 'key',
      sinceMs: Date.now() - 3_600_000,
      untilMs: Date.now() + 60_000,
    })
    expect(totals.map((row) => row.requests)).toEqual([ids.length])
    expect(totals[0]?.completionTokens).toBe(ollama.tokensReported().completion)
  }, 60_000)

  test('while the lock is held, streams flow without a gap', async () => {
    ollama = await startSimulator({ tokensPerSecond: 50, answerTokens: 150 })
    corral = await startTestGateway({ backends: [ollama.url] })
    const response = await ask(corral)
    const reader = response.body?.getReader()
    await reader?.read()
    const lock = await lockElsewhere(path.join(corral.dataFolder, 'corral.db'))
    let gapMs = 0
    let last = performance.now()
    for (let chunk = 0; chunk < 100; chunk++) {
      const read = await reader?.read()
      if (read?.done) break
      gapMs = Math.max(gapMs, performance.now() - last)
      last = performance.now()
    }
    await lock.release()
    await reader?.cancel()
    // A busy_timeout of 5 s on this thread would be a gap of seconds; 20 ms are the server's own.
    expect(gapMs).toBeLessThan(2000)
  }, 60_000)

  test('the file is destroyed while Corral runs: known keys go on, and say so on /readyz', async () => {
    ollama = await startSimulator()
    corral = await startTestGateway({ backends: [ollama.url] })
    await useKeyOnce()
    const file = path.join(corral.dataFolder, 'corral.db')
    for (const name of [file, `${file}-wal`]) overwrite(name)
    overwrite(`${file}-shm`, sharedHeaderBytes)
    await waitFor(() => corral.gateway.databaseLost, {
      timeoutMs: 20_000,
      what: 'the loss of the database',
    })
    const ids = await load()
    expect(ids).toHaveLength(requests + streams)
    const ready = await fetch(`${corral.url}/readyz`)
    expect(ready.status).toBe(200)
    expect(await ready.json()).toEqual({ status: 'degraded', degraded: ['database'] })
    expect(corral.gateway.journal.lagRecords(), 'kept in the journal').toBeGreaterThanOrEqual(
      ids.length,
    )
    const stranger = await ask(corral, { key: `op_${'a'.repeat(10)}_${'b'.repeat(43)}` })
    expect(stranger.status, 'a key that nobody can look up is not let in').toBe(503)
  }, 60_000)
})

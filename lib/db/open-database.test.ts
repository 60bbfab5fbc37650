import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import {
  createRunFolder,
  createSqliteUrl,
  createTestDatabases,
} from '@/tests/support/test-databases'
import { waitFor } from '@/tests/support/wait-for'
import type { Database } from './contract'
import { findWorkerFile } from './find-worker-file'
import { openDatabase } from './open-database'
import { runSql } from './test-support/run-sql'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../..')
const programs = path.join(root, 'tests/support/programs')
const opened: Database[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.close()))
})

describe('a database that cannot be opened', () => {
  test('in an unwritable folder says so', async () => {
    const file = path.join(createRunFolder(), 'file')
    writeFileSync(file, '')
    await expectProblem(`file:${path.join(file, 'corral.db')}`, /its folder is a file/)
    if (process.getuid?.() === 0) return
    const folder = createRunFolder()
    chmodSync(folder, 0o500)
    await expectProblem(`file:${path.join(folder, 'corral.db')}`, /cannot be opened|not writable/)
    await expectProblem(`file:${path.join(folder, 'sub/corral.db')}`, /its folder is not writable/)
  })

  test('because it is a folder, or no database, says so', async () => {
    const folder = createRunFolder()
    await expectProblem(`file:${folder}`, /the file cannot be opened/)
    const file = path.join(folder, 'text')
    writeFileSync(
      file,
      'this is not a database, but it is long enough to be looked at. '.repeat(99),
    )
    await expectProblem(`file:${file}`, /the file is not a database/)
    expect(readFileSync(file, 'utf8')).toMatch(/^this is not a database/)
  })

  test('because its address cannot be read says so, without the address', async () => {
    for (const url of [
      'mysql://u:hunter2@h/d',
      'file:',
      'corral.db',
      'postgresql://u:hunter2@[::/d',
    ]) {
      await expectProblem(url, /DATABASE_URL|cannot be read/)
    }
  })

  test('because nobody listens there says so, without the password', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    await expectProblem(`postgresql://u:hunter2@127.0.0.1:${port}/d`, /refuses the connection/)
  })
})

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`${engine}, opened`, () => {
    const address = url ?? ''

    test('two processes that migrate at once both succeed, and each migration runs once', async () => {
      const tsx = ['--import', 'tsx', path.join(programs, 'migrate-once.ts'), address]
      const results = await Promise.all([1, 2, 3].map(() => run(process.execPath, tsx)))
      const applied = results.flatMap(({ stdout }) => JSON.parse(stdout))
      const stored = await runSql(address, 'SELECT name FROM _corral_migrations ORDER BY name')
      expect(applied.sort()).toEqual(stored.flat())
      expect(applied[0]).toBe('0001_first')
    }, 60_000)

    test('a database that a newer version migrated is refused', async () => {
      const db = await open(address)
      await db.migrate()
      await runSql(address, `INSERT INTO _corral_migrations VALUES ('9999_future', 'x', 1)`)
      await expect(db.migrate()).rejects.toMatchObject({ code: 'db.newer_version' })
      await runSql(address, `DELETE FROM _corral_migrations WHERE name = '9999_future'`)
      await db.migrate()
    })

    test('close waits for what was asked, and refuses what comes after', async () => {
      const db = await open(address)
      await db.migrate()
      const asked = Array.from({ length: 200 }, () => db.readRevision())
      const closing = db.close()
      await expect(db.readRevision()).rejects.toMatchObject({ code: 'db.unreachable' })
      await Promise.all(asked)
      await closing
      await db.close()
    })

    test('a process that has nothing else to do ends although its database is open', async () => {
      const script = path.join(createRunFolder(), 'end.ts')
      writeFileSync(
        script,
        `import { openDatabase } from '${path.join(root, 'lib/db/open-database')}'
         openDatabase({ url: process.argv[2], workerPath: process.argv[3] })
           .then((db) => db.readRevision()).then((r) => console.log(r.config > 0))`,
      )
      const args = ['--import', 'tsx', script, address, findWorkerFile()]
      const { stdout } = await run(process.execPath, args, { cwd: root, timeout: 30_000 })
      expect(stdout).toBe('true\n')
    }, 40_000)
  })
}

describe('PostgreSQL refuses', async () => {
  const [, postgresql] = await createTestDatabases()

  test.skipIf(!postgresql?.url)('a wrong password and an unknown database, in words', async () => {
    const wrongPassword = new URL(postgresql?.url ?? '')
    wrongPassword.password = 'hunter2'
    await expectProblem(wrongPassword.href, /refuses the user or the password/)
    const wrongName = new URL(postgresql?.url ?? '')
    wrongName.pathname = '/hunter2'
    await expectProblem(wrongName.href, /has no database of that name/)
  })
})

describe('PostgreSQL breaks off', async () => {
  const [, postgresql] = await createTestDatabases()

  test.skipIf(!postgresql?.url)('and the next calls work, or say that it is gone', async () => {
    const url = postgresql?.url ?? ''
    const db = await open(url)
    await db.migrate()
    for (let turn = 0; turn < 3; turn++) {
      const asked = Promise.allSettled(Array.from({ length: 20 }, () => db.readRevision()))
      await runSql(
        url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      )
      for (const result of await asked) {
        if (result.status === 'rejected') {
          expect(result.reason).toMatchObject({ code: 'db.unreachable' })
        }
      }
      await waitFor(() =>
        db.readRevision().then(
          () => true,
          () => false,
        ),
      )
    }
  })
})

describe('the worker', () => {
  test('that dies rejects what it held, and the next call starts another', async () => {
    const db = await openDatabase({
      url: createSqliteUrl(),
      workerPath: path.join(programs, 'restless-worker.mjs'),
    })
    opened.push(db)
    const first = await db.countUsers()
    for (const die of [db.migrate, db.readRevision]) {
      const held = db.listUsers()
      const results = await Promise.allSettled([held, die()])
      for (const result of results) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'db.unreachable' } })
      }
      expect(await db.countUsers()).toBeGreaterThan(first)
    }
  })

  test('is found from another working directory, by the program that was started', async () => {
    const script = path.join(programs, 'migrate-once.ts')
    const folder = createRunFolder()
    const tsx = import.meta.resolve('tsx')
    const { stdout } = await run(
      process.execPath,
      ['--import', tsx, script, `file:${path.join(folder, 'corral.db')}`],
      { cwd: folder, env: { ...process.env, TSX_TSCONFIG_PATH: path.join(root, 'tsconfig.json') } },
    )
    expect(JSON.parse(stdout)).toContain('0001_first')
  }, 30_000)

  test('writes again after another process held the lock for longer than we wait, and wrote', async () => {
    const url = createSqliteUrl()
    const db = await open(url)
    await db.migrate()
    await db.writeNodeReport(report)
    const holder = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'test-support/hold-write-lock.mjs'), url, '12000'],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await lineOf(holder)
    const refused = { code: 'db.unreachable' }
    await expect(db.writeNodeReport(report)).rejects.toMatchObject(refused)
    await expect(db.writeSettings({ attemptsMax: 2 }, audit)).rejects.toMatchObject(refused)
    await lineOf(holder)
    await db.writeNodeReport({ ...report, seenAtMs: 2 })
    await db.writeSettings({ attemptsMax: 3 }, audit)
    expect(await db.readSettings()).toMatchObject({ attemptsMax: 3 })
  }, 60_000)

  test('leaves the event loop free while the database is locked and while a query takes seconds', async () => {
    const url = createSqliteUrl()
    const db = await open(url)
    await db.migrate()
    await db.writeNodeReport(report)
    for (const sql of slowNodes) await runSql(url, sql)
    const shortMs = await measure(() => db.listNodeReports({ seenSinceMs: 0 }))
    const rows = Math.round((500_000 * 5000) / shortMs)
    await runSql(url, `UPDATE slowness SET rows = ${rows}`)
    const stream = await openStream()
    const holder = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'test-support/hold-write-lock.mjs'), url, '2000'],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    await lineOf(holder)
    const lockedMs = await measure(() => db.writeSettings({ attemptsMax: 2 }, audit))
    expect(lockedMs).toBeGreaterThan(500)
    const queryMs = await measure(() => db.listNodeReports({ seenSinceMs: 0 }))
    expect(queryMs).toBeGreaterThan(1000)
    const { chunks, longestGapMs } = stream.end()
    expect(chunks).toBeGreaterThan(50)
    expect(longestGapMs).toBeLessThan(400)
    process.stdout.write(
      `locked ${lockedMs.toFixed(0)} ms, queried ${queryMs.toFixed(0)} ms: longest gap of a stream ${longestGapMs.toFixed(0)} ms\n`,
    )
  }, 90_000)
})

/** Makes a list of nodes take as long as it takes to count to the number in `slowness`. */
const slowNodes = [
  'CREATE TABLE slowness AS SELECT 500000 AS rows',
  'ALTER TABLE nodes RENAME TO stored_nodes',
  `CREATE VIEW nodes AS SELECT * FROM stored_nodes WHERE (WITH RECURSIVE c(x) AS
   (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < (SELECT rows FROM slowness))
   SELECT max(x) FROM c) > 0`,
]
const report = {
  id: 'n',
  role: 'all' as const,
  version: '1',
  startedAtMs: 1,
  seenAtMs: 1,
  inFlight: 0,
  journalLagRecords: 0,
  eventLoopDelayMs: 0,
  backends: [],
}
const audit = {
  actor: 'test',
  actorUserId: null,
  via: 'cli' as const,
  address: null,
  action: 'settings.set',
  targetKind: 'settings',
  targetId: null,
  targetName: null,
}

async function open(url: string): Promise<Database> {
  const db = await openDatabase({ url })
  opened.push(db)
  return db
}

async function expectProblem(url: string, problem: RegExp): Promise<void> {
  const error = await openDatabase({ url }).then(
    async (db) => {
      await db.close()
      return null
    },
    (thrown) => thrown,
  )
  expect(error).toMatchObject({ code: 'db.unreachable', status: 503 })
  expect(error.message).toMatch(problem)
  expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/hunter2|corral:/)
}

async function measure(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

async function lineOf(child: ChildProcess): Promise<string> {
  const stdout = child.stdout
  if (stdout === null) throw new Error('the program has no output')
  const [chunk] = await once(stdout, 'data')
  return String(chunk)
}

/** A stream over a socket, served and read by this thread: a chunk every 20 ms. */
async function openStream() {
  const server = createServer((_, response) => {
    const timer = setInterval(() => response.write('x'), 20)
    response.on('close', () => clearInterval(timer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const abort = new AbortController()
  const response = await fetch(`http://127.0.0.1:${port}`, { signal: abort.signal })
  let chunks = 0
  let longestGapMs = 0
  let lastMs = performance.now()
  const reader = response.body?.getReader()
  const reading = (async () => {
    while (reader !== undefined && !(await reader.read()).done) {
      const nowMs = performance.now()
      longestGapMs = Math.max(longestGapMs, nowMs - lastMs)
      lastMs = nowMs
      chunks += 1
    }
  })()
  reading.catch(() => {})
  return {
    end() {
      longestGapMs = Math.max(longestGapMs, performance.now() - lastMs)
      abort.abort()
      server.close()
      return { chunks, longestGapMs }
    },
  }
}

import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { waitFor } from '@/tests/support/wait-for'
import { endLog, log, logPlainly, setLogLevel, startLog } from './log'

const folder = mkdtempSync(path.join(tmpdir(), 'corral-log-'))
const secret = 'Zz09'.repeat(11).slice(0, 43)
afterEach(() => endLog())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function linesOf(name: string, write: () => void): Promise<Record<string, unknown>[]> {
  const destination = `file:${path.join(folder, name, 'corral.log')}`
  await startLog({ level: 'info', format: 'json', destination })
  write()
  await endLog()
  return readdirSync(path.join(folder, name)).flatMap((file) =>
    readFileSync(path.join(folder, name, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  )
}

it('a line is JSON with an ISO time and the name of its level', async () => {
  const [line] = await linesOf('json', () => log.info({ id: 'req_1', status: 200 }, 'exchange'))
  expect(line).toMatchObject({ level: 'info', id: 'req_1', status: 200, msg: 'exchange' })
  expect(new Date(String(line?.time)).toISOString()).toBe(line?.time)
})

it('the line of a request comes by itself, and in its place among the others', async () => {
  const file = path.join(folder, 'plain')
  await startLog({ level: 'info', format: 'json', destination: `file:${path.join(file, 'log')}` })
  const messages = () =>
    readdirSync(file).flatMap((name) =>
      [...readFileSync(path.join(file, name), 'utf8').matchAll(/"msg":"(\w+)"/g)].map(([, m]) => m),
    )
  logPlainly({ status: 200 }, 'first')
  log.warn('second')
  logPlainly({ status: 200 }, 'third')
  await waitFor(() => existsSync(file) && messages().length === 3)
  expect(messages()).toEqual(['first', 'second', 'third'])
})

it('no line holds a secret, wherever it was put', async () => {
  const token = `op_abcdefghij_${secret}`
  const error = new Error(`bad ${token}`, { cause: new Error(`Bearer ${secret}`) })
  Object.assign(error, { request: { headers: { authorization: secret } } })
  const lines = await linesOf('secrets', () => {
    log.info(`path /k/${token}/api/tags`)
    log.info({ authorization: `Bearer ${secret}`, nested: { 'X-Api-Key': secret } }, 'headers')
    log.child({ url: `http://user:${secret}@host/` }).info({ token: secret }, 'child')
    log.error({ err: error }, 'failed')
  })
  expect(lines).toHaveLength(4)
  expect(JSON.stringify(lines)).not.toContain(secret)
  expect(JSON.stringify(lines)).toContain('op_abcdefghij')
})

it('an error is logged with its causes', async () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  const [line] = await linesOf('errors', () => log.error({ err: new Error('top', { cause }) }))
  expect(line).toMatchObject({
    err: { message: 'top', cause: { message: 'refused', code: 'ECONNREFUSED' } },
  })
})

it('the level changes while it runs', async () => {
  const lines = await linesOf('level', () => {
    setLogLevel('error')
    log.warn('not seen')
    setLogLevel('debug')
    log.debug('seen')
  })
  expect(lines.map((line) => line.msg)).toEqual(['seen'])
})

it('a log file is continued by a new one at 100 MB, and ten are kept', async () => {
  const place = mkdtempSync(path.join(folder, 'rolled-'))
  for (let number = 1; number <= 12; number++) {
    writeFileSync(path.join(place, `corral.${number}.log`), '')
  }
  const mebibyte = Buffer.alloc(1024 * 1024, ' ')
  for (let i = 0; i < 100; i++) {
    writeFileSync(path.join(place, 'corral.12.log'), mebibyte, { flag: 'a' })
  }
  await startLog({ level: 'info', format: 'json', destination: `file:${place}/corral.log` })
  log.info('the line that is too much')
  const oldest = path.join(place, 'corral.3.log')
  await expect.poll(() => existsSync(oldest), { timeout: 10_000 }).toBe(false)
  log.info('the first of the next file')
  await endLog()
  expect(statSync(path.join(place, 'corral.13.log')).size).toBeGreaterThan(0)
  // pino-roll counts the new one or not, by who is quicker: its opening or its look around.
  expect(readdirSync(place).length).toBeOneOf([9, 10])
})

it('a process that ends writes its last lines, to a pipe as JSON', async () => {
  const program = `
    import { log, startLog } from './lib/core/log'
    await startLog({ level: 'info', format: 'auto', destination: 'stdout' })
    for (let i = 0; i < 50; i++) log.info({ i }, 'line')
    process.exit(0)
  `
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program])
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  await new Promise((resolve) => child.on('close', resolve))
  const lines = output.trim().split('\n')
  expect(lines).toHaveLength(50)
  expect(JSON.parse(lines[49] ?? '')).toMatchObject({ i: 49, msg: 'line' })
})

import { execFile } from 'node:child_process'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../support/ensure-built'
import { startCorralProcess } from '../support/start-corral-process'
import { waitFor } from '../support/wait-for'
import { root } from './list-sources'

const run = promisify(execFile)
const { PATH = '' } = process.env
let elsewhere = ''
beforeAll(async () => {
  elsewhere = await realpath(await mkdtemp(path.join(tmpdir(), 'corral-elsewhere-')))
})
afterAll(() => rm(elsewhere, { recursive: true, force: true }))

const from = (cwd: string, args: string[], env: Record<string, string>) =>
  run(process.execPath, args, { cwd, env: { PATH, NODE_ENV: 'production', ...env } })

describe('a command given in another folder', () => {
  it('works in the checkout, and takes paths of the environment from where it was given', async () => {
    const module = JSON.stringify(path.join(root, 'scripts/enter-root.mjs'))
    const script = `const { enterRoot } = await import(${module}); enterRoot()
      const { INIT_CWD, CORRAL_DATA, DATABASE_URL, LOG_DESTINATION } = process.env
      console.log(JSON.stringify([process.cwd(), INIT_CWD, CORRAL_DATA, DATABASE_URL, LOG_DESTINATION]))`
    const tell = async (cwd: string, env: Record<string, string> = {}) =>
      JSON.parse((await from(cwd, ['--input-type=module', '-e', script], env)).stdout)
    expect(await tell(elsewhere)).toEqual([root, elsewhere, null, null, null])
    const relative = { CORRAL_DATA: 'd', DATABASE_URL: 'file:d/x.db', LOG_DESTINATION: 'stdout' }
    expect(await tell(elsewhere, relative)).toEqual([
      root,
      elsewhere,
      path.join(elsewhere, 'd'),
      `file:${path.join(elsewhere, 'd/x.db')}`,
      'stdout',
    ])
    expect((await tell(root, relative)).slice(2)).toEqual(['d', 'file:d/x.db', 'stdout'])
  })

  it('starts the server with its pages, and writes what it was told to write there', async () => {
    await ensureBuilt()
    const program = path.join(root, 'scripts/corral.mjs')
    const corral = await startCorralProcess({
      command: [program, 'start'],
      workingFolder: elsewhere,
      dataFolder: path.join(elsewhere, 'mine'),
      env: { CORRAL_DATA: 'mine', CORRAL_ROLE: 'all' },
    })
    try {
      const signIn = async () => (await fetch(`${corral.url}/console/sign-in`)).status === 200
      await waitFor(signIn, { timeoutMs: 60_000, what: 'the console' })
      const args = [program, 'backup', 'copy.db', '--json']
      const { stdout } = await from(elsewhere, args, { CORRAL_DATA: 'mine' })
      expect(JSON.parse(stdout)).toMatchObject({ file: path.join(elsewhere, 'copy.db') })
    } finally {
      corral.signal('SIGTERM')
      await corral.exited
    }
  }, 300_000)
})

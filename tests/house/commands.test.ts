import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../support/ensure-built'
import { root } from './list-sources'

const run = promisify(execFile)

describe('npm run', () => {
  beforeAll(ensureBuilt, 300_000)

  it.each(['bench', 'bench:console', 'seed', 'screens', 'corral'])(
    '%s says how it is used',
    async (name) => {
      const args = ['run', '--silent', name, '--', '--help']
      const { stdout, stderr } = await run('npm', args, { cwd: root })
      expect(stdout + stderr).toMatch(new RegExp(`^(npm run ${name}|Usage: corral) `, 'm'))
    },
    60_000,
  )
})

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from './list-sources'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'corral-lock-'))
  cpSync(path.join(root, 'scripts'), path.join(folder, 'scripts'), { recursive: true })
  writeFileSync(
    path.join(folder, 'hold.mjs'),
    `import { withLock } from './scripts/lock.mjs'
     await withLock(async () => {
       console.log('in')
       if (process.argv[2] === 'stay') await new Promise((resolve) => process.stdin.once('data', resolve))
       console.log('out')
     })
     process.exit(0)`,
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('two starts at a time take turns', async () => {
  const first = hold('stay')
  await saying(first, 'in')
  const second = hold()
  await once(second.stderr ?? second, 'data')
  let entered = false
  second.stdout?.once('data', () => {
    entered = true
  })
  expect(entered).toBe(false)
  first.stdin?.write('go\n')
  await saying(first, 'out')
  await once(second, 'exit')
  expect(entered).toBe(true)
  expect(existsSync(path.join(folder, '.corral-lock'))).toBe(false)
})

it('a start that was killed holds nobody up', async () => {
  const killed = hold('stay')
  await saying(killed, 'in')
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  expect(existsSync(path.join(folder, '.corral-lock'))).toBe(true)
  const next = hold()
  const [code] = await once(next, 'exit')
  expect(code).toBe(0)
})

function hold(...args: string[]): ChildProcess {
  return spawn(process.execPath, [path.join(folder, 'hold.mjs'), ...args], { stdio: 'pipe' })
}

async function saying(child: ChildProcess, word: string): Promise<void> {
  let said = ''
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    said += chunk
    if (said.includes(word)) return
  }
  throw new Error(`it ended without saying ${word}`)
}

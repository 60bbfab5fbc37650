import { spawn } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')

test('the bench measures every contestant in one run and prints its table', async () => {
  // Not through the script: it installs and builds what is missing, under everyone else's feet.
  const { code, output } = await run('--import', 'tsx', 'bench/run.ts', '--quick')
  expect(output).toContain('server.ts ÷ bare')
  for (const title of ['direct', 'bare proxy', 'server.ts', 'next start']) {
    expect(output).toContain(title)
  }
  const rows = output.split('\n').filter((line) => /^│ (requests|CPU|added|memory)/.test(line))
  expect(rows).toHaveLength(7)
  for (const row of rows) expect(row).not.toContain('NaN')
  expect(rows.filter((row) => /requests\/s|CPU/.test(row)).every(hasRatio)).toBe(true)
  expect(output).not.toContain('went wrong')
  expect(code).toBe(0)
}, 180_000)

function hasRatio(row: string): boolean {
  return /\d+\.\d\dx/.test(row)
}

function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root })
    let output = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    child.stderr.on('data', (text) => {
      output += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

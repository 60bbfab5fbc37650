import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'

const root = path.resolve(import.meta.dirname, '../..')
const config = z
  .object({ forbidden: z.array(z.object({ name: z.string(), severity: z.string() })) })
  .parse(createRequire(import.meta.url)('../../.dependency-cruiser.cjs'))

/** For each rule a file that breaks it, and what it imports. */
const breaches: Record<string, { file: string; imports: string }> = {
  'no-cycles': { file: 'lib/usage/ring-a.ts', imports: './ring-b' },
  'nothing-unresolved': { file: 'lib/usage/lost.ts', imports: './not-there' },
  'nothing-imports-app': { file: 'lib/admin/to-app.ts', imports: '@/app/page' },
  'nothing-imports-tests': { file: 'lib/usage/to-tests.ts', imports: '@/tests/support/thing' },
  'nothing-imports-the-simulator': { file: 'lib/usage/to-sim.ts', imports: '@/simulator/thing' },
  'the-simulator-stands-alone': { file: 'simulator/to-lib.ts', imports: '@/lib/core/thing' },
  'halls-are-strangers': { file: 'lib/gateway/to-admin.ts', imports: '@/lib/admin/thing' },
  'rooms-are-strangers': { file: 'lib/auth/to-limits.ts', imports: '@/lib/limits/thing' },
  'rooms-know-no-hall': { file: 'lib/backends/to-hall.ts', imports: '@/lib/gateway/thing' },
  'routing-and-dialects-never-read-the-database': {
    file: 'lib/routing/to-db.ts',
    imports: '@/lib/db/thing',
  },
  'the-cellar-knows-no-room': { file: 'lib/db/to-room.ts', imports: '@/lib/usage/thing' },
  'prisma-only-in-the-cellar': { file: 'lib/usage/to-prisma.ts', imports: '@prisma/client' },
  'the-ground-imports-nothing-of-ours': {
    file: 'lib/http/to-room.ts',
    imports: '@/lib/limits/thing',
  },
  'core-stands-on-schemas-only': { file: 'lib/core/to-http.ts', imports: '@/lib/http/thing' },
  'schemas-and-ui-are-browser-safe': { file: 'lib/schemas/to-node.ts', imports: 'node:fs' },
  'schemas-and-ui-import-nothing-of-ours': {
    file: 'lib/ui/to-core.ts',
    imports: '@/lib/core/thing',
  },
  'pages-reach-halls-not-rooms': { file: 'app/to-room.ts', imports: '@/lib/usage/thing' },
  'components-take-props': { file: 'components/to-admin.ts', imports: '@/lib/admin/thing' },
  'next-stays-out-of-lib': { file: 'lib/admin/to-next.ts', imports: 'next/headers' },
  'charts-only-in-components-charts': { file: 'components/to-charts.ts', imports: 'recharts' },
  'development-packages-stay-out-of-the-product': {
    file: 'lib/usage/to-dev.ts',
    imports: 'esbuild',
  },
}
/** What is imported above and is no breach by itself. */
const innocent = [
  'app/page.ts',
  'lib/admin/thing.ts',
  'lib/core/thing.ts',
  'lib/db/thing.ts',
  'lib/gateway/thing.ts',
  'lib/http/thing.ts',
  'lib/limits/thing.ts',
  'lib/usage/thing.ts',
  'simulator/thing.ts',
  'tests/support/thing.ts',
]

let copy = ''
let found: { rule: string; from: string }[] = []

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'corral-law-'))
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json', 'biome.json']) {
    copyFileSync(path.join(root, file), path.join(copy, file))
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
  for (const file of innocent) write(file, 'export const thing = 1\n')
  write('lib/usage/ring-b.ts', "import { thing } from './ring-a'\nexport const other = thing\n")
  // recharts comes with the console; until then a package of that name stands for it.
  for (const { file, imports } of Object.values(breaches)) {
    write(file, `import { thing } from '${imports}'\nexport const used = thing\n`)
  }
  found = cruise()
}, 120_000)
afterAll(() => rmSync(copy, { recursive: true, force: true }))

describe('the import law', () => {
  it('has a breach for every rule, and every rule is an error', () => {
    expect(Object.keys(breaches).sort()).toEqual(config.forbidden.map(({ name }) => name).sort())
    expect(config.forbidden.filter(({ severity }) => severity !== 'error')).toEqual([])
  })

  it.each(Object.entries(breaches))('refuses what breaks %s', (rule, { file }) => {
    expect(found).toContainEqual({ rule, from: file })
  })

  it('refuses nothing else', () => {
    const breakers = Object.values(breaches).map(({ file }) => file)
    const surprises = found.filter(({ from }) => !breakers.includes(from))
    expect(surprises.filter(({ from }) => from !== 'lib/usage/ring-b.ts')).toEqual([])
  })
})

describe('the style of one owner', () => {
  it.each([
    ['noProcessEnv', 'lib/usage/env.ts', 'export const home = process.env.HOME\n'],
    ['noConsole', 'lib/usage/say.ts', "console.log('x')\n"],
    ['noExplicitAny', 'lib/usage/any.ts', 'export const x: any = 1\n'],
    ['noNonNullAssertion', 'lib/usage/bang.ts', "export const x = [''][0]!.length\n"],
    ['noEnum', 'lib/usage/kinds.ts', 'export enum Kind {\n  A = 1,\n}\n'],
  ])('refuses what breaks %s', (rule, file, text) => {
    write(file, text)
    const program = path.join(root, 'node_modules/@biomejs/biome/bin/biome')
    const args = [program, 'lint', '--vcs-enabled=false', '--error-on-warnings', file]
    const run = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' })
    expect(run.status).not.toBe(0)
    expect(run.stderr + run.stdout).toContain(rule)
  })
})

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(copy, file)), { recursive: true })
  writeFileSync(path.join(copy, file), text)
}

function cruise(): { rule: string; from: string }[] {
  const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const args = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', '.']
  const run = spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const report = z.object({
    summary: z.object({
      violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
    }),
  })
  const { violations } = report.parse(JSON.parse(run.stdout)).summary
  return violations.map(({ from, rule }) => ({ rule: rule.name, from }))
}

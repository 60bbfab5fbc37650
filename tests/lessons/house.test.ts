import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { envDefinitions } from '@/lib/schemas/env'
import { settingDefinitions } from '@/lib/schemas/settings'
import { fixedLimits } from '@/scripts/render-configuration'

const root = path.resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

type LockFile = { lockfileVersion: number; packages: Record<string, LockedPackage> }
type LockedPackage = { version?: string; integrity?: string; dev?: boolean; inBundle?: boolean }

describe('Dependency drift', () => {
  const lock = JSON.parse(read('package-lock.json')) as LockFile
  const named = Object.entries(lock.packages).filter(([name]) => name !== '')

  test('what npm start installs is the lock file and nothing else', () => {
    const script = read('scripts/install.mjs')
    expect(script).toMatch(/'ci'/)
    expect(script).not.toMatch(/'(install|i|update|add)'/)
    for (const file of ['scripts/start.mjs', 'scripts/prepare.mjs', 'scripts/test.mjs', 'run.sh']) {
      expect(read(file), file).not.toMatch(/npm (install|i|update|add)\b|npx /)
    }
  })

  test('every package is locked to one version and to the digest of its bytes', () => {
    expect(named.length).toBeGreaterThan(100)
    for (const [name, entry] of named) {
      expect(entry.version, name).toMatch(/^\d+\.\d+\.\d+/)
      // What a package brings inside of itself is in that package's digest.
      if (entry.inBundle) continue
      expect(entry.integrity, name).toMatch(/^sha512-/)
    }
  })

  test('the lock file is that of package.json, and what these tests run on is installed as locked', () => {
    const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
    const top = lock.packages[''] as unknown as Record<string, Record<string, string>>
    expect(top.dependencies).toEqual(manifest.dependencies)
    expect(top.devDependencies).toEqual(manifest.devDependencies)
    for (const [name, entry] of named) {
      const file = path.join(root, name, 'package.json')
      // Packages of other platforms are locked and not installed.
      if (!existsSync(file)) continue
      const installed = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
      expect(installed.version, name).toBe(entry.version)
    }
  })
})

describe('A cap nobody can see', () => {
  const configuration = read('docs/configuration.md')

  test('every setting and every variable is in docs/configuration.md', () => {
    for (const name of [...Object.keys(settingDefinitions), ...Object.keys(envDefinitions)]) {
      expect(configuration, name).toContain(`\`${name}\``)
    }
  })

  test('every cap is a setting: the default of each stands beside its name', () => {
    const caps = Object.entries(settingDefinitions).filter(([name]) =>
      /(Max|Ms|Requests)$/.test(name),
    )
    expect(caps.length).toBeGreaterThan(15)
    for (const [name, definition] of caps) {
      const row = configuration.split('\n').find((each) => each.includes(`\`${name}\``)) ?? ''
      expect(row.replace(/[\s,_.]/g, ''), name).toContain(String(definition.default))
    }
  })

  test('what no setting changes stands there too, by the constant that holds it', () => {
    for (const { limit, unit } of fixedLimits)
      expect(configuration).toContain(`| ${limit} ${unit} |`)
    const named = read('scripts/render-configuration.ts')
    const caps = [
      'lib/dialects/json-text.ts',
      'lib/dialects/read-call.ts',
      'lib/gateway/attempt.ts',
    ]
      .concat(
        'lib/gateway/read-request-body.ts',
        'lib/auth/authenticate.ts',
        'lib/auth/check-secret.ts',
      )
      .flatMap((file) =>
        [...read(file).matchAll(/^export const (\w+Max) =/gm)].map((found) => found[1]),
      )
    expect(caps).toHaveLength(8)
    for (const name of caps) expect(named).toContain(`limit: ${name},`)
  })

  test('no connection to a backend is capped', () => {
    expect(read('lib/backends/dial.ts')).toMatch(/connections: null/)
  })
})

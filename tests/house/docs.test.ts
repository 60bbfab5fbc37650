import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readEnv } from '@/lib/core/env'
import { CorralError, errorCodes, publicErrorText } from '@/lib/core/errors'
import { envNames } from '@/lib/schemas/env'
import { settingNames } from '@/lib/schemas/settings'
import { renderConfiguration, renderEnvExample } from '@/scripts/render-configuration'
import { drawPictureInto } from '@/scripts/render-import-picture'
import { listProductSources, listSources, root } from './list-sources'

const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

describe('docs/configuration.md', () => {
  it('is what the schemas say; else run npm run docs:configuration', () => {
    expect(read('docs/configuration.md')).toBe(renderConfiguration())
  })

  it('names no knob that nothing reads', () => {
    const code = listProductSources()
      .filter(({ file }) => !file.startsWith('lib/schemas/'))
      .map(({ text }) => text)
      .join('\n')
    const reads = (name: string) => new RegExp(`(\\.|\\b)${name}\\b`).test(code)
    expect(settingNames.filter((name) => !reads(name))).toEqual([])
    expect(envNames.filter((name) => !reads(name))).toEqual([])
  })
})

describe('.env.example', () => {
  it('is what the schemas say; else run npm run docs:configuration', () => {
    expect(read('.env.example')).toBe(renderEnvExample())
  })

  it('starts Corral as it is, and with every example switched on but the secrets', () => {
    const text = read('.env.example')
    expect(readEnv(parseEnv(text))).toEqual(readEnv({}))
    const all = text.replace(/^# (?!CORRAL_SECRET)([A-Z_]+=)/gm, '$1')
    expect(readEnv(parseEnv(all)).trustedProxies).toEqual(['10.0.0.0/8'])
  })
})

describe('docs/failure-modes.md', () => {
  const page = read('docs/failure-modes.md')
  const entries = [
    ...page.matchAll(/^### `([\w.]+)` \((\d+)\)\n\n> (.+)\n\n(.+)\n\nCheck: (.+)$/gm),
  ]

  it('has an entry for every error code, and for nothing else', () => {
    expect(entries.map(([, code]) => code)).toEqual(errorCodes)
    expect(page.match(/^### /gm)).toHaveLength(errorCodes.length)
  })

  it.each(entries.map(([, code, status, text]) => ({ code, status, text })))(
    'tells the status and the text of $code as they are',
    ({ code, status, text }) => {
      const known = errorCodes.find((each) => each === code)
      if (!known) throw new Error(`There is no code ${code}.`)
      expect(Number(status)).toBe(new CorralError(known).status)
      expect(text?.replaceAll('\\<', '<')).toBe(publicErrorText(known, placeholders))
    },
  )
})

describe('ARCHITECTURE.md', () => {
  it('has the picture that the imports draw; else run npm run docs:architecture', () => {
    const page = read('ARCHITECTURE.md')
    expect(page).toBe(drawPictureInto(page))
  }, 120_000)

  it('names files that exist', () => {
    const files = new Set(listSources('.').map(({ file }) => file))
    for (const page of ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md']) {
      const named = [...read(page).matchAll(/`((?:lib|scripts|prisma|docs|app)\/[\w/.-]+\.\w+)`/g)]
      expect(named.map(([, file]) => file ?? '').filter((file) => !files.has(file))).toEqual([])
    }
  })
})

/** Each parameter as its own name: `<model>`. */
const placeholders = new Proxy<Record<string, string>>(
  {},
  { get: (_, name) => `<${String(name)}>` },
)

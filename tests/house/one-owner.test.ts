import { describe, expect, it } from 'vitest'
import { listProductSources, type Source } from './list-sources'

const sources = listProductSources()

/** What only one file of the product may do. */
const owners: { what: string; pattern: RegExp; owner: RegExp }[] = [
  {
    what: 'reads the environment',
    pattern: /process\.env(?!\.NEXT_RUNTIME\b)/,
    owner: /^lib\/core\/env\.ts$|^lib\/ui\/snippets\.ts$/,
  },
  {
    what: 'writes to the console',
    pattern: /\bconsole\.(log|error|warn|info|debug)\(|process\.(stdout|stderr)\.write\(/,
    // The other two are text: lines for the reader's own programs.
    owner: /^lib\/core\/log\.ts$|^lib\/ui\/snippets\.ts$|\/playground\/code-samples\.ts$/,
  },
  {
    what: 'keeps state on globalThis',
    pattern: /\bglobalThis\b/,
    owner: /^lib\/core\/process-state\.ts$/,
  },
  {
    what: 'decides who the client is',
    pattern: /export function clientAddress\b/,
    owner: /^lib\/http\/client-address\.ts$/,
  },
  {
    what: 'renders an error as a response',
    pattern: /\bfunction respondWithError\b/,
    owner: /^lib\/gateway\/respond-with-error\.ts$/,
  },
  {
    what: 'settles an exchange',
    pattern: /export (async )?function settle\b|\bjournal\.append\(/,
    owner: /^lib\/gateway\/settle\.ts$/,
  },
]

describe('one owner each', () => {
  it.each(owners)('one file $what', ({ pattern, owner }) => {
    const strangers = sources.filter(({ file }) => !owner.test(file))
    expect(filesWith(strangers, pattern)).toEqual([])
  })

  it('what a proxy says about the client goes nowhere but to clientAddress', () => {
    const readers = sources.filter(
      ({ file, text }) => !file.startsWith('lib/http/') && /'x-forwarded-for'/.test(code(text)),
    )
    expect(readers.length).toBeGreaterThan(0)
    expect(readers.filter(({ text }) => !/\bclientAddress\(/.test(text))).toEqual([])
  })

  it('routing and dialects have no clock and no chance of their own', () => {
    const pure = sources.filter(({ file }) => /^lib\/(routing|dialects)\//.test(file))
    const impure =
      /\bDate\.now\(|\bMath\.random\(|new Date\(\)|performance\.now\(|randomBytes|setTimeout\(/
    expect(filesWith(pure, impure)).toEqual([])
  })
})

describe('how files are named and what they hold', () => {
  it('names are in kebab-case, and none is a drawer for everything', () => {
    const names = sources.map(({ file }) => file.split('/').at(-1) ?? '')
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*\.tsx?$/.test(name))).toEqual([])
    const drawers = /(^|-)(manager|helpers?|utils?|service|misc|common)(-|\.)/
    expect(names.filter((name) => drawers.test(name))).toEqual([])
  })

  it('nothing is exported by default but what Next and tools ask for, and there are no barrels', () => {
    const outside = sources.filter(({ file }) => !file.startsWith('app/'))
    expect(filesWith(outside, /^export default |^export \* from /m)).toEqual([])
  })

  it('nothing is left to be done, switched off or commented away', () => {
    expect(filesWith(sources, /\b(TODO|FIXME|XXX|HACK)\b|@ts-ignore|@ts-expect-error/)).toEqual([])
  })
})

function filesWith(list: Source[], pattern: RegExp): string[] {
  return list.filter(({ text }) => pattern.test(code(text))).map(({ file }) => file)
}

/** Without whole-line comments, which may name what the code may not do. */
function code(text: string): string {
  return text.replace(/^\s*(\*|\/\*\*|\/\/ (?!TODO|FIXME|XXX|HACK)).*$/gm, '')
}

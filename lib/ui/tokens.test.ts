import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { contrast } from '@/tests/support/contrast'
import { accents } from './accents'

const css = readFileSync(path.resolve(import.meta.dirname, '../../app/globals.css'), 'utf8')

const grounds = [
  'background',
  'card',
  'popover',
  'muted',
  'accent',
  'primary-tint',
  'success-tint',
  'warning-tint',
  'destructive-tint',
]
const texts = [
  'foreground',
  'muted-foreground',
  'faint',
  'primary-text',
  'success-text',
  'warning-text',
  'destructive-text',
]
const marks = [
  'input',
  'primary',
  'success',
  'warning',
  'destructive',
  'ring',
  ...Array.from({ length: 8 }, (_, index) => `chart-${index + 1}`),
]

const themes = accents.flatMap((accent) =>
  (['light', 'dark'] as const).map((theme) => ({
    accent,
    theme,
    colors: readColors(accent, theme),
  })),
)

describe.each(themes)('$accent, $theme', ({ colors }) => {
  const color = (name: string) => colors.get(name) ?? `no token --${name}`

  it('text has 4.5 to 1 on every ground', () => {
    const pairs = texts.flatMap((text) => grounds.map((ground) => [text, ground] as const))
    expect(weakPairs(pairs, 4.5, color)).toEqual([])
  })

  it('text on a filled button has 4.5 to 1', () => {
    const pairs = ['primary', 'destructive'].map((fill) => [`${fill}-foreground`, fill] as const)
    expect(weakPairs(pairs, 4.5, color)).toEqual([])
  })

  it('marks have 3 to 1 on a card', () => {
    expect(
      weakPairs(
        marks.map((mark) => [mark, 'card'] as const),
        3,
        color,
      ),
    ).toEqual([])
  })
})

describe('contrast', () => {
  it('is 21 for black on white and 1 for a colour on itself', () => {
    expect(contrast('oklch(0 0 0)', 'oklch(1 0 0)')).toBeCloseTo(21, 5)
    expect(contrast('oklch(0.5 0.1 200)', 'oklch(0.5 0.1 200)')).toBe(1)
  })

  it('refuses what is not a colour', () => {
    expect(() => contrast('red', 'oklch(1 0 0)')).toThrow('not an oklch colour')
  })
})

function weakPairs(
  pairs: (readonly [string, string])[],
  least: number,
  color: (name: string) => string,
): string[] {
  return pairs
    .map(([one, other]) => ({ one, other, ratio: contrast(color(one), color(other)) }))
    .filter(({ ratio }) => ratio < least)
    .map(({ one, other, ratio }) => `${one} on ${other}: ${ratio.toFixed(2)}`)
}

/** The colours as a browser has them: theme over base, the accent's hue put in. */
function readColors(accent: string, theme: 'light' | 'dark'): Map<string, string> {
  const declarations = new Map([
    ...readBlock(':root {'),
    ...(theme === 'dark' ? readBlock('.dark {') : []),
    ...(accent === 'indigo' ? [] : readBlock(`:root:has([data-accent="${accent}"]) {`)),
  ])
  const hue = declarations.get('brand-hue') ?? ''
  const chroma = Number(declarations.get('brand-chroma'))
  const resolved = [...declarations].map(([name, value]): [string, string] => [
    name,
    value
      .replace('var(--brand-hue)', hue)
      .replace(/calc\(([\d.]+) \* var\(--brand-chroma\)\)/, (_, factor) =>
        (Number(factor) * chroma).toFixed(5),
      ),
  ])
  return new Map(resolved)
}

function readBlock(opening: string): [string, string][] {
  const begin = css.indexOf(opening)
  if (begin < 0) throw new Error(`app/globals.css has no block ${opening}`)
  const block = css.slice(begin, css.indexOf('}', begin))
  return [...block.matchAll(/--([a-z0-9-]+): ([^;]+);/g)].map((found) => [
    found[1] ?? '',
    found[2] ?? '',
  ])
}

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { extendTailwindMerge } from 'tailwind-merge'
import { describe, expect, test } from 'vitest'
import { cn } from './cn'

const whole = extendTailwindMerge({
  extend: {
    theme: { spacing: ['control', 'control-sm', 'row', 'log-row'], shadow: ['float'] },
  },
})

describe('cn', () => {
  test('the later of two classes that set the same thing wins', () => {
    expect(cn('px-2 text-sm text-faint', false, 'p-4', ['text-lg'])).toBe('text-faint p-4 text-lg')
    expect(cn('h-control hover:bg-accent', 'h-auto bg-card')).toBe('hover:bg-accent h-auto bg-card')
    expect(cn('border border-input', 'border-transparent')).toBe('border border-transparent')
  })

  test('any two classes of this program meet as in the whole of Tailwind', () => {
    const classes = listClasses()
    expect(classes.length).toBeGreaterThan(250)
    const wrong: string[] = []
    for (const first of classes) {
      for (const second of classes) {
        if (first === second) continue
        const both = `${first} ${second}`
        if (cn(both) !== whole(both)) wrong.push(both)
      }
    }
    expect(wrong.slice(0, 20)).toEqual([])
  }, 20_000)
})

/** The classes in the sources of the pages, without their variants; of many numbers, one. */
function listClasses(): string[] {
  const root = path.resolve(import.meta.dirname, '../..')
  const texts = ['app', 'components'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => readFileSync(path.join(root, folder, file), 'utf8')),
  )
  const words = texts
    .flatMap((text) => [...text.matchAll(/'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`/g)])
    .flatMap((match) => (match[1] ?? match[2] ?? match[3] ?? '').split(/\s+/))
    .map(withoutVariants)
  // Of a class that it knows, the whole keeps one.
  const known = words.filter((word) => /^[^="$]+$/.test(word) && whole(`${word} ${word}`) === word)
  return [...new Map(known.map((word) => [word.replace(/[\d.]+|\[.*\]/g, '#'), word])).values()]
}

/** `hover:bg-accent` is `bg-accent`; a colon in brackets belongs to the value. */
function withoutVariants(word: string): string {
  const last = /:(?![^[(]*[\])])/g
  let at = 0
  for (const match of word.matchAll(last)) at = match.index + 1
  return word.slice(at)
}

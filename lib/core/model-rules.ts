import type { ModelRules } from '@/lib/schemas/entities'
import { normalizeModelName } from './model-name'

export type ModelMatch = (normalizedModel: string) => boolean
/** `within`: a second allow list, of which one pattern must match too. */
export type NarrowedRules = ModelRules & { within?: readonly string[] }

/**
 * Allow and deny lists of model names and globs (A6, D6), deny wins, an empty allow list allows
 * nothing. Takes normalised names. Compiled once for each rules object.
 */
export function compileModelRules(rules: NarrowedRules): ModelMatch {
  const known = compiledRules.get(rules)
  if (known !== undefined) return known
  const compiled = compile(rules)
  compiledRules.set(rules, compiled)
  return compiled
}

/**
 * One pattern: `*` is any text, slashes included, `?` one character, the rest is itself; without
 * either it is a model name and matches what equals it. A glob without a tag (`gpt-4?`) matches
 * a name with the tag `latest` as if it had none, and one that spells out the default registry
 * or namespace is compared with a name that does.
 * Not a file glob on purpose: there `evil*` does not match `evil/../x`, and a deny leaks.
 */
export function compileModelPattern(pattern: string): ModelMatch {
  if (!isGlob(pattern)) {
    const name = normalizeModelName(pattern)
    return (model) => model === name
  }
  const glob = pattern.trim().toLowerCase()
  if (/^\*+$/.test(glob)) return () => true
  const hasTag = glob.lastIndexOf(':') > glob.lastIndexOf('/')
  return (model) => {
    if (model.length > modelCharsMax) return false
    const text = spelledLike(glob, model)
    if (matchesGlob(glob, text)) return true
    return (
      !hasTag && text.endsWith(':latest') && matchesGlob(glob, text.slice(0, -':latest'.length))
    )
  }
}

export function isGlob(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?')
}

/** The longest name that Ollama takes has 593 characters; a client may send megabytes. */
const modelCharsMax = 1024
const compiledRules = new WeakMap<NarrowedRules, ModelMatch>()

function compile(rules: NarrowedRules): ModelMatch {
  const allow = rules.allow.map(compileModelPattern)
  const within = rules.within?.map(compileModelPattern)
  const deny = rules.deny.map(compileModelPattern)
  return (model) =>
    model.length <= modelCharsMax &&
    allow.some((match) => match(model)) &&
    (within === undefined || within.some((match) => match(model))) &&
    !deny.some((match) => match(model))
}

function spelledLike(glob: string, model: string): string {
  const slashes = model.split('/').length - 1
  if (glob.startsWith('library/')) return slashes === 0 ? `library/${model}` : model
  if (!glob.startsWith('registry.ollama.ai/')) return model
  if (slashes === 0) return `registry.ollama.ai/library/${model}`
  return slashes === 1 ? `registry.ollama.ai/${model}` : model
}

/** Two pointers and one way back to the last star: at worst length times length, never more. */
function matchesGlob(glob: string, text: string): boolean {
  let g = 0
  let t = 0
  let star = -1
  let resume = 0
  while (t < text.length) {
    if (glob[g] === '*') {
      star = g++
      resume = t
    } else if (glob[g] === '?' || glob[g] === text[t]) {
      g++
      t++
    } else if (star >= 0) {
      g = star + 1
      t = ++resume
    } else {
      return false
    }
  }
  while (glob[g] === '*') g++
  return g === glob.length
}

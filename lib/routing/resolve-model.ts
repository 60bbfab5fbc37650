import { normalizeModelName } from '@/lib/core/model-name'
import type { CompiledRouting } from './compile-routing'

/** A name that could answer the request: how it is sent, and what it equals. */
export type ModelTarget = { name: string; normalized: string; aliased: boolean }

/**
 * The models that may answer for a name, in order (D1): the targets of the alias of that name; or
 * the name itself; or, where no backend knows the name, the targets of the first glob that fits.
 * Targets may be aliases themselves; a loop ends at the name that closes it, read as a model.
 */
export function resolveModel(
  asked: string,
  routing: Pick<CompiledRouting, 'aliases'>,
  isKnown: (normalizedModel: string) => boolean,
): ModelTarget[] {
  const normalized = normalizeModelName(asked)
  const { exact, globs } = routing.aliases
  if (exact.size === 0 && globs.length === 0) {
    return [{ name: asked, normalized, aliased: false }]
  }
  const found = new Map<string, ModelTarget>()
  const visited = new Set<string>()
  const expand = (name: string, key: string, aliased: boolean): void => {
    if (found.size >= targetsMax) return
    const targets = visited.has(key) ? undefined : targetsOf(key, routing, isKnown)
    visited.add(key)
    if (targets === undefined || visited.size > aliasesMax) {
      if (!found.has(key)) found.set(key, { name, normalized: key, aliased })
      return
    }
    for (const target of targets) expand(target, normalizeModelName(target), true)
  }
  expand(asked, normalized, false)
  return [...found.values()]
}

const targetsMax = 20
const aliasesMax = 20

function targetsOf(
  normalized: string,
  { aliases }: Pick<CompiledRouting, 'aliases'>,
  isKnown: (normalizedModel: string) => boolean,
): readonly string[] | undefined {
  const exact = aliases.exact.get(normalized)
  if (exact !== undefined || isKnown(normalized)) return exact
  return aliases.globs.find(({ match }) => match(normalized))?.targets
}

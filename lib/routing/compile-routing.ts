import { normalizeModelName } from '@/lib/core/model-name'
import { compileModelPattern, isGlob, type ModelMatch } from '@/lib/core/model-rules'
import type { RoutingConfig } from './contract'
import { type CompiledMemory, compileMemory } from './memory-need'

/** A routing configuration with its names normalised and its patterns compiled. */
export type CompiledRouting = Pick<RoutingConfig, 'frontend' | 'backends' | 'settings'> & {
  aliases: { exact: ReadonlyMap<string, readonly string[]>; globs: readonly CompiledAlias[] }
  assignments: {
    exact: ReadonlyMap<string, ReadonlySet<string>>
    globs: readonly { match: ModelMatch; backendId: string }[]
  }
  memory: CompiledMemory
}
export type CompiledAlias = { match: ModelMatch; targets: readonly string[] }

/**
 * Does once per snapshot what is slow. The views stay live; `{ ...compiled, backends }` carries
 * the compiled part over to other views of the same configuration.
 */
export function compileRouting(config: RoutingConfig): CompiledRouting {
  const byLiteralLength = (a: { alias: string }, b: { alias: string }) =>
    literalLength(b.alias) - literalLength(a.alias)
  const assigned = new Map<string, Set<string>>()
  for (const { model, backendId } of config.assignments) {
    if (isGlob(model)) continue
    const name = normalizeModelName(model)
    assigned.set(name, (assigned.get(name) ?? new Set<string>()).add(backendId))
  }
  return {
    frontend: config.frontend,
    backends: config.backends,
    settings: config.settings,
    aliases: {
      exact: new Map(
        config.aliases
          .filter(({ alias }) => !isGlob(alias))
          .map(({ alias, targets }) => [normalizeModelName(alias), targets]),
      ),
      globs: config.aliases
        .filter(({ alias }) => isGlob(alias))
        .toSorted(byLiteralLength)
        .map(({ alias, targets }) => ({ match: compileModelPattern(alias), targets })),
    },
    assignments: {
      exact: assigned,
      globs: config.assignments
        .filter(({ model }) => isGlob(model))
        .map(({ model, backendId }) => ({ match: compileModelPattern(model), backendId })),
    },
    memory: compileMemory(config),
  }
}

/** Of two globs the one that says more decides: `gpt-4o*` before `gpt-*`. */
function literalLength(glob: string): number {
  return glob.replace(/[*?]/g, '').length
}

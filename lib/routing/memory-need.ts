import { normalizeModelName } from '@/lib/core/model-name'
import type { BackendView, RoutingConfig } from './contract'

/** D5: what is seeded as patterns, most specific first. */
export const defaultMemoryPatterns: readonly { match: string; gb: number }[] = [
  { match: '8x7b', gb: 45 },
  { match: '70b', gb: 40 },
  { match: '34b', gb: 20 },
  { match: '13b', gb: 8 },
  { match: '7b', gb: 4.5 },
]

export type CompiledMemory = {
  overrides: ReadonlyMap<string, number>
  patterns: readonly { expression: RegExp; gb: number }[]
  defaultGb: number
}

export function compileMemory(
  config: Pick<RoutingConfig, 'memoryRules' | 'settings'>,
): CompiledMemory {
  const rules = config.memoryRules.toSorted((a, b) => a.position - b.position)
  return {
    overrides: new Map(
      rules
        .filter(({ kind }) => kind === 'override')
        .map(({ match, gb }) => [normalizeModelName(match), gb]),
    ),
    patterns: rules
      .filter(({ kind }) => kind === 'pattern')
      .flatMap(({ match, gb }) => {
        const expression = parsePattern(match)
        return expression === null ? [] : [{ expression, gb }]
      }),
    defaultGb: config.settings.memoryDefaultGb,
  }
}

/**
 * The memory that a model needs on a backend, in GB of 10^9 bytes as Ollama shows them (D5): an
 * override, else the measured size (loaded here, loaded anywhere, the file's), else the first
 * pattern that matches, else the default. `model` is a normalised name.
 */
export function memoryNeedGb(
  memory: CompiledMemory,
  model: string,
  backend: BackendView,
  backends: readonly BackendView[],
): number {
  const override = memory.overrides.get(model)
  if (override !== undefined) return override
  const measured = measuredBytes(model, backend, backends)
  if (measured > 0) return measured / bytesInGb
  const name = model.slice(0, nameCharsMax)
  const pattern = memory.patterns.find(({ expression }) => expression.test(name))
  return pattern?.gb ?? memory.defaultGb
}

export const bytesInGb = 1e9
/** Bounds what an operator's regular expression can cost on a name that a client made up. */
const nameCharsMax = 256

function measuredBytes(
  model: string,
  backend: BackendView,
  backends: readonly BackendView[],
): number {
  const loadedHere = backend.loaded.get(model)?.sizeBytes ?? 0
  if (loadedHere > 0) return loadedHere
  let largest = 0
  for (const other of backends) {
    largest = Math.max(largest, other.loaded.get(model)?.sizeBytes ?? 0)
  }
  return largest > 0 ? largest : (backend.catalogue?.get(model)?.sizeBytes ?? 0)
}

/** A plain size such as `7b` means that size: `27b` and `1.7b` are others. */
function parsePattern(match: string): RegExp | null {
  const source = /^\d[a-z0-9.]*$/i.test(match) ? `(?<![\\d.])${match}` : match
  try {
    return new RegExp(source, 'i')
  } catch {
    return null
  }
}

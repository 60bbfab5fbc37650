import type { DoorName } from '../support/start-corral'

// C3: framing is each connection's own. D12: what Corral says of itself.
const ofTheConnection = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding'])
const ofCorral = /^x-(request-id|corral-(backend|model|attempts|overhead-ms))$/

/** The headers of an answer that must come through, one text each. */
export function keptHeaders(
  headers: readonly (readonly [string, string])[],
  door: DoorName,
): string[] {
  const kept = headers.filter(([name]) => {
    const lower = name.toLowerCase()
    return !ofTheConnection.has(lower) && !ofCorral.test(lower)
  })
  if (door === 'server') return kept.map(([name, value]) => `${name}: ${value}`)
  return keptByNext(kept)
}

/** What the Next door changes in every answer; next-door-differences.ts asserts each. */
function keptByNext(headers: readonly (readonly [string, string])[]): string[] {
  return headers
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name, value]) => name !== 'content-length' && !(name === 'vary' && isOfNext(value)))
    .map(([name, value]) => `${name}: ${value}`)
    .sort()
}

export function isOfNext(vary: string): boolean {
  return vary.startsWith('rsc,')
}

/** By name in lower case; a backend's connection is Corral's own. */
export function requestHeadersAtBackend(
  headers: readonly (readonly [string, string])[],
): Record<string, string> {
  return Object.fromEntries(
    headers
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !ofTheConnection.has(name)),
  )
}

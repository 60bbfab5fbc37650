import { contains, type NetworkSet, normalizeAddress } from './networks'

/**
 * C2: the socket's address, or, only when the socket belongs to a trusted proxy, the right-most
 * entry of `X-Forwarded-For` that is not a trusted proxy's. An entry that is no address ends the
 * walk at the proxy that wrote it. Null where the peer is not known.
 */
export function clientAddress(input: {
  peer: string | null
  /** The header's value, several joined by commas. */
  forwardedFor: string | null
  trusted: NetworkSet
}): string | null {
  let address = input.peer === null ? null : normalizeAddress(input.peer)
  if (address === null || !input.forwardedFor) return address
  const entries = input.forwardedFor.split(',')
  while (entries.length > 0 && contains(input.trusted, address)) {
    const next = normalizeAddress(withoutPort(entries.pop()?.trim() ?? ''))
    if (next === null) return address
    address = next
  }
  return address
}

// Some proxies write 192.0.2.1:4711 or [2001:db8::1]:4711.
function withoutPort(entry: string): string {
  if (entry.startsWith('[')) return entry.slice(1, Math.max(1, entry.indexOf(']')))
  return /^[\d.]+:\d+$/.test(entry) ? entry.slice(0, entry.indexOf(':')) : entry
}

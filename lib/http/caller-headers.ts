import type { IncomingMessage } from 'node:http'
import { callerHeaderNames } from './caller-header-names'
import { clientAddress } from './client-address'
import { contains, type NetworkSet } from './networks'

/** Names that only a door may write, and those that only a trusted proxy may. */
export function isCallersOwn(name: string, isTrusted: boolean): boolean {
  if (doorNames.has(name)) return false
  return isTrusted || !(name.startsWith('x-forwarded-') || name === 'forwarded')
}

/** Forwarded headers count only when the socket belongs to a trusted proxy. */
export function renderCallerHeaders(
  incoming: IncomingMessage,
  options: { trusted: NetworkSet; gatewayUrl: string },
): Record<string, string> {
  const peer = incoming.socket.remoteAddress ?? null
  const believed = isTrustedPeer(incoming, options.trusted)
  const told = (name: string) => (believed ? firstOf(incoming.headers[name]) : null)
  const address = clientAddress({
    peer,
    forwardedFor: allOf(incoming.headers['x-forwarded-for']),
    trusted: options.trusted,
  })
  const ownScheme = 'encrypted' in incoming.socket ? 'https' : 'http'
  const scheme = parseScheme(told('x-forwarded-proto')) ?? ownScheme
  const host = told('x-forwarded-host') ?? incoming.headers.host ?? ''
  const knownHost = isHost(host) ? host : 'localhost'
  return {
    ...(address !== null && { [callerHeaderNames.address]: address, 'x-forwarded-for': address }),
    [callerHeaderNames.scheme]: scheme,
    [callerHeaderNames.host]: knownHost,
    // Next compares the origin of an action with these.
    'x-forwarded-proto': scheme,
    'x-forwarded-host': knownHost,
    ...(options.gatewayUrl !== '' && { [callerHeaderNames.gateway]: options.gatewayUrl }),
  }
}

/** What a trusted proxy says of its client in this header; null from anyone else. */
export function readFromProxy(
  request: { header(name: string): string | null; peer: string | null },
  name: string,
  trusted: NetworkSet,
): string | null {
  const value = request.header(name)
  if (value === null || request.peer === null || !contains(trusted, request.peer)) return null
  return firstOf(value)
}

/** Null for what is neither of the two. */
export function parseScheme(text: string | null): 'http' | 'https' | null {
  const scheme = text?.toLowerCase()
  return scheme === 'http' || scheme === 'https' ? scheme : null
}

export function isTrustedPeer(incoming: IncomingMessage, trusted: NetworkSet): boolean {
  const peer = incoming.socket.remoteAddress
  return peer !== undefined && contains(trusted, peer)
}

const doorNames: ReadonlySet<string> = new Set(Object.values(callerHeaderNames))

function isHost(host: string): boolean {
  return /^([\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i.test(host)
}

/** The proxy that the client reached writes first. */
function firstOf(value: string | string[] | undefined): string | null {
  return allOf(value)?.split(',')[0]?.trim() || null
}

function allOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value.join(',') : value) || null
}

import ipaddr from 'ipaddr.js'
import { CorralError } from '@/lib/core/errors'

export type BackendAddress = {
  /** `http://host:port`, no slash at the end. */
  origin: string
  /** What stands before Ollama's own paths: empty, or `/base` without a slash at the end. */
  basePath: string
}

/**
 * Reads the address of a backend: http or https, no user information, no query, and not a cloud's
 * metadata service in any spelling (C5). A `/v1` at the end, as OpenAI clients write it, is not
 * part of the base path. Throws `admin.invalid_input` with a sentence for the operator.
 */
export function parseBackendUrl(text: string): BackendAddress {
  const trimmed = text.trim()
  if (!/^https?:\/\//i.test(trimmed)) {
    throw invalid(trimmed, 'must begin with http:// or https://')
  }
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null
  if (url === null) throw invalid(trimmed, 'is not a valid address')
  if (url.username !== '' || url.password !== '') {
    throw new CorralError('admin.invalid_input', {
      params: {
        problem: 'A backend address holds no user or password. Give the secret as the credential.',
      },
    })
  }
  if (url.search !== '' || url.hash !== '') {
    throw invalid(trimmed, 'must not have a query or a fragment')
  }
  if (isMetadataHost(url.hostname)) {
    throw invalid(trimmed, 'is a link-local or cloud metadata address, which is refused')
  }
  const basePath = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '')
  return { origin: url.origin, basePath }
}

/**
 * The addresses in `OLLAMA_HOST`, read as Ollama reads it (envconfig.Host): no scheme is http,
 * no port is 11434 (80 after `http://`, 443 after `https://`), quotes and spaces around it do not
 * count, a path is kept, and `0.0.0.0` and `::` mean loopback. Several stand between commas.
 * Returns URLs that `parseBackendUrl` takes; empty text is none. Throws `admin.invalid_input`.
 */
export function parseOllamaHost(text: string): string[] {
  const urls: string[] = []
  for (const part of trimQuotes(text).split(',')) {
    const host = trimQuotes(part)
    if (host === '') continue
    const { origin, basePath } = parseBackendUrl(urlOfOllamaHost(host))
    if (!urls.includes(origin + basePath)) urls.push(origin + basePath)
  }
  return urls
}

function urlOfOllamaHost(text: string): string {
  const [, scheme = null, rest = ''] = /^(?:([^/]*?):\/\/)?(.*)$/s.exec(text) ?? []
  if (scheme === null && rest === 'ollama.com') return 'https://ollama.com:443'
  const slash = rest.indexOf('/')
  const hostPort = slash < 0 ? rest : rest.slice(0, slash)
  const path = slash < 0 ? '' : rest.slice(slash)
  const { host, port } = splitHostPort(hostPort, defaultPort(scheme))
  return `${scheme ?? 'http'}://${connectableHost(host)}:${port}${path}`
}

function defaultPort(scheme: string | null): string {
  if (scheme === 'http') return '80'
  return scheme === 'https' ? '443' : '11434'
}

/** A port that is no port is the default one, as Ollama has it. */
function splitHostPort(text: string, fallback: string): { host: string; port: string } {
  const bare = text.replace(/^\[|\]$/g, '')
  if (ipaddr.IPv6.isValid(bare)) return { host: bare, port: fallback }
  const [, host = text, port = ''] = /^(.*):([^:\]]*)$/s.exec(text) ?? []
  const isPort = /^\d{1,5}$/.test(port) && Number(port) <= 65_535
  return { host: host.replace(/^\[|\]$/g, ''), port: isPort ? port : fallback }
}

function connectableHost(host: string): string {
  if (host === '' || host === '0.0.0.0') return '127.0.0.1'
  if (!ipaddr.IPv6.isValid(host)) return host
  return ipaddr.IPv6.parse(host).range() === 'unspecified' ? '[::1]' : `[${host}]`
}

function trimQuotes(text: string): string {
  return text
    .trim()
    .replace(/^["']+|["']+$/g, '')
    .trim()
}

const metadataNames = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
])
// Alibaba, Oracle (classic) and Azure keep theirs outside the link-local network.
const metadataAddresses = new Set(['100.100.100.200', '192.0.0.192', '168.63.129.16'])
const metadataAddressesV6 = new Set(['fd00:ec2::254', 'fd20:ce::254'])

/** Whether a host, a name or an address in any form, is link-local or a metadata service. */
export function isMetadataHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/\.+$/, '')
    .replace(/^\[|\]$/g, '')
  if (metadataNames.has(name)) return true
  if (!ipaddr.isValid(name)) return false
  const address = ipaddr.process(name)
  if (address instanceof ipaddr.IPv4) return isMetadataIpv4(address)
  if (address.range() === 'linkLocal') return true
  if (metadataAddressesV6.has(address.toString())) return true
  const embedded = embeddedIpv4(address)
  return embedded !== null && isMetadataIpv4(embedded)
}

function isMetadataIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'linkLocal' || metadataAddresses.has(address.toString())
}

/** The IPv4 address inside a NAT64, 6to4 or IPv4-compatible one. */
function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const bytes = address.toByteArray()
  if (address.range() === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6))
  const nat64 = address.range() === 'rfc6052'
  const compatible = bytes.slice(0, 12).every((byte) => byte === 0)
  return nat64 || compatible ? new ipaddr.IPv4(bytes.slice(12)) : null
}

function invalid(text: string, problem: string): CorralError {
  // What stands before an @ may be a secret.
  const shown = text.replace(/\/\/[^/]*@/, '//…@').slice(0, 200)
  return new CorralError('admin.invalid_input', {
    params: { problem: `The backend address "${shown}" ${problem}.` },
  })
}

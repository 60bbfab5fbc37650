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

import ipaddr from 'ipaddr.js'
import { CorralError } from '@/lib/core/errors'

/** Networks made ready for many questions. */
export type NetworkSet = {
  /** `*` was among them. */
  readonly any: boolean
  readonly ranges: readonly NetworkRange[]
}
type Address = ipaddr.IPv4 | ipaddr.IPv6
type NetworkRange = {
  readonly kind: 'ipv4' | 'ipv6'
  readonly bytes: number[]
  readonly bits: number
}

/**
 * Reads addresses, CIDR networks and `*`, IPv4 and IPv6; IPv4-mapped IPv6 is IPv4. Throws
 * `admin.invalid_input` that names the text it cannot read.
 */
export function compileNetworks(texts: readonly string[]): NetworkSet {
  const ranges: NetworkRange[] = []
  let any = false
  for (const text of texts) {
    if (text.trim() === '*') any = true
    else ranges.push(parseRange(text.trim()))
  }
  return { any, ranges }
}

/** Whether an address is in one of the networks; text that is no address is in none, `*` apart. */
export function contains(set: NetworkSet, address: string): boolean {
  if (set.any) return true
  if (set.ranges.length === 0) return false
  const parsed = parseAddress(address)
  if (!parsed) return false
  const kind = parsed.kind()
  const bytes = parsed.toByteArray()
  return set.ranges.some((range) => range.kind === kind && matches(range, bytes))
}

/** The one spelling of an address, IPv4-mapped IPv6 as IPv4, without zone; null when it is none. */
export function normalizeAddress(text: string): string | null {
  return knowAddress(text)?.spelling ?? null
}

function parseRange(text: string): NetworkRange {
  const slash = text.indexOf('/')
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (!address) throw invalid(text)
  const bytes = address.toByteArray()
  const whole = bytes.length * 8
  if (slash < 0) return { kind: address.kind(), bytes, bits: whole }
  const prefix = text.slice(slash + 1)
  if (!/^\d{1,3}$/.test(prefix)) throw invalid(text)
  // ::ffff:10.0.0.0/104 counts its bits from the start of the IPv6 address.
  const wasMapped = address.kind() === 'ipv4' && text.includes(':')
  const bits = wasMapped ? Number(prefix) - 96 : Number(prefix)
  if (bits < 0 || bits > whole) throw invalid(text)
  return { kind: address.kind(), bytes, bits }
}

function invalid(text: string): CorralError {
  const problem = `"${text}" is no network: give an address, a CIDR such as 10.0.0.0/8, or *`
  return new CorralError('admin.invalid_input', { params: { problem } })
}

type Known = { address: Address; spelling: string } | null

// The same few addresses come again with every request.
const knownAddresses = new Map<string, Known>()
const knownMax = 1000
const knownCharsMax = 64

function knowAddress(text: string): Known {
  const known = knownAddresses.get(text)
  if (known !== undefined) return known
  const address = parseNewAddress(text)
  const made = address === null ? null : { address, spelling: address.toString() }
  if (text.length > knownCharsMax) return made
  if (knownAddresses.size >= knownMax) knownAddresses.clear()
  knownAddresses.set(text, made)
  return made
}

function parseAddress(text: string): Address | null {
  return knowAddress(text)?.address ?? null
}

// Only the plain spellings: ipaddr.js also reads 10, 0x0a000001 and 010.0.0.1 as addresses.
function parseNewAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  const zone = text.indexOf('%')
  const withoutZone = zone < 0 ? text : text.slice(0, zone)
  if (!withoutZone.includes(':') || !ipaddr.IPv6.isValid(withoutZone)) return null
  const address = ipaddr.IPv6.parse(withoutZone)
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

function matches(range: NetworkRange, bytes: readonly number[]): boolean {
  const whole = range.bits >> 3
  for (let i = 0; i < whole; i++) {
    if (range.bytes[i] !== bytes[i]) return false
  }
  const rest = range.bits & 7
  if (rest === 0) return true
  const mask = (0xff00 >> rest) & 0xff
  return ((range.bytes[whole] ?? 0) & mask) === ((bytes[whole] ?? 0) & mask)
}

import ipaddr from 'ipaddr.js'
import type { ModelRules, NetworkRules } from '@/lib/schemas/entities'
import { invalidInput } from './parse-input'

const wildcardsMax = 8
const repeatsMax = 3
const optionalMax = 8

/** A model name or a glob of `*` and `?`. Throws `admin.invalid_input`. */
export function assertGlob(glob: string, label: string): void {
  if (/[\s\p{Cc}]/u.test(glob)) {
    throw invalidInput(`${label}: expected a model name or a glob without spaces, got "${glob}".`)
  }
  if (/[()[\]{}!\\]/.test(glob)) {
    throw invalidInput(
      `${label}: "${glob}" is not a model name or glob; only * and ? are special in one.`,
    )
  }
  if ((glob.match(/[*?]/g) ?? []).length > wildcardsMax) {
    throw invalidInput(`${label}: a glob has at most ${wildcardsMax} of * and ?, got "${glob}".`)
  }
}

export function assertModelRules(rules: ModelRules): void {
  for (const glob of [...rules.allow, ...rules.deny]) assertGlob(glob, 'models')
}

/** `*`, an address, or a CIDR network; IPv4 or IPv6. Throws `admin.invalid_input`. */
export function assertNetwork(network: string, label: string): void {
  if (network === '*') return
  if (network.includes('/') ? ipaddr.isValidCIDR(network) : isWholeAddress(network)) return
  throw invalidInput(
    `${label}: expected an address, a network such as 10.0.0.0/8, or *, got "${network}".`,
  )
}

export function assertNetworkRules(rules: NetworkRules): void {
  for (const network of [...rules.allow, ...rules.deny]) assertNetwork(network, 'networks')
}

/**
 * A regular expression that cannot run away: it compiles, nothing repeated holds a repeat or a
 * choice, no reference to a group, few repeats and optional parts. Throws `admin.invalid_input`.
 */
export function assertSafeRegex(pattern: string, label: string): void {
  try {
    new RegExp(pattern, 'i')
  } catch (cause) {
    throw invalidInput(`${label}: "${pattern}" is not a regular expression.`, cause)
  }
  const problem = findRegexProblem(pattern)
  if (problem !== null)
    throw invalidInput(`${label}: "${pattern}" could run for too long: ${problem}.`)
}

function isWholeAddress(address: string): boolean {
  // ipaddr.js also reads "10.1" and "0x7f.1"; an operator who typed those meant something else.
  return address.includes(':')
    ? ipaddr.IPv6.isValid(address)
    : ipaddr.IPv4.isValidFourPartDecimal(address)
}

function findRegexProblem(pattern: string): string | null {
  const text = pattern.replace(/\\[^1-9k]/g, 'x').replace(/\[[^\]]*\]/g, 'x')
  if (/\\|\(\?<?[=!]/.test(text)) return 'no references and no lookaround are allowed'
  const outermost = { repeats: false, choice: false }
  const groups = [outermost]
  let unbounded = 0
  let optional = 0
  for (let at = 0; at < text.length; at++) {
    let group = groups[groups.length - 1] ?? outermost
    if (text[at] === '(') groups.push({ repeats: false, choice: false })
    if (text[at] === '|') group.choice = true
    if (text[at] === '?' && text[at - 1] !== '(') {
      group.repeats = true
      optional++
    }
    const repeated = isRepeat(text, at + 1)
    if (text[at] === ')') {
      const inner = group
      groups.pop()
      group = groups[groups.length - 1] ?? outermost
      if (repeated && (inner.repeats || inner.choice)) {
        return 'a repeated group may hold no repeat and no choice'
      }
      group.repeats ||= inner.repeats
    }
    if (repeated) {
      group.repeats = true
      unbounded++
    }
  }
  if (unbounded > repeatsMax) return `at most ${repeatsMax} repeats are allowed`
  return optional > optionalMax ? `at most ${optionalMax} optional parts are allowed` : null
}

function isRepeat(text: string, at: number): boolean {
  return text[at] === '*' || text[at] === '+' || /^\{\d+(,\d*)?\}/.test(text.slice(at, at + 12))
}

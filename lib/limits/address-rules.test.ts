import { describe, expect, it } from 'vitest'
import { isCorralError } from '@/lib/core/errors'
import { checkAddressRules, checkKeyNetworks, compileAddressRules } from './address-rules'

type Rule = [effect: 'allow' | 'deny', network: string]

function codeOf(check: () => void): string {
  try {
    check()
    return 'allowed'
  } catch (error) {
    return isCorralError(error) ? error.code : String(error)
  }
}
const ofRules = (rules: Rule[], address: string | null) =>
  codeOf(() =>
    checkAddressRules(
      compileAddressRules(rules.map(([effect, network]) => ({ effect, network }))),
      address,
    ),
  )

describe('checkAddressRules', () => {
  const cases: [Rule[], string | null, string][] = [
    [[], '192.0.2.1', 'allowed'],
    [[], null, 'allowed'],
    [[['allow', '*']], null, 'allowed'],
    [[['deny', '192.0.2.0/24']], '192.0.2.77', 'limits.address_denied'],
    [[['deny', '192.0.2.0/24']], '192.0.3.1', 'allowed'],
    [[['deny', '192.0.2.0/24']], null, 'limits.address_unknown'],
    [[['allow', '10.0.0.0/8']], '10.255.0.1', 'allowed'],
    [[['allow', '10.0.0.0/8']], '11.0.0.1', 'limits.address_denied'],
    [[['allow', '10.0.0.0/8']], null, 'limits.address_unknown'],
    [
      [
        ['allow', '10.0.0.0/8'],
        ['deny', '10.0.0.7'],
      ],
      '10.0.0.7',
      'limits.address_denied',
    ],
    [
      [
        ['allow', '10.0.0.0/8'],
        ['deny', '10.0.0.7'],
      ],
      '10.0.0.8',
      'allowed',
    ],
    [
      [
        ['allow', '10.0.0.7'],
        ['deny', '*'],
      ],
      '10.0.0.7',
      'limits.address_denied',
    ],
    [[['deny', '*']], null, 'limits.address_denied'],
    [[['allow', '10.0.0.0/8']], '::ffff:10.1.2.3', 'allowed'],
    [[['deny', '::ffff:10.1.2.3']], '10.1.2.3', 'limits.address_denied'],
    [[['allow', '2001:db8::/32']], '2001:db8:1::5', 'allowed'],
    [[['allow', '2001:db8::/32']], '2001:db9::5', 'limits.address_denied'],
    [[['allow', '0.0.0.0/0']], '::1', 'limits.address_denied'],
  ]
  it.each(cases)('%j and %j: %s', (rules, address, code) => {
    expect(ofRules(rules, address)).toBe(code)
  })
})

describe('checkKeyNetworks', () => {
  const check = (allow: string[], deny: string[], address: string | null) =>
    codeOf(() => checkKeyNetworks({ allow, deny }, address))

  it("holds a key to its networks, deny winning, in the key's own words", () => {
    expect(check(['*'], [], '192.0.2.1')).toBe('allowed')
    expect(check(['*'], [], null)).toBe('allowed')
    expect(check(['10.0.0.0/8'], [], '192.0.2.1')).toBe('limits.key_address_denied')
    expect(check(['*'], ['192.0.2.0/24'], '192.0.2.1')).toBe('limits.key_address_denied')
    expect(check(['10.0.0.0/8'], [], null)).toBe('limits.address_unknown')
    expect(check([], [], '10.0.0.1')).toBe('limits.key_address_denied')
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileNetworks, contains, normalizeAddress } from './networks'

function isIn(network: string, address: string): boolean {
  return contains(compileNetworks([network]), address)
}

describe('networks', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.5/8', '10.9.9.9', true],
    ['192.168.1.128/25', '192.168.1.127', false],
    ['192.168.1.128/25', '192.168.1.128', true],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '::1', true],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['127.0.0.0/8', '::ffff:127.0.0.1', true],
    ['::ffff:127.0.0.1', '127.0.0.1', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '11.1.2.3', false],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['*', '192.0.2.1', true],
    ['*', '::1', true],
  ])('%s and %s: %s', (network, address, expected) => {
    expect(isIn(network, address)).toBe(expected)
  })

  test('text that is no address is in no network', () => {
    for (const text of [
      '',
      'localhost',
      '10',
      '0x7f000001',
      '010.0.0.1',
      '10.0.0.256',
      '10.0.0.1.',
      '::g',
    ]) {
      expect(isIn('0.0.0.0/0', text)).toBe(false)
      expect(normalizeAddress(text)).toBe(null)
    }
  })

  test('an unreadable network is refused by name', () => {
    for (const text of [
      '',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '::/129',
      'example.org',
      '10.0.0.0/8/8',
      '::ffff:10.0.0.0/95',
    ]) {
      expect(() => compileNetworks(['10.0.0.0/8', text])).toThrow(`"${text}" is no network`)
    }
  })

  test('an address is in the networks of its own prefixes, and leaves them with the first bit', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1, max: 32 }), (address, bits) => {
        const parts = address.split('.').map(Number)
        const flippedAt = (bits - 1) >> 3
        const outside = parts
          .map((part, i) => (i === flippedAt ? part ^ (0x80 >> ((bits - 1) & 7)) : part))
          .join('.')
        expect(isIn(`${address}/${bits}`, address)).toBe(true)
        expect(isIn(`${address}/${bits}`, outside)).toBe(false)
        expect(isIn(`${address}/${bits}`, `::ffff:${address}`)).toBe(true)
      }),
    )
  })

  test('any IPv6 address has one spelling, which is in its own network', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const normal = normalizeAddress(address)
        if (normal === null) throw new Error(address)
        expect(normalizeAddress(normal)).toBe(normal)
        expect(isIn(address, normal)).toBe(true)
      }),
    )
  })
})

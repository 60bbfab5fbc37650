import { describe, expect, test } from 'vitest'
import { clientAddress } from './client-address'
import { compileNetworks } from './networks'

const trusted = compileNetworks(['10.0.0.0/8', '::1'])

function address(peer: string | null, forwardedFor: string | null): string | null {
  return clientAddress({ peer, forwardedFor, trusted })
}

describe('clientAddress', () => {
  test("is the socket's where the socket is not a trusted proxy's, whatever the header says", () => {
    expect(address('203.0.113.9', '192.0.2.1')).toBe('203.0.113.9')
    expect(address('::ffff:203.0.113.9', null)).toBe('203.0.113.9')
    expect(address('203.0.113.9', '10.0.0.1, 10.0.0.2')).toBe('203.0.113.9')
  })

  test('is the right-most entry that is no trusted proxy: a client cannot choose its own', () => {
    expect(address('10.0.0.1', '192.0.2.1')).toBe('192.0.2.1')
    expect(address('10.0.0.1', '1.1.1.1, 192.0.2.1, 10.0.0.2')).toBe('192.0.2.1')
    expect(address('::1', ' 192.0.2.1 ,10.0.0.2')).toBe('192.0.2.1')
    expect(address('::ffff:10.0.0.1', '::ffff:192.0.2.1')).toBe('192.0.2.1')
  })

  test('is the outermost proxy when all are trusted', () => {
    expect(address('10.0.0.1', '10.0.0.3, 10.0.0.2')).toBe('10.0.0.3')
    expect(address('10.0.0.1', null)).toBe('10.0.0.1')
    expect(address('10.0.0.1', '')).toBe('10.0.0.1')
  })

  test('ends the walk at an entry that is no address', () => {
    expect(address('10.0.0.1', '192.0.2.1, unknown')).toBe('10.0.0.1')
    expect(address('10.0.0.1', '192.0.2.1, <script>, 10.0.0.2')).toBe('10.0.0.2')
    expect(address('10.0.0.1', ',,')).toBe('10.0.0.1')
  })

  test('reads entries with a port', () => {
    expect(address('10.0.0.1', '192.0.2.1:4711')).toBe('192.0.2.1')
    expect(address('10.0.0.1', '[2001:db8::1]:4711')).toBe('2001:db8::1')
    expect(address('10.0.0.1', '2001:db8::1')).toBe('2001:db8::1')
  })

  test('is not known where the peer is not', () => {
    expect(address(null, '192.0.2.1')).toBe(null)
    expect(address('/tmp/socket', '192.0.2.1')).toBe(null)
  })
})

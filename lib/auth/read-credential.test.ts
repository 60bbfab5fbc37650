import { describe, expect, it } from 'vitest'
import { readCredential } from './read-credential'

const read = (given: { pathKey?: string; authorization?: string; xApiKey?: string }) =>
  readCredential({ pathKey: null, authorization: null, xApiKey: null, ...given })
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

describe('readCredential', () => {
  it.each([
    ['Bearer k'],
    ['bearer k'],
    ['BEARER   k '],
    ['Bearer\tk'],
    ['Token k'],
    ['token k'],
    [basic('user:k')],
    [basic(':k')],
    [basic('user:k').replace('Basic', 'BASIC')],
  ])('reads the key of Authorization: %s', (authorization) => {
    expect(read({ authorization })).toEqual({ token: 'k', source: 'authorization' })
  })

  it('takes a password of Basic whole, colons included', () => {
    expect(read({ authorization: basic('user:a:b') })?.token).toBe('a:b')
  })

  it.each([
    [''],
    ['Bearer'],
    ['Bearer '],
    ['k'],
    ['Digest username="x"'],
    [basic('no-colon')],
    [basic('user:')],
    ['Basic !!!'],
  ])('sees no key in Authorization: %j, and then reads x-api-key', (authorization) => {
    expect(read({ authorization })).toBeNull()
    expect(read({ authorization, xApiKey: ' k ' })).toEqual({ token: 'k', source: 'x-api-key' })
  })

  it('prefers the path, then Authorization, then x-api-key', () => {
    const all = { pathKey: 'path', authorization: 'Bearer auth', xApiKey: 'api' }
    expect(read(all)).toEqual({ token: 'path', source: 'path' })
    expect(read({ ...all, pathKey: '' })?.token).toBe('auth')
    expect(read({ xApiKey: 'api' })).toEqual({ token: 'api', source: 'x-api-key' })
    expect(read({ xApiKey: '' })).toBeNull()
    expect(read({})).toBeNull()
  })
})

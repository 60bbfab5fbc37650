import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCorralError } from '@/lib/core/errors'
import { normalizePath, splitPrefixes } from './normalize-path'

function pathOf(target: string): string {
  try {
    return normalizePath(target).path
  } catch (error) {
    return isCorralError(error) ? error.code : String(error)
  }
}

describe('normalizePath', () => {
  test.each([
    ['/api/chat', '/api/chat'],
    ['/', '/'],
    ['//api///chat', '/api/chat'],
    ['/api/%63hat', '/api/chat'],
    ['/v1/models/ns%2fmodel', '/v1/models/ns%2Fmodel'],
    ['/v1/models/a%20b%C3%BC', '/v1/models/a%20b%C3%BC'],
    ['/v1/models/gemma3:270m', '/v1/models/gemma3:270m'],
    ['/v1/models/a..b', '/v1/models/a..b'],
    ['http://host:8080/api/tags', '/api/tags'],
    ['http://host', '/'],
    ['/api/blobs/sha256:ab%3Acd', '/api/blobs/sha256:ab%3Acd'],
  ])('%s is %s', (target, path) => {
    expect(pathOf(target)).toBe(path)
  })

  test.each([
    '/api/%00',
    '/api/%0a',
    '/api/%7f',
    '/api/../v1',
    '/api/%2e%2e/v1',
    '/api/.%2E/v1',
    '/api/..',
    '/./api',
    '/%2e/api',
    '/api\\chat',
    '/api/%5cchat',
    '/api/%zz',
    '/api/%',
    '/api/%2',
    '/api/ chat',
    '/api/\u00fc',
    '/api/chat#x',
    '/api/\u0000',
    '*',
    '',
    'api/chat',
    'ftp://host/api',
  ])('%j is refused', (target) => {
    expect(pathOf(target)).toBe('http.bad_path')
  })

  test('the query stays as it came', () => {
    expect(normalizePath('/v1/messages?beta=true&x=%2e%2E//')).toEqual({
      path: '/v1/messages',
      query: '?beta=true&x=%2e%2E//',
    })
    expect(normalizePath('/?').query).toBe('?')
  })

  test('a normal form is its own normal form, and means the same to a URL parser', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '%2e',
      '%2F',
      '%25',
      'api',
      '%41',
      '//',
      '%00',
      '\\',
      '%',
      'k',
      '?',
      '%5c',
      ';',
      ':',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const target = `/${pieces.join('')}`
        const path = pathOf(target)
        if (path === 'http.bad_path') return
        expect(pathOf(path)).toBe(path)
        expect(new URL(path, 'http://host').pathname).toBe(path)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('splitPrefixes', () => {
  test.each([
    ['/api/chat', { key: null, frontend: null, path: '/api/chat' }],
    ['/k/op_x_y/api/chat', { key: 'op_x_y', frontend: null, path: '/api/chat' }],
    ['/k/op_x_y', { key: 'op_x_y', frontend: null, path: '/' }],
    ['/k/op_x_y/', { key: 'op_x_y', frontend: null, path: '/' }],
    ['/f/team%20a/v1/models', { key: null, frontend: 'team a', path: '/v1/models' }],
    ['/f/a/k/b/api/tags', { key: 'b', frontend: 'a', path: '/api/tags' }],
    ['/k/b/f/a/api/tags', { key: 'b', frontend: 'a', path: '/api/tags' }],
    ['/k/a/k/b/api/tags', { key: 'a', frontend: null, path: '/k/b/api/tags' }],
    ['/k', { key: null, frontend: null, path: '/k' }],
    ['/kk/x', { key: null, frontend: null, path: '/kk/x' }],
  ])('%s', (path, expected) => {
    expect(splitPrefixes(path)).toEqual(expected)
  })

  test('a key that is not UTF-8 is a bad path', () => {
    expect(() => splitPrefixes('/k/%C3/api/chat')).toThrow('cannot be read')
  })
})

import { describe, expect, test } from 'vitest'
import { findHeader, forwardRequestHeaders, forwardResponseHeaders } from './forward-headers'

function request(rawHeaders: string[], added: string[] = [], bodyReplaced = true): string[] {
  return forwardRequestHeaders({ rawHeaders, added, bodyReplaced, dropped: 'x-corral-label' })
}

describe('toward a backend', () => {
  test('nothing of the connection, of identity or of a browser passes', () => {
    const here = [
      'Host Connection Keep-Alive Proxy-Connection Proxy-Authorization TE Trailer Upgrade',
      'Transfer-Encoding Expect Authorization X-API-Key Cookie Origin Referer Accept-Encoding',
      'X-Forwarded-For X-Forwarded-Proto X-Forwarded-Host X-Request-Id X-Corral-Label',
      'X-Corral-Backend X-Provider HTTP2-Settings',
    ]
    const headers = here.flatMap((line) => line.split(' ')).flatMap((name) => [name, 'x'])
    expect(request(headers)).toEqual([])
    expect(request(headers.map((each) => each.toLowerCase()))).toEqual([])
  })

  test('headers named in Connection stay here', () => {
    const headers = ['Connection', 'close, X-Secret', 'x-secret', 'a', 'X-Other', 'b']
    expect(request(headers)).toEqual(['X-Other', 'b'])
  })

  test('the rest passes, in its order and spelling, repeated where it was', () => {
    const headers = ['User-Agent', 'ollama/0.32', 'ACCEPT', '*/*', 'X-A', '1', 'X-A', '2']
    expect(request(headers)).toEqual(headers)
  })

  test('what we add replaces what the client sent', () => {
    expect(request(['x-corral-via', 'forged'], ['X-Corral-Via', 'node'])).toEqual([
      'X-Corral-Via',
      'node',
    ])
  })

  test('length and coding go with the body they describe', () => {
    const headers = ['Content-Length', '5', 'Content-Encoding', 'zstd', 'Content-Type', 'a/b']
    expect(request(headers)).toEqual(['Content-Type', 'a/b'])
    expect(request(headers, [], false)).toEqual(headers)
  })
})

describe('toward a client', () => {
  test('the connection, the server and what only the gateway may say stay behind', () => {
    const headers = [
      ['Server', 'x'],
      ['X-Powered-By', 'x'],
      ['Connection', 'keep-alive, X-Hop'],
      ['X-Hop', 'x'],
      ['Transfer-Encoding', 'chunked'],
      ['Access-Control-Allow-Origin', '*'],
      ['Set-Cookie', 'a=b'],
      ['X-Corral-Backend', 'forged'],
      ['Content-Type', 'application/json; charset=utf-8'],
      ['Content-Length', '7'],
      ['Cache-Control', 'no-cache'],
    ].flat()
    const forward = (lengthMayChange: boolean) =>
      forwardResponseHeaders({ rawHeaders: headers, lengthMayChange })
    expect(forward(false)).toEqual(headers.slice(-6))
    expect(forward(true)).toEqual([...headers.slice(-6, -4), ...headers.slice(-2)])
  })

  test('a header is found by its name in any case', () => {
    expect(findHeader(['Content-Type', 'a', 'X', 'b'], 'content-type')).toBe('a')
    expect(findHeader(['Content-Type', 'a'], 'content-length')).toBe(null)
  })
})

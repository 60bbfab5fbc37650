import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { listPrecompressed, takePrecompressed } from './precompressed'

const ready = new Set(['/_next/static/chunks/a.js'])

describe('takePrecompressed', () => {
  test('a browser that takes brotli is sent the file that the build compressed', () => {
    for (const encodings of ['gzip, deflate, br, zstd', 'br', 'br;q=0.5,gzip']) {
      expect(ask('/_next/static/chunks/a.js?dpl=1', encodings)).toEqual({
        url: '/_next/static/chunks/a.js.br',
        encoding: 'br',
        type: 'application/javascript; charset=UTF-8',
      })
    }
  })

  test('who does not, or asks for another file, is sent what was asked for', () => {
    for (const [url, encodings] of [
      ['/_next/static/chunks/a.js', 'gzip, deflate'],
      ['/_next/static/chunks/a.js', 'gzip, br;q=0'],
      ['/_next/static/chunks/a.js', undefined],
      ['/_next/static/chunks/gone.js', 'br'],
      ['/console', 'br'],
    ] as const) {
      expect(ask(url, encodings)).toEqual({ url, encoding: undefined, type: undefined })
    }
  })
})

describe('listPrecompressed', () => {
  test('what has no compressed file beside it is not listed', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'corral-static-'))
    expect(listPrecompressed(path.join(folder, 'none')).size).toBe(0)
    mkdirSync(path.join(folder, 'chunks'))
    for (const file of ['a.js', 'a.js.br', 'b.js']) {
      writeFileSync(path.join(folder, 'chunks', file), '')
    }
    expect(listPrecompressed(folder)).toEqual(ready)
  })
})

function ask(url: string, encodings: string | undefined) {
  const incoming = new IncomingMessage(new Socket())
  incoming.url = url
  if (encodings !== undefined) incoming.headers['accept-encoding'] = encodings
  const outgoing = new ServerResponse(incoming)
  takePrecompressed(ready, incoming, outgoing)
  return {
    url: incoming.url,
    encoding: outgoing.getHeader('content-encoding'),
    type: outgoing.getHeader('content-type'),
  }
}

import { brotliCompressSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCorralError } from '@/lib/core/errors'
import { inflateByFzstd, inflateZstd } from './inflate-zstd'
import { readBody } from './read-body'

async function* chunks(bytes: Uint8Array, size = 1000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

function read(
  bytes: Uint8Array,
  options: { encoding?: string; length?: string; limit?: number } = {},
): Promise<Uint8Array> {
  return readBody({
    body: chunks(bytes),
    contentEncoding: options.encoding ?? null,
    contentLength: options.length ?? null,
    limitBytes: options.limit ?? 1_000_000,
  })
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    return isCorralError(error) ? `${error.status} ${error.code}` : String(error)
  }
}

const text = Buffer.from('{"model":"ž","prompt":"'.padEnd(5000, 'word '))

describe('readBody', () => {
  test('gives the very bytes, in whatever pieces they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
        expect(Buffer.from(await read(bytes)).equals(Buffer.from(bytes))).toBe(true)
      }),
      { numRuns: 50 },
    )
    expect(
      (await readBody({ body: null, contentEncoding: null, contentLength: null, limitBytes: 1 }))
        .length,
    ).toBe(0)
  })

  test('inflates gzip, br and zstd', async () => {
    expect(Buffer.from(await read(gzipSync(text), { encoding: 'gzip' })).equals(text)).toBe(true)
    expect(Buffer.from(await read(gzipSync(text), { encoding: ' X-GZIP ' })).equals(text)).toBe(
      true,
    )
    expect(Buffer.from(await read(brotliCompressSync(text), { encoding: 'br' })).equals(text)).toBe(
      true,
    )
    expect(Buffer.from(await read(storedZstd(text), { encoding: 'zstd' })).equals(text)).toBe(true)
    expect(Buffer.from(await read(text, { encoding: 'identity' })).equals(text)).toBe(true)
  })

  test('refuses other codings, and several', async () => {
    for (const encoding of ['deflate', 'gzip, gzip', 'gzip,br', 'compress', 'x']) {
      expect(await codeOf(read(text, { encoding }))).toBe('415 http.encoding_unsupported')
    }
  })

  test('refuses a body that is no text of its coding, or was cut', async () => {
    for (const encoding of ['gzip', 'br', 'zstd']) {
      expect(await codeOf(read(text, { encoding }))).toBe('400 http.encoding_broken')
    }
    const cut = (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 20)
    expect(await codeOf(read(cut(gzipSync(text)), { encoding: 'gzip' }))).toBe(
      '400 http.encoding_broken',
    )
    expect(await codeOf(read(cut(brotliCompressSync(text)), { encoding: 'br' }))).toBe(
      '400 http.encoding_broken',
    )
    expect(await codeOf(read(cut(storedZstd(text)), { encoding: 'zstd' }))).toBe(
      '400 http.encoding_broken',
    )
  })

  test('refuses what is too large by its length before it reads a byte', async () => {
    let asked = false
    async function* body(): AsyncIterable<Uint8Array> {
      asked = true
      yield text
    }
    const work = readBody({
      body: body(),
      contentEncoding: null,
      contentLength: '2000',
      limitBytes: 1999,
    })
    expect(await codeOf(work)).toBe('413 http.body_too_large')
    expect(asked).toBe(false)
  })

  test('stops reading a body that grows over the limit', async () => {
    let given = 0
    let closed = false
    async function* endless(): AsyncIterable<Uint8Array> {
      try {
        for (;;) {
          given++
          yield Buffer.alloc(1000)
        }
      } finally {
        closed = true
      }
    }
    const work = readBody({
      body: endless(),
      contentEncoding: null,
      contentLength: null,
      limitBytes: 5000,
    })
    expect(await codeOf(work)).toBe('413 http.body_too_large')
    expect([given, closed]).toEqual([6, true])
  })

  test('a body of exactly the limit is read', async () => {
    expect((await read(Buffer.alloc(5000), { limit: 5000 })).length).toBe(5000)
    expect(
      (await read(gzipSync(Buffer.alloc(5000)), { encoding: 'gzip', limit: 5000 })).length,
    ).toBe(5000)
  })

  test('a bomb stops at the limit, in every coding', async () => {
    const zeros = Buffer.alloc(50_000_000)
    const bombs: [string, Uint8Array][] = [
      ['gzip', gzipSync(zeros)],
      ['br', brotliCompressSync(zeros)],
      ['zstd', runLengthZstd(50_000_000)],
    ]
    for (const [encoding, bytes] of bombs) {
      expect(bytes.length).toBeLessThan(100_000)
      expect(await codeOf(read(bytes, { encoding, limit: 100_000 }))).toBe(
        '413 http.body_too_large',
      )
    }
  })

  test('a body that breaks off is incomplete', async () => {
    async function* broken(): AsyncIterable<Uint8Array> {
      yield text
      throw new Error('aborted')
    }
    const work = readBody({
      body: broken(),
      contentEncoding: null,
      contentLength: null,
      limitBytes: 1e6,
    })
    expect(await codeOf(work)).toBe('400 http.body_incomplete')
  })
})

describe('zstd', () => {
  test('what the real compressor writes is read, with and without a declared size', async () => {
    const expected = `{"model":"gemma3:270m","messages":[{"role":"user","content":"one two three one two three one two three four five six one two three four five six seven seven seven"}],"stream":false,"padding":"${'abc'.repeat(23)}"}`
    const streamed =
      'KLUv/QRYzQMAAogZHIC1zQHMR5hdK14uUo2EkhqCSabARIiwqdQZnAuLiwP6rJaBECZ8vgemc+JZWx/D4vXkG2CseWIkwxBN5meIZhSgmS/1ua23pYWP2Rfx+YcyK4XzXuHu08cZIAhugJlXPh9HmlYCBQC5TnopnP6Ug6a6X4KZZyV4O2Y='
    const declared =
      'KLUv/WQHAJUDAAJIGBeAqw5Ebp+qKB/4zTSORWIKLGCCyglal5EPY1ntYMLYWqy+ymrqty7nWhWR4Zvvk2x6k7QkmdjSL5GZojPTYbR6wk8YDyvLL2P1lSgNEeq9W7t/Vn7AEKiw3ruzWjmLz1AEALlOeimc9vP+JZh5BiV4O2Y='
    for (const base64 of [streamed, declared]) {
      const bytes = Buffer.from(base64, 'base64')
      expect(Buffer.from(await read(bytes, { encoding: 'zstd' })).toString()).toBe(expected)
      expect(Buffer.from(inflateByFzstd(bytes, 1000)).toString()).toBe(expected)
      expect(await codeOf(read(bytes, { encoding: 'zstd', limit: 200 }))).toBe(
        '413 http.body_too_large',
      )
    }
  })

  test('a window that no body needs is refused before it is allocated', async () => {
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00])
    expect(await codeOf(inflateZstd(header, 1_000_000))).toBe('413 http.body_too_large')
    const second = Buffer.concat([storedZstd(Buffer.from('a')), header])
    expect(await codeOf(inflateZstd(second, 1_000_000))).toBe('413 http.body_too_large')
  })

  test('several frames and skippable ones are read, too many are refused', async () => {
    const frame = storedZstd(Buffer.from('ab'))
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9])
    const inflated = await inflateZstd(Buffer.concat([frame, skippable, frame]), 1000)
    expect(Buffer.from(inflated).toString()).toBe('abab')
    const many = Buffer.concat(Array.from({ length: 5000 }, () => frame))
    expect(['none', '413 http.body_too_large']).toContain(await codeOf(inflateZstd(many, 100_000)))
  })

  test('any bytes after the magic number end in bytes or in an error of the decoder', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const spoiled = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), bytes])
        const code = await codeOf(read(spoiled, { encoding: 'zstd', limit: 100_000 }))
        expect(code).toMatch(/^(none|413 http.body_too_large|400 http.encoding_broken)$/)
      }),
      { numRuns: 500 },
    )
  })

  test('the decoder for older versions of Node gives the same bytes', () => {
    expect(Buffer.from(inflateByFzstd(storedZstd(text), 1e6)).equals(text)).toBe(true)
  })
})

// A frame of one raw block (RFC 8878, 3.1.1.2): zstd that needs no compressor.
function storedZstd(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 1 + 4 + 3)
  head.writeUInt32LE(0xfd2fb528, 0)
  head.writeUInt8(0xa0, 4)
  head.writeUInt32LE(bytes.length, 5)
  head.writeUIntLE((bytes.length << 3) | 1, 9, 3)
  return Buffer.concat([head, bytes])
}

// A frame of run-length blocks of 128 KiB each, without a declared size.
function runLengthZstd(bytes: number): Buffer {
  const blocks = Math.ceil(bytes / 131_072)
  const out = Buffer.alloc(6 + blocks * 4)
  out.writeUInt32LE(0xfd2fb528, 0)
  out.writeUInt8(0x38, 5)
  for (let i = 0; i < blocks; i++) {
    const last = i === blocks - 1 ? 1 : 0
    out.writeUIntLE((131_072 << 3) | 2 | last, 6 + i * 4, 3)
  }
  return out
}

import * as zlib from 'node:zlib'
import { CorralError } from '@/lib/core/errors'
import { inflateZstd } from './inflate-zstd'

export type ContentEncoding = 'gzip' | 'br' | 'zstd'

/** One coding, or null for none; `http.encoding_unsupported` for any other, and for several. */
export function parseContentEncoding(value: string | null): ContentEncoding | null {
  const encoding = value?.trim().toLowerCase() ?? ''
  switch (encoding) {
    case '':
    case 'identity':
      return null
    case 'gzip':
    case 'x-gzip':
      return 'gzip'
    case 'br':
    case 'zstd':
      return encoding
    default:
      throw new CorralError('http.encoding_unsupported', {
        params: { encoding: encoding.slice(0, 60) },
      })
  }
}

/**
 * Inflates, and stops as soon as there is more than `limitBytes`: `http.body_too_large`. What is
 * no valid text of the coding is `http.encoding_broken`.
 */
export async function inflate(
  bytes: Uint8Array,
  options: { encoding: ContentEncoding; limitBytes: number },
): Promise<Uint8Array> {
  const { encoding, limitBytes } = options
  try {
    switch (encoding) {
      case 'gzip':
        return await inflateGzip(bytes, limitBytes)
      case 'br':
        return await inflateBrotli(bytes, limitBytes)
      case 'zstd':
        return await inflateZstd(bytes, limitBytes)
    }
  } catch (cause) {
    if (cause instanceof RangeError && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new CorralError('http.body_too_large', { params: { limit: limitBytes } })
    }
    if (cause instanceof CorralError) throw cause
    throw new CorralError('http.encoding_broken', { params: { encoding }, cause })
  }
}

function inflateGzip(bytes: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zlib.gunzip(bytes, { maxOutputLength }, (error, inflated) =>
      error ? reject(error) : resolve(inflated),
    )
  })
}

function inflateBrotli(bytes: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zlib.brotliDecompress(bytes, { maxOutputLength }, (error, inflated) =>
      error ? reject(error) : resolve(inflated),
    )
  })
}

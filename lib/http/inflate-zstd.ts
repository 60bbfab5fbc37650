import * as zlib from 'node:zlib'
import { Decompress } from 'fzstd'
import { CorralError } from '@/lib/core/errors'

/**
 * Inflates zstd (RFC 8878), by Node where it can (22.15 and later), else by fzstd. What a body may
 * cost is known from its frame headers before anything is allocated: a window of 8 MiB (what every
 * decoder must offer), or of `limitBytes` where the whole content is the window. Throws
 * `http.body_too_large` or the decoder's own error.
 */
export async function inflateZstd(bytes: Uint8Array, limitBytes: number): Promise<Uint8Array> {
  const cost = measureFrames(bytes)
  const windowMax = Math.max(windowBytesMax, limitBytes)
  if (cost.windowBytes > windowMax || cost.declaredBytes > limitBytes) throw tooLarge(limitBytes)
  const native = nativeZstd()
  if (native) return native(bytes, { maxOutputLength: limitBytes })
  if (cost.frames > framesMax || cost.windowBytes * cost.blocks > copiedBytesMax) {
    throw tooLarge(limitBytes)
  }
  return inflateByFzstd(bytes, limitBytes)
}

const windowBytesMax = 8 * 1024 * 1024
// fzstd recurses for each frame, and moves the whole window for each block.
const framesMax = 100
const copiedBytesMax = 4 * 1024 ** 3

function tooLarge(limit: number): CorralError {
  return new CorralError('http.body_too_large', { params: { limit } })
}

type NativeZstd = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>
type Callback = (error: Error | null, inflated: Uint8Array) => void

// Node's types of the oldest supported version do not know zstdDecompress.
function nativeZstd(): NativeZstd | null {
  const decompress: unknown = Reflect.get(zlib, 'zstdDecompress')
  if (typeof decompress !== 'function') return null
  return (bytes, options) =>
    new Promise((resolve, reject) => {
      const done: Callback = (error, inflated) => (error ? reject(error) : resolve(inflated))
      decompress(bytes, options, done)
    })
}

/** The way for versions of Node without zstd: bounded as it goes. */
export function inflateByFzstd(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const chunks: Uint8Array[] = []
  let size = 0
  const decompress = new Decompress((chunk) => {
    size += chunk.byteLength
    if (size > limitBytes) throw tooLarge(limitBytes)
    chunks.push(chunk)
  })
  decompress.push(bytes, true)
  return Buffer.concat(chunks, size)
}

type FramesCost = { frames: number; blocks: number; windowBytes: number; declaredBytes: number }

// Walks frames and blocks by their headers; what is no zstd ends the walk, for the decoder to say.
function measureFrames(bytes: Uint8Array): FramesCost {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const cost: FramesCost = { frames: 0, blocks: 0, windowBytes: 0, declaredBytes: 0 }
  let at = 0
  while (at + 6 <= bytes.byteLength) {
    const magic = view.getUint32(at, true)
    if ((magic & 0xfffffff0) >>> 0 === 0x184d2a50) {
      if (at + 8 > bytes.byteLength) return cost
      at += 8 + view.getUint32(at + 4, true)
      cost.frames++
      continue
    }
    if (magic !== 0xfd2fb528) return cost
    const header = readFrameHeader(view, at)
    if (!header) return cost
    cost.frames++
    cost.windowBytes = Math.max(cost.windowBytes, header.windowBytes)
    cost.declaredBytes += header.contentBytes
    const blocks = measureBlocks(view, header.end)
    cost.blocks += blocks.count
    at = blocks.end + (header.hasChecksum ? 4 : 0)
  }
  return cost
}

type FrameHeader = {
  end: number
  windowBytes: number
  contentBytes: number
  hasChecksum: boolean
}

function readFrameHeader(view: DataView, start: number): FrameHeader | null {
  const descriptor = view.getUint8(start + 4)
  const singleSegment = (descriptor & 0x20) !== 0
  const sizeFlag = descriptor >> 6
  const sizeBytes = sizeFlag > 0 ? 1 << sizeFlag : singleSegment ? 1 : 0
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0
  const sizeAt = start + 5 + (singleSegment ? 0 : 1) + dictionaryBytes
  const end = sizeAt + sizeBytes
  if (end > view.byteLength) return null
  const contentBytes = readContentSize(view, sizeAt, sizeBytes)
  return {
    end,
    contentBytes,
    windowBytes: singleSegment ? contentBytes : readWindow(view.getUint8(start + 5)),
    hasChecksum: (descriptor & 4) !== 0,
  }
}

function readContentSize(view: DataView, at: number, bytes: number): number {
  switch (bytes) {
    case 1:
      return view.getUint8(at)
    case 2:
      return view.getUint16(at, true) + 256
    case 4:
      return view.getUint32(at, true)
    case 8:
      return Number(view.getBigUint64(at, true))
    default:
      return 0
  }
}

function readWindow(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

function measureBlocks(view: DataView, from: number): { count: number; end: number } {
  let at = from
  for (let count = 0; ; ) {
    if (at + 3 > view.byteLength) return { count, end: view.byteLength }
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
    const runLength = ((header >> 1) & 3) === 1
    at += 3 + (runLength ? 1 : header >> 3)
    count++
    if ((header & 1) !== 0) return { count, end: at }
  }
}

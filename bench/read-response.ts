/** Reads one HTTP/1.1 answer after another from the bytes of a connection, and little else. */
export type ResponseReader = {
  /** True when the answer is whole. Lines of the body (a flush of the backend each) are counted. */
  push(bytes: Buffer): boolean
  readonly status: number
  /** Lines seen in the last push. */
  readonly lines: number
  /** Where the last of them begins in its bytes; below 0 where it began in an earlier push. */
  readonly lineStart: number
}

type Framing = 'head' | 'length' | 'chunk-size' | 'chunk' | 'trailer'

const lineFeed = 0x0a
const headEnd = Buffer.from('\r\n\r\n')

export function createResponseReader(): ResponseReader {
  let framing: Framing = 'head'
  let held: Buffer | null = null
  let left = 0
  let sizeText = ''
  let status = 0
  let lines = 0
  let lineStart = -1
  let begun = false

  function readHead(bytes: Buffer): number {
    const all = held ? Buffer.concat([held, bytes]) : bytes
    const end = all.indexOf(headEnd)
    if (end < 0) {
      held = all
      return bytes.length
    }
    const head = all.toString('latin1', 0, end + 2).toLowerCase()
    status = Number(head.slice(9, 12))
    const length = /\r\ncontent-length: *(\d+)/.exec(head)
    framing = length ? 'length' : 'chunk-size'
    left = Number(length?.[1] ?? 0)
    const heldBytes = held?.length ?? 0
    held = null
    return end + headEnd.length - heldBytes
  }

  function readBody(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + left)
    let start = begun ? -1 : at
    for (
      let i = bytes.indexOf(lineFeed, at);
      i >= 0 && i < end;
      i = bytes.indexOf(lineFeed, i + 1)
    ) {
      lines++
      lineStart = start
      start = i + 1
    }
    begun = start < end
    left -= end - at
    return end
  }

  function readSize(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(lineFeed, at)
    sizeText += bytes.toString('latin1', at, end < 0 ? bytes.length : end)
    if (end < 0) return bytes.length
    // The CRLF behind the chunk before stands in front of this size.
    if (sizeText.trim() !== '') {
      left = Number.parseInt(sizeText, 16)
      framing = left === 0 ? 'trailer' : 'chunk'
    }
    sizeText = ''
    return end + 1
  }

  function isWhole(): boolean {
    return framing === 'length' && left === 0
  }

  return {
    push(bytes) {
      lines = 0
      let at = 0
      while (at < bytes.length) {
        if (framing === 'head') {
          at = readHead(bytes)
          if (isWhole()) return finish()
        } else if (framing === 'chunk-size') at = readSize(bytes, at)
        else if (framing === 'trailer') {
          const end = bytes.indexOf(lineFeed, at)
          if (end < 0) return false
          return finish()
        } else {
          at = readBody(bytes, at)
          if (isWhole()) return finish()
          if (left === 0) framing = 'chunk-size'
        }
      }
      return false
    },
    get status() {
      return status
    },
    get lines() {
      return lines
    },
    get lineStart() {
      return lineStart
    },
  }

  function finish(): boolean {
    framing = 'head'
    return true
  }
}

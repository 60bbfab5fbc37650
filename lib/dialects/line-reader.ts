import { asBuffer } from './json-tokens'

/**
 * A line without its ending is `text` from `start` to `end`; `next` is where the following one
 * begins in the chunk, whatever `text` is.
 */
export type VisitLine = (text: Buffer, start: number, end: number, next: number) => void

/** A longer line is passed over: Go's client gives up at 8 MiB, too. */
const lineBytesMax = 8 * 1024 * 1024
const newline = 0x0a

/** Finds lines in a stream of chunks, whole in the chunk or put together; nothing is copied twice. */
export class LineReader {
  /** A line has begun and not ended; so it stays once its rest was taken. */
  midLine = false
  private tail: Buffer[] = []
  private tailBytes = 0
  private tooLong = false

  /** Calls back for each line that ended. */
  push(chunk: Uint8Array, visit: VisitLine): void {
    if (chunk.length > 0) this.midLine = chunk[chunk.length - 1] !== newline
    const text = asBuffer(chunk)
    let from = 0
    if (this.tailBytes > 0) {
      const end = text.indexOf(newline)
      if (end < 0) {
        this.keepTail(text, 0)
        return
      }
      if (!this.tooLong) this.tail.push(text.subarray(0, end))
      const line = this.takeTail()
      if (!this.tooLong) visit(line, 0, withoutReturn(line, line.length), end + 1)
      this.tooLong = false
      from = end + 1
    }
    while (from < text.length) {
      const end = text.indexOf(newline, from)
      if (end < 0) break
      visit(text, from, withoutReturn(text, end), end + 1)
      from = end + 1
    }
    this.keepTail(text, from)
  }

  /** The line that has begun, if any, for the end of the stream. */
  takeRest(): Buffer | null {
    return this.tailBytes > 0 && !this.tooLong ? this.takeTail() : null
  }

  private keepTail(text: Buffer, from: number): void {
    const bytes = text.length - from
    if (bytes === 0) return
    this.tailBytes += bytes
    if (this.tailBytes > lineBytesMax) {
      this.tooLong = true
      this.tail = []
    } else {
      // A copy: the chunk may be a slice of something large, and is not ours to keep.
      this.tail.push(Buffer.from(text.subarray(from)))
    }
  }

  private takeTail(): Buffer {
    const whole = Buffer.concat(this.tail)
    this.tail = []
    this.tailBytes = 0
    return whole
  }
}

function withoutReturn(text: Buffer, end: number): number {
  return text[end - 1] === 0x0d ? end - 1 : end
}

export type LineSpan = { text: Buffer; start: number; end: number }

/** Whether the bytes before `end`, but not before `start`, are these. */
export function endsWith(span: LineSpan, suffix: Buffer): boolean {
  const from = span.end - suffix.length
  return from >= span.start && matchesAt(span.text, from, suffix)
}

/** Whether the bytes from `start` on are these. */
export function startsWith(span: LineSpan, prefix: Buffer): boolean {
  return span.start + prefix.length <= span.end && matchesAt(span.text, span.start, prefix)
}

/** Whether these bytes stand anywhere in the line. */
export function includes(span: LineSpan, wanted: Buffer): boolean {
  const at = span.text.indexOf(wanted, span.start)
  return at >= 0 && at + wanted.length <= span.end
}

function matchesAt(text: Buffer, at: number, wanted: Buffer): boolean {
  for (let i = wanted.length - 1; i >= 0; i--) {
    if (text[at + i] !== wanted[i]) return false
  }
  return true
}

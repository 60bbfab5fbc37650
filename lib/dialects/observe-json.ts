import { asBuffer } from './json-tokens'
import { makeObservation, newCounts, parseRecord, readAnswer } from './observation'
import type { Observation, Observer, ObserverInput } from './observe'
import type { OperationName } from './operations'

/**
 * Reads an answer that is one JSON value, or none. What counts tokens stands in the outermost
 * object, at its end where the object is large: at most 256 KiB are kept, or the last 64 KiB.
 */
export function createJsonObserver(input: ObserverInput): Observer {
  return new JsonObserver(input)
}

/** A class: every small answer makes one, and an object of closures takes as long as its parsing. */
class JsonObserver implements Observer {
  private readonly counts = newCounts()
  private readonly needsJson: boolean
  /** An answer that came in one piece, as nearly all small ones do: nothing needs to be kept. */
  private whole: Record<string, unknown> | null = null
  private body: BodyKeeper | null = null

  constructor(private readonly input: ObserverInput) {
    this.needsJson = answersJson(input.operation.name) && input.status < 300
  }

  push(chunk: Uint8Array): Uint8Array {
    if (this.whole !== null) return chunk
    if (this.body === null) this.whole = parseInOnePiece(chunk)
    if (this.whole !== null) return chunk
    this.body ??= createBodyKeeper()
    this.body.push(chunk)
    return chunk
  }

  get terminal(): boolean {
    return this.needsJson && this.isWhole()
  }

  get tokenSeen(): boolean {
    return this.whole !== null || (this.body?.bytes() ?? 0) > 0
  }

  get midEvent(): boolean {
    return this.body !== null && this.body.bytes() > 0 && !this.body.isWhole()
  }

  end(endedCleanly: boolean): { rest: Uint8Array; observation: Observation } {
    const answer = this.whole ?? parseRecord(this.body?.text() ?? '')
    if (answer) readAnswer(this.counts, answer)
    const ending = this.endingOf(endedCleanly)
    return { rest: nothing, observation: makeObservation(this.input, this.counts, ending) }
  }

  private isWhole(): boolean {
    return this.whole !== null || this.body?.isWhole() === true
  }

  private endingOf(endedCleanly: boolean): Observation['ending'] {
    if (this.input.status >= 400 || this.counts.errorText !== null) return 'upstream-error'
    if (this.isWhole()) return 'complete'
    return endedCleanly && !this.needsJson ? 'complete' : 'broken'
  }
}

const nothing = new Uint8Array(0)
const onePieceBytesMax = 16 * 1024

function parseInOnePiece(chunk: Uint8Array): Record<string, unknown> | null {
  const size = chunk.length
  if (size < 2 || size > onePieceBytesMax) return null
  const last = chunk[size - 1] === 0x0a ? chunk[size - 2] : chunk[size - 1]
  if (last !== 0x7d) return null
  return parseRecord(asBuffer(chunk).toString())
}

function answersJson(name: OperationName): boolean {
  switch (name) {
    case 'copy':
    case 'delete':
    case 'blob_check':
    case 'blob_upload':
    case 'me':
    case 'signout':
    case 'user_key_delete':
    case 'web_search':
    case 'web_fetch':
    case 'openai_transcriptions':
    case 'extra':
      return false
    default:
      return true
  }
}

type BodyKeeper = {
  push(chunk: Uint8Array): void
  bytes(): number
  /** The closing brace of the outermost object was there. */
  isWhole(): boolean
  /** The object, or one of those of its last members that were kept. */
  text(): string
}

const wholeBytesMax = 256 * 1024
const tailBytesMin = 64 * 1024
const membersMax = 64

function createBodyKeeper(): BodyKeeper {
  const kept: Buffer[] = []
  let keptBytes = 0
  let total = 0
  let dropped = 0
  const outline = createOutline()

  return {
    push(chunk) {
      outline.push(chunk, total)
      total += chunk.byteLength
      kept.push(Buffer.from(chunk))
      keptBytes += chunk.byteLength
      if (keptBytes <= wholeBytesMax && dropped === 0) return
      let first = kept[0]
      while (first && keptBytes - first.length >= tailBytesMin) {
        kept.shift()
        keptBytes -= first.length
        dropped += first.length
        first = kept[0]
      }
    },
    bytes: () => total,
    isWhole: () => outline.closedAt !== null,
    text() {
      const text = Buffer.concat(kept)
      if (dropped === 0) return text.toString()
      const { closedAt } = outline
      const start = outline.memberStarts.find((at) => at >= dropped)
      if (closedAt === null || start === undefined) return ''
      return `{${text.toString('utf8', start - dropped, closedAt + 1 - dropped)}`
    },
  }
}

type Outline = {
  push(chunk: Uint8Array, offset: number): void
  /** Where the last members of the outermost object begin, and where it ends. */
  readonly memberStarts: number[]
  readonly closedAt: number | null
}

// Follows strings and brackets only: whether the text is JSON, the parser says.
function createOutline(): Outline {
  const memberStarts: number[] = []
  let closedAt: number | null = null
  let depth = 0
  let inString = false
  let escaped = false

  function addMember(at: number): void {
    memberStarts.push(at)
    if (memberStarts.length > membersMax) memberStarts.shift()
  }

  return {
    memberStarts,
    get closedAt() {
      return closedAt
    },
    push(chunk, offset) {
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at]
        if (inString) {
          if (escaped) escaped = false
          else if (byte === 0x5c) escaped = true
          else if (byte === 0x22) inString = false
        } else if (byte === 0x22) {
          inString = true
        } else if (byte === 0x7b || byte === 0x5b) {
          depth++
          if (depth === 1) addMember(offset + at + 1)
        } else if (byte === 0x7d || byte === 0x5d) {
          depth--
          if (depth === 0 && closedAt === null) closedAt = offset + at
        } else if (byte === 0x2c && depth === 1) {
          addMember(offset + at + 1)
        }
      }
    },
  }
}

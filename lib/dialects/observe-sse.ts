import { LineReader, type LineSpan, startsWith } from './line-reader'
import { type Counts, makeObservation, newCounts } from './observation'
import type { Observation, Observer, ObserverInput } from './observe'

/** Reads the lines of one dialect's events into the counts. */
export type EventReader = {
  /** The line `event: …`, where a dialect needs it; only its bytes, nothing decoded. */
  event?(line: LineSpan): void
  /** A line of data. `drop` takes its event out, `end` is the last one. */
  data(data: LineSpan, counts: Counts): 'pass' | 'drop' | 'end'
}

/**
 * Reads an event stream line by line. Bytes pass untouched, but where an event may have to be
 * taken out: then an event goes on when it is whole (a client can see it no sooner).
 */
export function createSseObserver(input: ObserverInput, reader: EventReader): Observer {
  return new SseObserver(input, reader)
}

class SseObserver implements Observer {
  terminal = false
  private readonly lines = new LineReader()
  private readonly counts = newCounts()
  private drop = false
  private held: Buffer[] = []
  private heldBytes = 0
  /** Some of the event that is being read was passed on, and cannot be taken back. */
  private partlyPassed = false

  constructor(
    private readonly input: ObserverInput,
    private readonly reader: EventReader,
  ) {}

  push(chunk: Uint8Array): Uint8Array {
    const out: Uint8Array[] = []
    let eventStart = 0
    let passFrom = 0
    this.lines.push(chunk, (text, start, end, next) => {
      if (end > start) {
        this.readLine({ text, start, end })
        return
      }
      if (this.drop) {
        if (eventStart > passFrom) out.push(chunk.subarray(passFrom, eventStart))
        passFrom = next
        this.forgetHeld()
      } else {
        this.releaseHeld(out)
      }
      this.drop = false
      this.partlyPassed = false
      eventStart = next
    })
    const unfinished = chunk.length - eventStart
    const holds =
      this.input.takeUsageOut && !this.partlyPassed && this.heldBytes + unfinished <= heldBytesMax
    if (unfinished > 0 && !holds) {
      this.releaseHeld(out)
      this.partlyPassed = true
    }
    const passTo = unfinished > 0 && holds ? eventStart : chunk.length
    if (out.length === 0 && passFrom === 0 && passTo === chunk.length) return chunk
    if (passTo > passFrom) out.push(chunk.subarray(passFrom, passTo))
    if (passTo < chunk.length) this.holdBack(chunk.subarray(passTo))
    return joined(out)
  }

  get tokenSeen(): boolean {
    return this.counts.textChunks > 0
  }

  get midEvent(): boolean {
    return this.partlyPassed
  }

  end(endedCleanly: boolean): { rest: Uint8Array; observation: Observation } {
    const rest: Uint8Array[] = []
    if (endedCleanly) {
      const line = this.lines.takeRest()
      if (line) this.readLine({ text: line, start: 0, end: line.length })
      if (this.terminal && !this.drop) this.releaseHeld(rest)
    }
    const failed = this.counts.errorText !== null
    const ending = failed ? 'upstream-error' : this.terminal ? 'complete' : 'broken'
    return { rest: joined(rest), observation: makeObservation(this.input, this.counts, ending) }
  }

  private readLine(line: LineSpan): void {
    if (startsWith(line, dataField)) {
      const start = line.start + dataField.length
      const padded = line.text[start] === space
      const data = { text: line.text, start: padded ? start + 1 : start, end: line.end }
      const verdict = this.reader.data(data, this.counts)
      if (verdict === 'drop' && !this.partlyPassed) this.drop = true
      if (verdict === 'end') this.terminal = true
    } else if (this.reader.event && startsWith(line, eventField)) {
      this.reader.event(line)
    }
  }

  private holdBack(bytes: Uint8Array): void {
    this.held.push(Buffer.from(bytes))
    this.heldBytes += bytes.length
  }

  private releaseHeld(into: Uint8Array[]): void {
    for (const bytes of this.held) into.push(bytes)
    this.forgetHeld()
  }

  private forgetHeld(): void {
    this.held = []
    this.heldBytes = 0
  }
}

const heldBytesMax = 8 * 1024 * 1024
const space = 0x20
const dataField = Buffer.from('data:')
const eventField = Buffer.from('event:')
const nothing = new Uint8Array(0)

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length <= 1) return parts[0] ?? nothing
  return Buffer.concat(parts)
}

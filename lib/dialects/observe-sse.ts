import { createLineReader, type LineSpan, startsWith } from './line-reader'
import { type Counts, makeObservation, newCounts } from './observation'
import type { Observer, ObserverInput } from './observe'

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
  const lines = createLineReader()
  const counts = newCounts()
  const holdsBack = input.takeUsageOut
  let ended = false
  let drop = false
  let held: Buffer[] = []
  let heldBytes = 0
  /** Some of the event that is being read was passed on, and cannot be taken back. */
  let partlyPassed = false

  function readLine(line: LineSpan): void {
    if (startsWith(line, dataField)) {
      const start = line.start + dataField.length
      const padded = line.text[start] === space
      const verdict = reader.data({ ...line, start: padded ? start + 1 : start }, counts)
      if (verdict === 'drop' && !partlyPassed) drop = true
      if (verdict === 'end') ended = true
    } else if (reader.event && startsWith(line, eventField)) {
      reader.event(line)
    }
  }

  function holdBack(bytes: Uint8Array): void {
    held.push(Buffer.from(bytes))
    heldBytes += bytes.length
  }

  function releaseHeld(into: Uint8Array[]): void {
    for (const bytes of held) into.push(bytes)
    held = []
    heldBytes = 0
  }

  return {
    push(chunk) {
      const out: Uint8Array[] = []
      let eventStart = 0
      let passFrom = 0
      lines.push(chunk, (text, start, end, next) => {
        if (end > start) {
          readLine({ text, start, end })
          return
        }
        if (drop) {
          if (eventStart > passFrom) out.push(chunk.subarray(passFrom, eventStart))
          passFrom = next
          held = []
          heldBytes = 0
        } else {
          releaseHeld(out)
        }
        drop = false
        partlyPassed = false
        eventStart = next
      })
      const unfinished = chunk.length - eventStart
      const holds = holdsBack && !partlyPassed && heldBytes + unfinished <= heldBytesMax
      if (unfinished > 0 && !holds) {
        releaseHeld(out)
        partlyPassed = true
      }
      const passTo = unfinished > 0 && holds ? eventStart : chunk.length
      if (out.length === 0 && passFrom === 0 && passTo === chunk.length) return chunk
      if (passTo > passFrom) out.push(chunk.subarray(passFrom, passTo))
      if (passTo < chunk.length) holdBack(chunk.subarray(passTo))
      return joined(out)
    },
    get terminal() {
      return ended
    },
    get tokenSeen() {
      return counts.textChunks > 0
    },
    get midEvent() {
      return partlyPassed
    },
    end(endedCleanly) {
      const rest: Uint8Array[] = []
      if (endedCleanly) {
        const line = lines.takeRest()
        if (line) readLine({ text: line, start: 0, end: line.length })
        if (ended && !drop) releaseHeld(rest)
      }
      const failed = counts.errorText !== null
      const ending = failed ? 'upstream-error' : ended ? 'complete' : 'broken'
      return { rest: joined(rest), observation: makeObservation(input, counts, ending) }
    },
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

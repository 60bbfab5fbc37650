import { createLineReader, endsWith, startsWith } from './line-reader'
import { makeObservation, newCounts, parseRecord, readAnswer, readErrorText } from './observation'
import type { Observer, ObserverInput } from './observe'

/**
 * Reads NDJSON: generation up to the line with `done:true`, progress up to `status:"success"`,
 * either up to a line with an error. Only lines that may be one of these are parsed; bytes pass
 * untouched.
 */
export function createNdjsonObserver(input: ObserverInput): Observer {
  const lines = createLineReader()
  const counts = newCounts()
  const generates = input.operation.name === 'chat' || input.operation.name === 'generate'
  let ended = false

  function visit(text: Buffer, start: number, end: number): void {
    const span = { text, start, end }
    if (generates && endsWith(span, notDone)) {
      if (!endsWith(span, emptyChat) && !endsWith(span, emptyGenerate)) counts.textChunks++
      return
    }
    if (!generates && startsWith(span, pulling)) return
    if (end <= start) return
    const line = parseRecord(text.toString('utf8', start, end))
    if (!line) return
    if (generates && line.done === false) {
      counts.textChunks++
      return
    }
    const isEnd = generates ? line.done === true : line.status === 'success'
    if (!isEnd && readErrorText(line.error) === null) return
    readAnswer(counts, line)
    ended = true
  }

  return {
    push(chunk) {
      lines.push(chunk, visit)
      return chunk
    },
    get terminal() {
      return ended
    },
    get tokenSeen() {
      return counts.textChunks > 0
    },
    get midEvent() {
      return lines.midLine
    },
    end(endedCleanly) {
      const rest = endedCleanly ? lines.takeRest() : null
      if (rest) visit(rest, 0, rest.length)
      const failed = counts.errorText !== null
      const ending = failed ? 'upstream-error' : ended ? 'complete' : 'broken'
      return { rest: nothing, observation: makeObservation(input, counts, ending) }
    },
  }
}

const nothing = new Uint8Array(0)

// At the end of a whole line these can only be the last members of its outermost object: inside a
// string the quotes would be escaped, inside an inner object more braces would follow.
const notDone = Buffer.from('"done":false}')
const emptyChat = Buffer.from('"content":""},"done":false}')
const emptyGenerate = Buffer.from('"response":"","done":false}')
const pulling = Buffer.from('{"status":"pulling ')

import { endsWith, LineReader, startsWith } from './line-reader'
import { makeObservation, newCounts, parseRecord, readAnswer, readErrorText } from './observation'
import type { Observation, Observer, ObserverInput } from './observe'

/**
 * Reads NDJSON: generation up to the line with `done:true`, progress up to `status:"success"`,
 * either up to a line with an error. Only lines that may be one of these are parsed; bytes pass
 * untouched.
 */
export function createNdjsonObserver(input: ObserverInput): Observer {
  return new NdjsonObserver(input)
}

/** A class, as the others: V8 looks for the members of a literal with accessors by their names. */
class NdjsonObserver implements Observer {
  terminal = false
  private readonly lines = new LineReader()
  private readonly counts = newCounts()
  private readonly generates: boolean
  private readonly visitLine = (text: Buffer, start: number, end: number) =>
    this.visit(text, start, end)

  constructor(private readonly input: ObserverInput) {
    this.generates = input.operation.name === 'chat' || input.operation.name === 'generate'
  }

  push(chunk: Uint8Array): Uint8Array {
    this.lines.push(chunk, this.visitLine)
    return chunk
  }

  get tokenSeen(): boolean {
    return this.counts.textChunks > 0
  }

  get midEvent(): boolean {
    return this.lines.midLine
  }

  end(endedCleanly: boolean): { rest: Uint8Array; observation: Observation } {
    const rest = endedCleanly ? this.lines.takeRest() : null
    if (rest) this.visit(rest, 0, rest.length)
    const failed = this.counts.errorText !== null
    const ending = failed ? 'upstream-error' : this.terminal ? 'complete' : 'broken'
    return { rest: nothing, observation: makeObservation(this.input, this.counts, ending) }
  }

  private visit(text: Buffer, start: number, end: number): void {
    const { counts, generates } = this
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
    this.terminal = true
  }
}

const nothing = new Uint8Array(0)

// At the end of a whole line these can only be the last members of its outermost object: inside a
// string the quotes would be escaped, inside an inner object more braces would follow.
const notDone = Buffer.from('"done":false}')
const emptyChat = Buffer.from('"content":""},"done":false}')
const emptyGenerate = Buffer.from('"response":"","done":false}')
const pulling = Buffer.from('{"status":"pulling ')

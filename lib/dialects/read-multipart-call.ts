import { isUtf8 } from 'node:buffer'
import { CorralError } from '@/lib/core/errors'
import { type Call, emptyCall } from './read-call'
import { noEdits } from './rewrite-body'

/**
 * Reads the call in a multipart body (RFC 7578): of its fields only `model`, which may stand after
 * the file. Stricter than Go's reader where the two could disagree about which part is the model:
 * exact CRLF framing, plain names, no transfer encoding, `model` once. Throws
 * `http.body_empty`, `http.body_field_wrong`, `http.body_key_twice`, `http.body_incomplete`,
 * `routing.model_missing`.
 */
export function readMultipartCall(contentType: string | null, body: Uint8Array): Call {
  if (body.byteLength === 0) throw new CorralError('http.body_empty')
  const boundary = readBoundary(contentType)
  if (boundary === null) throw wrongField('Content-Type', 'multipart/form-data with a boundary')
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const models = listParts(text, boundary).filter((part) => part.name === 'model')
  if (models.length > 1) throw new CorralError('http.body_key_twice', { params: { key: 'model' } })
  const [part] = models
  if (!part || part.start === part.end) throw new CorralError('routing.model_missing')
  const name = text.subarray(part.start, part.end)
  if (name.length > modelBytesMax || !isUtf8(name)) throw wrongField('model', 'the name of a model')
  return {
    ...emptyCall,
    model: name.toString(),
    edits: {
      ...noEdits,
      model: { start: part.start, end: part.end, type: 'string' },
      modelIsPlain: true,
    },
  }
}

const modelBytesMax = 1000
const partsMax = 1000
const headBytesMax = 8192

function wrongField(key: string, expected: string): CorralError {
  return new CorralError('http.body_field_wrong', { params: { key, expected } })
}

function unreadable(): CorralError {
  return wrongField('multipart', 'parts between boundaries, each named by a Content-Disposition')
}

function readBoundary(contentType: string | null): string | null {
  const [type = '', ...parameters] = (contentType ?? '').split(';')
  if (type.trim().toLowerCase() !== 'multipart/form-data') return null
  const found = parameters
    .map((parameter) => /^\s*boundary=(?:"([^"\\]+)"|([^\s"]+))\s*$/i.exec(parameter))
    .filter((match) => match !== null)
  if (found.length !== 1) return null
  const boundary = found[0]?.[1] ?? found[0]?.[2] ?? ''
  return boundaryForm.test(boundary) ? boundary : null
}

const boundaryForm = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/

type Part = { name: string | null; start: number; end: number }

function listParts(text: Buffer, boundary: string): Part[] {
  const first = `--${boundary}\r\n`
  if (text.toString('latin1', 0, first.length) !== first) throw unreadable()
  const delimiter = `\r\n--${boundary}`
  const parts: Part[] = []
  let at = first.length
  for (;;) {
    const headEnd = text.indexOf('\r\n\r\n', at - 2)
    if (headEnd < 0) throw new CorralError('http.body_incomplete')
    if (headEnd - at > headBytesMax) throw unreadable()
    const name = readPartName(text.toString('latin1', at, Math.max(at, headEnd)))
    const start = headEnd + 4
    const end = endOfPart(text, { delimiter, from: headEnd + 2 })
    parts.push({ name, start, end: Math.max(start, end) })
    if (parts.length > partsMax) throw unreadable()
    const after = end + delimiter.length
    if (text[after] === dash) return parts
    at = after + 2
  }
}

const dash = 0x2d
const carriageReturn = 0x0d
const newline = 0x0a

// The delimiter with CRLF or -- after it. What Go's reader might take for one too is refused.
function endOfPart(text: Buffer, search: { delimiter: string; from: number }): number {
  let { from } = search
  for (;;) {
    const at = text.indexOf(search.delimiter, from, 'latin1')
    if (at < 0) throw new CorralError('http.body_incomplete')
    const after = at + search.delimiter.length
    const [next, second] = [text[after], text[after + 1]]
    if (next === carriageReturn && second === newline) return at
    if (next === dash && second === dash) return at
    if (next === undefined) throw new CorralError('http.body_incomplete')
    if ([dash, carriageReturn, newline, 0x20, 0x09].includes(next)) throw unreadable()
    from = after
  }
}

function readPartName(head: string): string | null {
  let name: string | null = null
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon <= 0 || /^\s|[\r\n\0]/.test(line)) throw unreadable()
    const header = line.slice(0, colon).toLowerCase()
    if (header === 'content-transfer-encoding') throw unreadable()
    if (header !== 'content-disposition') continue
    if (name !== null) throw unreadable()
    name = readDispositionName(line.slice(colon + 1))
  }
  if (name === null) throw unreadable()
  return name
}

// Each piece has one way to match, so that no header is slow to refuse.
const disposition = /^form-data((?:\s*;\s*[\w-]+\*?=(?:"(?:[^"\\]|\\.)*"|[^\s";]+))*)$/i
const dispositionParameter = /;\s*([\w-]+\*?)=("(?:[^"\\]|\\.)*"|[^\s";]+)/g

// A part with a file name is a file, whatever it is called.
function readDispositionName(value: string): string {
  const parameters = disposition.exec(value.trim().replace(/;$/, ''))?.[1]
  if (parameters === undefined) throw unreadable()
  let name: string | null = null
  let isFile = false
  for (const [, key = '', raw = ''] of parameters.matchAll(dispositionParameter)) {
    const lower = key.toLowerCase()
    if (lower.startsWith('filename')) isFile = true
    if (!lower.startsWith('name')) continue
    if (lower !== 'name' || name !== null || raw.includes('\\')) throw unreadable()
    name = raw.startsWith('"') ? raw.slice(1, -1) : raw
  }
  if (name === null) throw unreadable()
  return isFile ? '' : name
}

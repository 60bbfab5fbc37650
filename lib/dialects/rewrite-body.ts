import { CorralError } from '@/lib/core/errors'
import { JsonKeys } from './json-keys'
import type { JsonObjectScan, JsonSpan } from './json-text'
import { forEachMember, isEmptyContainer, readScalar } from './json-text'
import type { Call } from './read-call'

/** Where a change may be spliced into the text of a body. */
export type BodyEdits = {
  /** The value that names the model; null when the body has none. */
  model: JsonSpan | null
  /** The value stands as plain text (multipart), not as JSON. */
  modelIsPlain: boolean
  streamOptions: (JsonSpan & { empty: boolean }) | null
  includeUsage: JsonSpan | null
  includesUsage: boolean
  /** The closing brace of the body, and whether a member stands before it. */
  close: number
  empty: boolean
}

/**
 * The body with another model, or with usage asked for at the end of a stream: spliced into the
 * text, every other byte as it was (key order is part of the prompt cache, large integers must
 * survive). The same object comes back when nothing changes.
 */
export function rewriteBody(
  body: Uint8Array,
  call: Call,
  change: { model?: string | null; includeUsage?: boolean },
): Uint8Array {
  const splices: Splice[] = []
  if (change.model != null && change.model !== call.model) {
    splices.push(spliceModel(call.edits, change.model))
  }
  if (change.includeUsage && !call.includeUsage) splices.push(spliceUsage(call.edits))
  return applySplices(body, splices)
}

type Splice = { start: number; end: number; text: string }

/** Replaces spans that do not overlap; several at one place keep their order. */
function applySplices(body: Uint8Array, splices: readonly Splice[]): Uint8Array {
  if (splices.length === 0) return body
  const parts: Uint8Array[] = []
  let from = 0
  for (const splice of [...splices].sort((a, b) => a.start - b.start)) {
    parts.push(body.subarray(from, splice.start), Buffer.from(splice.text))
    from = splice.end
  }
  parts.push(body.subarray(from))
  return Buffer.concat(parts)
}

export const noEdits: BodyEdits = {
  model: null,
  modelIsPlain: false,
  streamOptions: null,
  includeUsage: null,
  includesUsage: false,
  close: 0,
  empty: true,
}

/** Finds the places; `http.body_field_wrong` when `stream_options` is none where it is read. */
export function readEdits(
  body: Uint8Array,
  scan: JsonObjectScan,
  options: { modelKey: 'model' | 'name'; readsStreamOptions: boolean },
): BodyEdits {
  const edits: BodyEdits = {
    ...noEdits,
    model: scan.members.get(options.modelKey) ?? null,
    close: scan.close,
    empty: scan.empty,
  }
  const span = scan.members.get('stream_options')
  if (!options.readsStreamOptions || !span) return edits
  if (span.type === 'null') return { ...edits, streamOptions: { ...span, empty: true } }
  if (span.type !== 'object') {
    throw new CorralError('http.body_field_wrong', {
      params: { key: 'stream_options', expected: 'an object' },
    })
  }
  const includeUsage = findIncludeUsage(body, span)
  return {
    ...edits,
    streamOptions: { ...span, empty: isEmptyContainer(body, span) },
    includeUsage,
    includesUsage: includeUsage?.type === 'boolean' && readScalar(body, includeUsage) === true,
  }
}

const usageKey = new JsonKeys(['include_usage'])

function findIncludeUsage(body: Uint8Array, streamOptions: JsonSpan): JsonSpan | null {
  const found: JsonSpan[] = []
  forEachMember(body, { object: streamOptions, keys: usageKey }, (_key, value) => {
    found.push(value)
  })
  if (found.length > 1) {
    throw new CorralError('http.body_key_twice', { params: { key: 'include_usage' } })
  }
  return found[0] ?? null
}

function spliceModel(edits: BodyEdits, model: string): Splice {
  const text = edits.modelIsPlain ? model : JSON.stringify(model)
  if (edits.model) return { start: edits.model.start, end: edits.model.end, text }
  return insertMember({ at: edits.close, empty: edits.empty, member: `"model":${text}` })
}

function spliceUsage(edits: BodyEdits): Splice {
  const { streamOptions, includeUsage } = edits
  if (includeUsage) return { start: includeUsage.start, end: includeUsage.end, text: 'true' }
  if (!streamOptions) {
    const member = '"stream_options":{"include_usage":true}'
    return insertMember({ at: edits.close, empty: edits.empty, member })
  }
  if (streamOptions.type === 'null') {
    return {
      start: streamOptions.start,
      end: streamOptions.end,
      text: '{"include_usage":true}',
    }
  }
  const at = streamOptions.end - 1
  return insertMember({ at, empty: streamOptions.empty, member: '"include_usage":true' })
}

function insertMember(insert: { at: number; empty: boolean; member: string }): Splice {
  return {
    start: insert.at,
    end: insert.at,
    text: insert.empty ? insert.member : `,${insert.member}`,
  }
}

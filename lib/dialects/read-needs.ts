import { JsonKeys } from './json-keys'
import type { JsonSpan } from './json-text'
import {
  countCharacters,
  findMember,
  forEachElement,
  forEachMember,
  isEmptyContainer,
  readScalar,
} from './json-text'

export type InputNeeds = {
  needs: { images: boolean; tools: boolean; thinking: boolean }
  /** Characters of text in prompt, messages, input and instructions; images are not counted. */
  inputChars: number
}

/**
 * What a model must be able to do for this call, in any of the three dialects: `images` arrays,
 * image blocks, a `tools` array that is not empty (some clients always send `[]`), and thinking
 * that was asked for. Reads places, decodes nothing large.
 */
export function readNeeds(body: Uint8Array, members: ReadonlyMap<string, JsonSpan>): InputNeeds {
  const input: InputNeeds = {
    needs: { images: false, tools: false, thinking: false },
    inputChars: 0,
  }
  for (const [key, span] of members) {
    switch (key) {
      case 'images':
        input.needs.images ||= isFilledArray(body, span)
        break
      case 'tools':
        input.needs.tools = isFilledArray(body, span)
        break
      case 'think':
      case 'thinking':
      case 'reasoning':
      case 'reasoning_effort':
        input.needs.thinking = asksForThinking(body, members)
        break
      case 'prompt':
      case 'suffix':
      case 'system':
      case 'instructions':
        readText(body, span, input)
        break
      case 'messages':
      case 'input':
        if (span.type === 'array') forEachElement(body, span, (item) => readItem(body, item, input))
        else readText(body, span, input)
        break
    }
  }
  return input
}

function isFilledArray(body: Uint8Array, span: JsonSpan): boolean {
  return span.type === 'array' && !isEmptyContainer(body, span)
}

function asksForThinking(body: Uint8Array, members: ReadonlyMap<string, JsonSpan>): boolean {
  const think = members.get('think')
  if (think?.type === 'boolean' || think?.type === 'string') {
    const value = readSmall(body, think)
    return value !== false && value !== ''
  }
  return (
    isEffort(body, members.get('reasoning_effort')) ||
    isEffort(body, memberOf(body, members.get('reasoning'), 'effort')) ||
    isEnabled(body, memberOf(body, members.get('thinking'), 'type'))
  )
}

function memberOf(body: Uint8Array, object: JsonSpan | undefined, key: string) {
  return object?.type === 'object' ? findMember(body, object, key) : null
}

function isEffort(body: Uint8Array, span: JsonSpan | null | undefined): boolean {
  if (span?.type !== 'string') return false
  const effort = readSmall(body, span)
  return effort !== '' && effort !== 'none'
}

function isEnabled(body: Uint8Array, span: JsonSpan | null): boolean {
  return span?.type === 'string' && readSmall(body, span) !== 'disabled'
}

const smallBytesMax = 64

function readSmall(body: Uint8Array, span: JsonSpan): unknown {
  return span.end - span.start > smallBytesMax ? null : readScalar(body, span)
}

const itemKeys = new JsonKeys(['images', 'content'])
const blockKeys = new JsonKeys(['text', 'content', 'type'])

// An element of `messages` or `input`: a message, a bare string (embeddings), or a token list.
function readItem(body: Uint8Array, item: JsonSpan, input: InputNeeds): void {
  if (item.type === 'string') input.inputChars += countCharacters(body, item)
  if (item.type !== 'object') return
  forEachMember(body, { object: item, keys: itemKeys }, (key, value) => {
    if (key === 'images' && isFilledArray(body, value)) input.needs.images = true
    if (key === 'content') readText(body, value, input)
  })
}

// Text, or blocks of text and images; a tool's result holds blocks of its own, one level deep.
function readText(body: Uint8Array, span: JsonSpan, input: InputNeeds, inResult = false): void {
  if (span.type === 'string') input.inputChars += countCharacters(body, span)
  if (span.type !== 'array') return
  forEachElement(body, span, (block) => {
    if (block.type === 'string') input.inputChars += countCharacters(body, block)
    if (block.type !== 'object') return
    forEachMember(body, { object: block, keys: blockKeys }, (key, value) => {
      if (key === 'text' && value.type === 'string')
        input.inputChars += countCharacters(body, value)
      if (key === 'content' && !inResult) readText(body, value, input, true)
      if (key === 'type' && value.type === 'string' && isImageType(readSmall(body, value))) {
        input.needs.images = true
      }
    })
  })
}

function isImageType(type: unknown): boolean {
  return type === 'image' || type === 'image_url' || type === 'input_image'
}

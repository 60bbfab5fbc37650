import type { Json, JsonObject } from './go-json'
import { isObject, readFields } from './request-fields'
import { createRandom, splitTokens } from './text-tokens'

export type ToolCall = { id: string; name: string; arguments: JsonObject }

/** What the model will say, decided before the first token: the same question, the same answer. */
export type Plan = {
  thinking: string[]
  text: string[]
  toolCalls: ToolCall[]
  /** Tokens that the tool calls cost. */
  toolTokens: number
  reason: 'stop' | 'length'
}

export type Question = {
  seed: string
  lastUserText: string
  /** Tokens to generate at most; undefined or negative is no limit. */
  numPredict: number | undefined
  /** Tokens of an answer that nothing limits. */
  answerTokens: number
  stop: string[]
  format: Json | undefined
  tools: JsonObject[]
  callsTool: boolean
  thinks: boolean
}

const WORDS =
  'The herd grazes by the river while a quiet rider counts horses , and the gate stands open until dusk . A grey mare leads ; foals follow her over dry grass to fresh water .'.split(
    ' ',
  )
const THINKING_TOKENS = 8
const TOOL_TOKENS = 24

/** Babble, JSON or a tool call, as the request asks for. */
export function planAnswer(question: Question): Plan {
  const limit =
    question.numPredict === undefined || question.numPredict < 0
      ? Number.POSITIVE_INFINITY
      : question.numPredict
  const thinking = question.thinks
    ? babble(`${question.seed} thinking`, '', Math.min(THINKING_TOKENS, limit))
    : []
  const left = limit - thinking.length
  if (question.callsTool && question.tools.length > 0) return planToolCall(question, thinking, left)
  if (question.format !== undefined && question.format !== '' && question.format !== null) {
    const tokens = splitTokens(JSON.stringify(sampleFormat(question.format)))
    return cut({ thinking, tokens, left, stop: [] })
  }
  const tokens = babble(question.seed, question.lastUserText, Math.min(question.answerTokens, left))
  return cut({ thinking, tokens, left, stop: question.stop })
}

function planToolCall(question: Question, thinking: string[], left: number): Plan {
  const random = createRandom(`${question.seed} ${performance.now()}`)
  const call = question.tools.slice(0, 1).map((tool) => {
    const fn = readFields(readFields(tool).object('function') ?? tool)
    const schema = fn.object('parameters') ?? {}
    const sample = sampleSchema(schema, fn.text('name'))
    return {
      id: `call_${randomLetters(random)}`,
      name: fn.text('name'),
      arguments: isObject(sample) ? sample : {},
    }
  })
  return {
    thinking,
    text: [],
    toolCalls: call,
    toolTokens: Math.max(1, Math.min(TOOL_TOKENS, left)),
    reason: left <= TOOL_TOKENS ? 'length' : 'stop',
  }
}

function cut(input: { thinking: string[]; tokens: string[]; left: number; stop: string[] }): Plan {
  const kept = input.tokens.slice(0, input.left)
  const text = kept.join('')
  const ends = input.stop.map((stop) => text.indexOf(stop)).filter((index) => index >= 0)
  const base = { thinking: input.thinking, toolCalls: [], toolTokens: 0 }
  if (ends.length > 0) {
    return { ...base, text: splitTokens(text.slice(0, Math.min(...ends))), reason: 'stop' }
  }
  return { ...base, text: kept, reason: kept.length >= input.left ? 'length' : 'stop' }
}

// A question with letters beyond ASCII gets them back, so that answers carry every kind of byte.
function babble(seed: string, question: string, count: number): string[] {
  const random = createRandom(seed)
  const foreign = splitTokens(question).filter((token) => /[^\s\x21-\x7e]/.test(token))
  const start = Math.floor(random() * WORDS.length)
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const echoed = foreign[index]
    if (echoed !== undefined) return echoed
    const word = WORDS[(start + index) % WORDS.length] ?? 'herd'
    if (index % 40 === 39) return '\n'
    return index === 0 || /^[.,;]$/.test(word) ? word : ` ${word}`
  })
}

function sampleFormat(format: Json): Json {
  if (isObject(format)) return sampleSchema(format, 'value')
  return HERD
}

const HERD: JsonObject = {
  herd: 'grazing',
  gate: { open: true, side: 'west' },
  horses: [
    { name: 'Ada', age: 7, colour: 'grey' },
    { name: 'Bo', age: 3, colour: 'bay' },
    { name: 'Cy', age: 12, colour: 'roan' },
  ],
}

/** The simplest value that a JSON schema allows; a name helps to choose a word. */
function sampleSchema(schema: JsonObject, name: string, depth = 0): Json {
  const fields = readFields(schema)
  const choice = fields.value('const') ?? fields.list('enum')?.[0]
  if (choice !== undefined) return choice
  const declared = fields.value('type')
  const type = Array.isArray(declared) ? declared[0] : declared
  if (type === 'integer') return 7
  if (type === 'number') return 0.5
  if (type === 'boolean') return true
  if (type === 'null') return null
  if (type === 'array')
    return depth > 5 ? [] : [sampleSchema(fields.object('items') ?? {}, name, depth + 1)]
  const properties = fields.object('properties')
  if (type === 'object' || properties) {
    const entries = Object.entries(properties ?? {}).slice(0, 50)
    return Object.fromEntries(
      entries.map(([key, value]) => [
        key,
        depth > 5 || !isObject(value) ? null : sampleSchema(value, key, depth + 1),
      ]),
    )
  }
  return /city|place|location/i.test(name) ? 'Paris' : `some ${name}`
}

function randomLetters(random: () => number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length: 8 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
}

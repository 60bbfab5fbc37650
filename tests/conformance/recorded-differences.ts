import { publicErrorText } from '@/lib/core/errors'
import type { RawAnswer } from '@/simulator/raw-exchange'
import type { Recorded } from './read-recorded'

type Answer = Pick<Recorded['response'], 'status' | 'headers' | 'frames'>

/** In what an exchange through Corral differs from the recorded one, and why. */
export type Difference = {
  names: RegExp
  why: string
  /** What the client gets instead of the recorded answer. */
  answer?: (recorded: Answer, got: RawAnswer) => Answer
  /** A flush of the backend that the client does not get. */
  takesOut?: (frame: Buffer) => boolean
  /** What the backend gets instead of the recorded body. */
  sent?: (body: string) => string
}

const brokeOff = publicErrorText('backends.broke_off')

/** The one table: what is not in it goes through byte for byte. */
export const differences: readonly Difference[] = [
  {
    names: /^cors-foreign-origin$/,
    why: 'C3: CORS is answered at the gateway; the refusal says what to do',
    answer: () => ownError(403, publicErrorText('limits.origin_denied')),
  },
  {
    names: /^cors-preflight$/,
    why: "C3: CORS is answered at the gateway, Anthropic's headers and Corral's own included",
    answer: (_recorded, got) => ({ status: 204, headers: got.headers, frames: [] }),
  },
  {
    names: /^foreign-host$/,
    why: 'C3: toward a backend Host is its own, so any name may point at Corral',
    answer: (_recorded, got) => ({ status: 200, headers: got.headers, frames: got.frames }),
  },
  {
    names: /^me$/,
    why: "it acts on the account of the server's owner: only for a key with the permission admin",
    answer: () => ownError(403, publicErrorText('auth.admin_only')),
  },
  {
    names: /^chat-bad-json$/,
    why: 'a body that cannot be read never reaches a backend: our own words',
    answer: (_recorded, got) => ownError(400, wordsOf(got, /"error":"(The body is not .*)"/)),
  },
  {
    names: /^v1-chat-bad-json$/,
    why: 'a body that cannot be read never reaches a backend: our own words, with a code',
    answer: (_recorded, got) =>
      ownOpenaiError(400, wordsOf(got, /"message":"(The body is not .*?)",/)),
  },
  {
    names: /^v1-messages-missing-model$/,
    why: "`request_id` is random, and names Corral's request",
    answer: (recorded, got) => {
      const id = got.headers.find(([name]) => name.toLowerCase() === 'x-request-id')?.[1]
      const body = Buffer.concat(recorded.frames).toString('utf8')
      const frame = Buffer.from(body.replace(/"request_id":"[^"]*"/, `"request_id":"${id}"`))
      return { ...recorded, headers: withLength(recorded.headers, frame), frames: [frame] }
    },
  },
  {
    names: /^v1-chat-(stream|tools-stream)$/,
    why: 'usage is asked for where the client did not, and taken out again',
    sent: askForUsage,
  },
  {
    names: /^crash-v1-chat-stream$/,
    why: 'D14: a stream without its end gets an error event; the empty chunk without a model, in which Ollama loses the error, makes way for it',
    sent: askForUsage,
    takesOut: (frame) => frame.includes('"model":""'),
    answer: (recorded) => ({
      ...recorded,
      frames: [...recorded.frames.slice(0, -1), event(`data: ${openaiBrokeOff}`)],
    }),
  },
  {
    names: /^crash-v1-messages-stream$/,
    why: 'D14: a stream without its end gets an error event',
    answer: (recorded, got) => {
      const id = got.headers.find(([name]) => name.toLowerCase() === 'x-request-id')?.[1]
      const body = { type: 'error', error: { type: 'api_error', message: brokeOff } }
      const data = JSON.stringify({ ...body, request_id: id })
      return { ...recorded, frames: [...recorded.frames, event(`event: error\ndata: ${data}`)] }
    },
  },
  {
    names: /^crash-v1-responses-stream$/,
    why: 'D14: a stream without its end gets an error event',
    answer: (recorded) => {
      const fields = { type: 'error', code: 'backends.broke_off', message: brokeOff, param: null }
      const data = JSON.stringify({ ...fields, ...JSON.parse(openaiBrokeOff) })
      return { ...recorded, frames: [...recorded.frames, event(`event: error\ndata: ${data}`)] }
    },
  },
  {
    names: /^chat-json-format$/,
    why: 'D14: 0.24.0 gave up on a row of blanks and ended the stream without a final line',
    answer: (recorded) => {
      const last = recorded.frames.at(-1)?.toString('utf8') ?? ''
      if (last.includes('"done":true')) return recorded
      return {
        ...recorded,
        frames: [...recorded.frames, Buffer.from(`${JSON.stringify({ error: brokeOff })}\n`)],
      }
    },
  },
]

/** Recorded exchanges that Corral answers itself, with the recorded bytes: no backend is asked. */
export const answeredHere: readonly { names: RegExp; why: string }[] = [
  { names: /^(tags|ps|version)-|^v1-models?$/, why: 'F2: lists come from the catalogue' },
  { names: /^root-/, why: 'E4: the heartbeat' },
  { names: /-no-model$|-empty-body$/, why: 'there is no model to look for a backend with' },
  {
    names: /^(?!push|pull|create|delete|copy).*-missing(-model)?$|^v1-model-missing$/,
    why: "D2: no backend has the model, in Ollama's words",
  },
  {
    names: /^unknown-path$|^v1-messages-count-tokens$/,
    why: 'C4: nothing unknown is forwarded',
  },
  { names: /^wrong-method/, why: 'C4: nothing unknown is forwarded' },
  { names: /^cors-|^foreign-host$|^me$|-bad-json$/, why: 'in the table of differences' },
]

export function findDifference(name: string): Difference | undefined {
  return differences.find(({ names }) => names.test(name))
}

export function isAnsweredHere(name: string): boolean {
  return name !== 'blob-head-missing' && answeredHere.some(({ names }) => names.test(name))
}

/** What the backend is sent where it is not the client's own body. */
export function sentInstead(recorded: Recorded): Buffer | null {
  const { sent } = findDifference(recorded.name) ?? {}
  return sent && recorded.request.body ? Buffer.from(sent(String(recorded.request.body))) : null
}

/** Spliced in at the end: nothing of what the client wrote is written anew. */
function askForUsage(body: string): string {
  return body.replace(/\}$/, ',"stream_options":{"include_usage":true}}')
}

const openaiBrokeOff = JSON.stringify({
  error: { message: brokeOff, type: 'api_error', param: null, code: 'backends.broke_off' },
})

function event(lines: string): Buffer {
  return Buffer.from(`${lines}\n\n`)
}

function ownError(status: number, text: string): Answer {
  return ownAnswer(status, JSON.stringify({ error: text }))
}

function ownOpenaiError(status: number, message: string): Answer {
  const error = { message, type: 'invalid_request_error', param: null, code: 'http.body_not_json' }
  return ownAnswer(status, JSON.stringify({ error }))
}

function ownAnswer(status: number, body: string): Answer {
  const frame = Buffer.from(body)
  const headers: [string, string][] = [['Content-Type', 'application/json; charset=utf-8']]
  return {
    status,
    headers: withLength([...headers, ['Content-Length', '']], frame),
    frames: [frame],
  }
}

function withLength(headers: [string, string][], frame: Buffer): [string, string][] {
  return headers.map(([name, value]) => [
    name,
    name === 'Content-Length' ? String(frame.length) : value,
  ])
}

function wordsOf(got: RawAnswer, pattern: RegExp): string {
  return pattern.exec(Buffer.concat(got.frames).toString('utf8'))?.[1] ?? 'words of our own'
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Anthropic from '@anthropic-ai/sdk'
import { Ollama } from 'ollama'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { type Recording, readRecordings } from '@/tests/read-recordings'
import { createObserver } from './observe'
import { type Operation, recognizeOperation } from './operations'
import { renderStreamError } from './render-error'

const recordings = readRecordings()
const error = {
  text: 'The backend broke off.',
  code: 'backends.broke_off',
  requestId: 'req_1',
} as const

/** Serves a recorded stream that was cut, closed with our error, to a real client package. */
async function serveCut<Result>(
  name: string,
  cutAt: (body: Buffer) => number,
  call: (baseUrl: string) => Promise<Result>,
): Promise<Result> {
  const recording = find(name)
  const server = createServer((_request, response) => {
    const operation = operationOf(recording)
    const body = Buffer.concat(recording.frames)
    const observer = createObserver({
      operation,
      streamed: true,
      status: 200,
      inputChars: 0,
      takeUsageOut: false,
    })
    const type = recording.responseHeaders.find(([header]) => header === 'Content-Type')?.[1]
    response.writeHead(200, { 'Content-Type': type ?? '' })
    response.write(observer.push(body.subarray(0, cutAt(body))))
    const { rest, observation } = observer.end(true)
    expect(observation.ending).toBe('broken')
    response.write(rest)
    response.end(renderStreamError(operation, { ...error, midEvent: observer.midEvent }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await call(`http://127.0.0.1:${port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of stream);
}

const messages = [{ role: 'user' as const, content: 'x' }]
const openai = (baseUrl: string) =>
  new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: 'k', maxRetries: 0, logLevel: 'off' })

const clients: [string, string, (baseUrl: string) => Promise<void>][] = [
  [
    'ollama',
    'chat-stream',
    async (host) => drain(await new Ollama({ host }).chat({ model: 'm', messages, stream: true })),
  ],
  [
    'openai chat',
    'v1-chat-stream',
    async (url) =>
      drain(await openai(url).chat.completions.create({ model: 'm', messages, stream: true })),
  ],
  [
    'openai completions',
    'v1-completions-stream',
    async (url) =>
      drain(await openai(url).completions.create({ model: 'm', prompt: 'x', stream: true })),
  ],
  [
    'openai responses',
    'v1-responses-stream',
    async (url) =>
      drain(await openai(url).responses.create({ model: 'm', input: 'x', stream: true })),
  ],
  [
    'anthropic',
    'v1-messages-stream',
    async (baseURL) => {
      const client = new Anthropic({ baseURL, apiKey: 'k', maxRetries: 0, logLevel: 'off' })
      return drain(
        await client.messages.create({ model: 'm', max_tokens: 9, messages, stream: true }),
      )
    },
  ],
]

describe('a stream that broke, read by the real packages', () => {
  test.each(clients)('%s: throws our text after a whole event', async (_name, recording, call) => {
    const betweenEvents = (body: Buffer) => {
      const gap = recording.startsWith('v1') ? '\n\n' : '\n'
      return body.indexOf(gap, 400) + gap.length
    }
    await expect(serveCut(recording, betweenEvents, call)).rejects.toThrow(error.text)
  })

  test.each(clients)('%s: throws after half an event', async (_name, recording, call) => {
    await expect(serveCut(recording, () => 777, call)).rejects.toThrow()
  })
})

function find(name: string): Recording {
  const found = recordings.find((each) => each.version === '0.32.15' && each.name === name)
  if (!found) throw new Error(`${name} is not recorded`)
  return found
}

function operationOf(recording: Recording): Operation {
  const recognized = recognizeOperation({ method: 'POST', path: recording.path, extraPaths: [] })
  if (recognized.kind !== 'operation') throw new Error(recording.path)
  return recognized.operation
}

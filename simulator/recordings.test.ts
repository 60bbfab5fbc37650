import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Json, JsonObject } from './go-json'
import { MAY_DIFFER } from './may-differ'
import type { SimulatedModel } from './model-store'
import { exchangeRaw, type RawAnswer, type RawRequest } from './raw-exchange'
import { isObject } from './request-fields'
import { type Simulator, type SimulatorOptions, startSimulator } from './start-simulator'
import { VERSIONS, type Version } from './versions'

const FOLDER = path.resolve(import.meta.dirname, '../tests/recordings')

type Recording = {
  name: string
  request: {
    method: string
    path: string
    headers: Record<string, string>
    text?: string
    base64?: string
  }
  response: {
    status: number
    reason: string
    headers: [string, string][]
    frames: { text?: string; base64?: string }[]
  }
}

/** The state or the fault that a recorded request needs. */
type Scene = {
  options?: SimulatorOptions
  prepare?: (simulator: Simulator) => Promise<void> | void
}

const running: Simulator[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.stop()))
})

for (const version of VERSIONS) {
  describe(`Ollama ${version}, recorded`, () => {
    for (const file of readdirSync(path.join(FOLDER, version)).sort()) {
      const recording = readRecording(version, file)
      test(`${recording.name}: the simulator gives the recorded answer`, async () => {
        const scene = sceneOf(recording.name, version)
        const simulator = await startSimulator({ ...recordedMachine(version), ...scene.options })
        running.push(simulator)
        await scene.prepare?.(simulator)
        const answer = await exchangeRaw(simulator.port, requestOf(recording))
        expect(statusOf(answer)).toEqual(statusOf(recording.response))
        expect(headersOf(answer, recording)).toEqual(headersOf(recording.response, recording))
        const actual = answer.frames.map((frame) => frame.toString('utf8'))
        const expected = recording.response.frames.map((frame) => frame.text ?? '')
        expect(compareForm(actual, recording.name)).toEqual(compareForm(expected, recording.name))
        expectHonestLength(answer, recording.request.method)
      })
    }
  })
}

describe('may-differ', () => {
  test('a wrong error text, an extra key and another order of keys are all noticed', () => {
    const form = (text: string) => compareForm([text], 'chat')
    expect(form('{"error":"model \'a\' not found"}')).not.toEqual(
      form('{"error":"model \'b\' not found"}'),
    )
    expect(form('{"done":true,"more":1}')).not.toEqual(form('{"done":true}'))
    expect(form('{"a":1,"b":2}')).not.toEqual(form('{"b":2,"a":1}'))
  })

  test('two objects in one flush are not the same as two flushes', () => {
    const lines = ['data: {"a":1}\n\n', 'data: [DONE]\n\n']
    expect(compareForm(lines, 'chat')).not.toEqual(compareForm([lines.join('')], 'chat'))
  })
})

function readRecording(version: Version, file: string): Recording {
  return JSON.parse(readFileSync(path.join(FOLDER, version, file), 'utf8')) as Recording
}

function requestOf(recording: Recording): RawRequest {
  const { method, path: url, headers, text, base64 } = recording.request
  const isBodied = text !== undefined || base64 !== undefined
  const body = Buffer.from(text ?? base64 ?? '', text === undefined ? 'base64' : 'utf8')
  return { method, path: url, headers: Object.entries(headers), body: isBodied ? body : null }
}

function statusOf(answer: { status: number; reason: string }): string {
  return `${answer.status} ${answer.reason}`
}

// The length follows from the body; where there is none to compare, it must be the recorded one.
function headersOf(answer: { headers: [string, string][] }, recording: Recording): string[] {
  const hasBody = recording.request.method !== 'HEAD' && recording.response.frames.length > 0
  return answer.headers
    .filter(([name]) => name !== 'Date')
    .map(([name, value]) => (name === 'Content-Length' && hasBody ? name : `${name}: ${value}`))
}

function expectHonestLength(answer: RawAnswer, method: string): void {
  const length = answer.headers.find(([name]) => name === 'Content-Length')?.[1]
  if (length === undefined || method === 'HEAD') return
  expect(Buffer.concat(answer.frames).length).toBe(Number(length))
}

/** Frames with every field that may differ replaced by its name, equal neighbours counted once. */
function compareForm(frames: string[], name: string): string[] {
  const forms = frames.map((frame) =>
    splitObjects(frame)
      .map((piece) => maskPiece(piece, name))
      .join(''),
  )
  return forms.filter((form, index) => form !== forms[index - 1])
}

function splitObjects(frame: string): string[] {
  return frame.split(/(?<=\n)/)
}

function maskPiece(piece: string, name: string): string {
  const [, prefix = '', json = '', end = ''] = /^(data: )?(\{.*\})(\n*)$/s.exec(piece) ?? []
  if (json === '') return piece
  return `${prefix}${JSON.stringify(mask(JSON.parse(json) as Json, '', name))}${end}`
}

function mask(value: Json, field: string, name: string): Json {
  const rule = MAY_DIFFER.find(
    (candidate) =>
      candidate.field === field &&
      (candidate.only === undefined || candidate.only.includes(name)) &&
      candidate.form(value),
  )
  if (rule) return describeForm(value, field)
  if (Array.isArray(value)) return value.map((item) => mask(item, '', name))
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, mask(inner, key, name)] as const,
  )
  return Object.fromEntries(entries) as JsonObject
}

function describeForm(value: Json, field: string): string {
  if (field === 'parameters' && typeof value === 'string')
    return value.split('\n').sort().join('\n')
  if (field === 'embeddings' && Array.isArray(value)) {
    return `<${value.map((vector) => (Array.isArray(vector) ? vector.length : 0)).join('+')} numbers>`
  }
  if (field === 'embedding' && Array.isArray(value)) return `<${value.length} numbers>`
  if (field === 'modelfile' && typeof value === 'string')
    return value.replace(/[0-9a-f]{64}/, '<digest>')
  return `<${field}>`
}

function recordedMachine(version: Version): SimulatorOptions {
  return {
    version,
    models: recordedModels(version),
    library: [registryModel()],
    network: 'down',
    cloud: 'disabled',
    account: 'unavailable',
    contextLength: 2_048,
    answerTokens: 1_000,
    modelsPath: version === '0.24.0' ? '/var/model' : '/var/mod',
  }
}

type Tag = {
  name: string
  modified_at: string
  size: number
  digest: string
  details: { family: string; parameter_size: string; quantization_level: string }
}

function recordedModels(version: Version): SimulatedModel[] {
  const tags = readRecording(version, 'tags-get.json').response.frames[0]?.text ?? ''
  const { models } = JSON.parse(tags) as { models: Tag[] }
  return models.map((tag) => ({
    name: tag.name,
    sizeBytes: tag.size,
    digest: tag.digest,
    modifiedAt: tag.modified_at,
    family: tag.details.family,
    parameterSize: tag.details.parameter_size,
    quantization: tag.details.quantization_level,
    capabilities: tag.name === 'tooly:270m' ? ['completion', 'tools'] : ['completion'],
    toolUse: 'always',
  }))
}

function registryModel(): SimulatedModel {
  const [gemma] = recordedModels('0.32.15').filter((model) => model.name === 'gemma3:270m')
  if (!gemma) throw new Error('gemma3:270m is not among the recorded models')
  return {
    ...gemma,
    name: '127.0.0.1:5055/library/gemma3:270m',
    modifiedAt: '2026-11-21T05:50:46.62287158Z',
  }
}

function sceneOf(name: string, version: Version): Scene {
  if (name.startsWith('busy-'))
    return { options: { maxQueue: 1, loadMs: 10_000 }, prepare: fillQueue }
  if (name.startsWith('crash-')) {
    const afterTokens = name === 'crash-v1-responses-stream' ? 23 : 20
    return { prepare: (simulator) => simulator.setFault({ kind: 'crash', afterTokens }) }
  }
  switch (name) {
    case 'blob-head':
    case 'blob-post-again':
      return { prepare: uploadBlob }
    case 'delete':
      return {
        prepare: (simulator) =>
          post(simulator, '/api/copy', { source: 'gemma3:270m', destination: 'copied:1' }),
      }
    case 'ps-empty':
      return version === '0.32.15' ? { prepare: (simulator) => embed(simulator) } : {}
    case 'ps-loaded':
      return {
        prepare: async (simulator) => {
          if (version === '0.32.15') await embed(simulator)
          await post(simulator, '/api/generate', { model: 'gemma3:270m' })
        },
      }
    case 'pull-again':
    case 'push-stream':
    case 'tags-after-pull':
      return { options: { models: [registryModel()] } }
    // Models of one second come in any order.
    case 'v1-models':
      return { options: { models: recordedModels(version).reverse() } }
    // The older runner gave up on a row of blanks and ended the stream as if it were complete.
    case 'chat-json-format':
      return version === '0.24.0'
        ? { prepare: (simulator) => simulator.setFault({ kind: 'end', afterFrames: 32 }) }
        : {}
    default:
      return {}
  }
}

// One model is being loaded and one request waits behind it: there is no room for a third.
async function fillQueue(simulator: Simulator): Promise<void> {
  for (const numCtx of [1_000, 1_001]) {
    post(simulator, '/api/chat', {
      model: 'gemma3:270m',
      messages: [{ role: 'user', content: 'x' }],
      options: { num_ctx: numCtx, num_predict: 2 },
    }).catch(() => undefined)
    await simulator.waitFor((seen) => seen.body.includes(`"num_ctx":${numCtx}`))
  }
}

function embed(simulator: Simulator): Promise<void> {
  return post(simulator, '/api/embed', { model: 'embed:270m', input: 'a' })
}

async function uploadBlob(simulator: Simulator): Promise<void> {
  const digest = 'sha256:fb749afe39d513ed0e1610c744afc22154b8f5c664b19c684265673c2527ecb7'
  await fetch(`${simulator.url}/api/blobs/${digest}`, { method: 'POST', body: 'hello corral' })
}

async function post(simulator: Simulator, url: string, body: object): Promise<void> {
  const response = await fetch(`${simulator.url}${url}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  await response.text()
}

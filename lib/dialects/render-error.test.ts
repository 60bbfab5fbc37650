import { describe, expect, test } from 'vitest'
import { readRecordings } from '@/tests/read-recordings'
import { type Operation, recognizeOperation } from './operations'
import { renderError, renderModelNotFound, renderStreamError } from './render-error'

const recordings = readRecordings()

function operationAt(method: string, path: string): Operation {
  const recognized = recognizeOperation({ method, path, extraPaths: [] })
  if (recognized.kind !== 'operation') throw new Error(path)
  return recognized.operation
}

describe('renderModelNotFound', () => {
  // A push is answered by the backend itself: its words hold a path of its own machine.
  const missing = recordings.filter(
    ({ name, status }) => /missing/.test(name) && status === 404 && name !== 'blob-head-missing',
  )
  test.each(missing.map((each) => [each.version, each.name, each] as const))(
    '%s %s: byte for byte as Ollama says it',
    (version, _name, recording) => {
      const rendered = renderModelNotFound(operationAt(recording.method, recording.path), 'nope', {
        requestId: 'req_1',
        version,
      })
      const body = Buffer.concat(recording.frames).toString()
      expect(rendered.status).toBe(404)
      expect(rendered.body).toBe(body.replace(/req_[0-9a-f]+/, 'req_1'))
      expect(recording.responseHeaders).toContainEqual(['Content-Type', rendered.contentType])
    },
  )

  test('newer servers name the model with its tag', () => {
    const show = operationAt('POST', '/api/show')
    const say = (model: string) => renderModelNotFound(show, model).body
    expect(say('Nope')).toContain("'Nope:latest'")
    expect(say('ns/x:1')).toContain("'ns/x:1'")
    expect(say('registry.ollama.ai/library/x')).toContain("'x:latest'")
    expect(say('host:5000/a/b')).toContain("'host:5000/a/b:latest'")
  })
})

describe('renderError', () => {
  const error = {
    status: 429,
    code: 'limits.rate_exceeded',
    text: 'Rate limit <exceeded>.',
    requestId: 'req_1',
  } as const

  test('each dialect reads its own shape', () => {
    expect(renderError('ollama', error).body).toBe('{"error":"Rate limit \\u003cexceeded\\u003e."}')
    expect(JSON.parse(renderError('openai', error).body)).toEqual({
      error: {
        message: error.text,
        type: 'rate_limit_error',
        param: null,
        code: 'limits.rate_exceeded',
      },
    })
    expect(JSON.parse(renderError('anthropic', error).body)).toEqual({
      type: 'error',
      error: { type: 'rate_limit_error', message: error.text },
      request_id: 'req_1',
    })
  })

  test('a missing model and a missing body are said in the recorded bytes', () => {
    for (const name of ['chat-no-model', 'show-no-model', 'chat-empty-body']) {
      const recording = recordings.find((each) => each.name === name)
      const body = Buffer.concat(recording?.frames ?? []).toString()
      const text = JSON.parse(body).error
      const rendered = renderError('ollama', {
        status: 400,
        code: 'routing.model_missing',
        text,
        requestId: '',
      })
      expect(rendered.body).toBe(body)
      expect(recording?.responseHeaders).toContainEqual(['Content-Type', rendered.contentType])
    }
  })

  test('unknown paths and methods are plain text, in every dialect', () => {
    for (const dialect of ['ollama', 'openai', 'anthropic'] as const) {
      const unknown = {
        status: 404,
        code: 'http.path_unknown',
        text: '404 page not found',
      } as const
      expect(renderError(dialect, { ...unknown, requestId: '' })).toEqual({
        contentType: 'text/plain',
        body: '404 page not found',
      })
    }
  })
})

describe('renderStreamError', () => {
  const error = { text: 'It broke.', code: 'backends.broke_off', requestId: 'req_1' } as const

  function render(path: string, midEvent = false): string {
    const bytes = renderStreamError(operationAt('POST', path), { ...error, midEvent })
    return Buffer.from(bytes).toString()
  }

  test('ends each stream in its dialect', () => {
    expect(render('/api/chat')).toBe('{"error":"It broke."}\n')
    expect(render('/api/pull')).toBe('{"error":"It broke."}\n')
    expect(render('/v1/chat/completions')).toBe(
      'data: {"error":{"message":"It broke.","type":"api_error","param":null,"code":"backends.broke_off"}}\n\n',
    )
    expect(render('/v1/messages')).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"It broke."},"request_id":"req_1"}\n\n',
    )
    expect(render('/v1/responses')).toMatch(
      /^event: error\ndata: \{"type":"error","code":"backends.broke_off","message":"It broke.".*\}\n\n$/,
    )
  })

  test('closes a half line or event first, and never adds a blank line of NDJSON', () => {
    expect(render('/api/chat', true)).toBe('\n{"error":"It broke."}\n')
    expect(render('/v1/messages', true)).toMatch(/^\n\nevent: error\n/)
  })
})

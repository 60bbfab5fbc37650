import { describe, expect, test } from 'vitest'
import { readRecordings } from '@/tests/read-recordings'
import { recognizeOperation } from './operations'

function recognize(method: string, path: string, extraPaths: string[] = []) {
  return recognizeOperation({ method, path, extraPaths })
}

describe('recognizeOperation', () => {
  const table: [string, string, string, string][] = [
    ['HEAD', '/api/version', 'version', 'models:read'],
    ['GET', '/api/version', 'version', 'models:read'],
    ['HEAD', '/api/tags', 'tags', 'models:read'],
    ['GET', '/api/tags', 'tags', 'models:read'],
    ['GET', '/api/ps', 'ps', 'models:read'],
    ['GET', '/api/status', 'status', 'models:read'],
    ['GET', '/api/experimental/model-recommendations', 'model_recommendations', 'models:read'],
    ['POST', '/api/show', 'show', 'models:read'],
    ['POST', '/api/chat', 'chat', 'inference'],
    ['POST', '/api/generate', 'generate', 'inference'],
    ['POST', '/api/embed', 'embed', 'embeddings'],
    ['POST', '/api/embeddings', 'embeddings', 'embeddings'],
    ['POST', '/api/pull', 'pull', 'models:manage'],
    ['POST', '/api/push', 'push', 'models:manage'],
    ['POST', '/api/create', 'create', 'models:manage'],
    ['POST', '/api/copy', 'copy', 'models:manage'],
    ['DELETE', '/api/delete', 'delete', 'models:manage'],
    ['HEAD', '/api/blobs/sha256:00', 'blob_check', 'models:manage'],
    ['POST', '/api/blobs/sha256:00', 'blob_upload', 'models:manage'],
    ['POST', '/api/me', 'me', 'admin'],
    ['POST', '/api/signout', 'signout', 'admin'],
    ['DELETE', '/api/user/keys/abc', 'user_key_delete', 'admin'],
    ['POST', '/api/experimental/web_search', 'web_search', 'inference'],
    ['POST', '/api/experimental/web_fetch', 'web_fetch', 'inference'],
    ['POST', '/v1/chat/completions', 'openai_chat', 'inference'],
    ['POST', '/v1/completions', 'openai_completions', 'inference'],
    ['POST', '/v1/embeddings', 'openai_embeddings', 'embeddings'],
    ['GET', '/v1/models', 'openai_models', 'models:read'],
    ['GET', '/v1/models/gemma3:270m', 'openai_model', 'models:read'],
    ['POST', '/v1/responses', 'openai_responses', 'inference'],
    ['POST', '/v1/audio/transcriptions', 'openai_transcriptions', 'inference'],
    ['POST', '/v1/messages', 'anthropic_messages', 'inference'],
  ]
  test.each(table)('%s %s is %s and needs %s', (method, path, name, permission) => {
    expect(recognize(method, path)).toMatchObject({
      kind: 'operation',
      operation: { name, permission },
    })
  })

  test('what acts on the account of the server is for admins; what spends it says so', () => {
    for (const path of ['/api/me', '/api/signout']) {
      expect(recognize('POST', path)).toMatchObject({ operation: { adminOnly: true } })
    }
    for (const path of ['/api/experimental/web_search', '/api/experimental/web_fetch']) {
      expect(recognize('POST', path)).toMatchObject({ operation: { spendsAccount: true } })
    }
  })

  test('what changes models is never dialled twice, generation is', () => {
    for (const path of ['/api/pull', '/api/push', '/api/create', '/api/copy', '/api/blobs/x']) {
      expect(recognize('POST', path)).toMatchObject({ operation: { repeatable: false } })
    }
    expect(recognize('DELETE', '/api/delete')).toMatchObject({ operation: { repeatable: false } })
    expect(recognize('POST', '/api/chat')).toMatchObject({ operation: { repeatable: true } })
  })

  test('a parameter is one segment, percent-decoded', () => {
    expect(recognize('GET', '/v1/models/ns%2Fmodel:tag')).toMatchObject({
      parameter: 'ns/model:tag',
    })
    expect(recognize('GET', '/v1/models/ns/model')).toEqual({ kind: 'unknown' })
    expect(recognize('GET', '/v1/models/')).toEqual({ kind: 'unknown' })
    expect(recognize('GET', '/v1/models/%C3')).toEqual({ kind: 'unknown' })
  })

  test('unknown paths and methods are told apart, with the Allow that Ollama sends', () => {
    for (const recording of readRecordings()) {
      const recognized = recognize(recording.method, recording.path)
      const expected = recording.name.startsWith('cors') ? null : recording.status
      if (expected === 405) {
        const allow = recording.responseHeaders.find(([name]) => name === 'Allow')?.[1]
        expect(recognized).toEqual({ kind: 'wrong-method', allow })
      } else if (['unknown-path', 'v1-messages-count-tokens'].includes(recording.name)) {
        expect(recognized).toEqual({ kind: 'unknown' })
      } else if (expected !== null && recording.path !== '/') {
        expect(recognized.kind).toBe('operation')
      }
    }
    expect(recognize('GET', '/api/blobs/x')).toEqual({ kind: 'wrong-method', allow: 'HEAD, POST' })
    expect(recognize('HEAD', '/api/ps')).toEqual({ kind: 'wrong-method', allow: 'GET' })
    expect(recognize('GET', '/constructor')).toEqual({ kind: 'unknown' })
    expect(recognize('constructor', '/api/tags')).toMatchObject({ kind: 'wrong-method' })
  })

  test("an operator's extra path is passed on with any method, and only that path", () => {
    const extra = ['/v1/images/generations']
    expect(recognize('POST', '/v1/images/generations', extra)).toMatchObject({
      operation: { name: 'extra', dialect: 'openai', body: 'json', repeatable: false },
    })
    expect(recognize('GET', '/v1/images/generations', extra)).toMatchObject({
      operation: { name: 'extra', body: 'none', repeatable: true },
    })
    expect(recognize('POST', '/v1/images/generations/x', extra)).toEqual({ kind: 'unknown' })
    expect(recognize('POST', '/v1/images/generations')).toEqual({ kind: 'unknown' })
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAddressRule, removeAddressRule } from '@/lib/admin/address-rules'
import { updateFrontend } from '@/lib/admin/frontends'
import { disableKey, enableKey, revokeKey, rotateKey, updateKey } from '@/lib/admin/keys'
import { createTeam, removeTeamMember, setTeamMember } from '@/lib/admin/teams'
import { createUser, deactivateUser } from '@/lib/admin/users'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { startTestGateway, type TestGateway } from '../support/start-test-gateway'
import { waitFor } from '../support/wait-for'
import { exchangeRaw } from './raw-socket'
import { type RecordingBackend, startRecordingBackend } from './recording-backend'

let backend: RecordingBackend
let corral: TestGateway

beforeAll(async () => {
  backend = await startRecordingBackend({ models: ['m:latest', 'other:7b', 'x:cloud'] })
  corral = await startTestGateway({ backends: [backend.url], trustedProxies: ['127.0.0.2'] })
})
afterAll(async () => {
  await corral?.stop()
  await backend?.stop()
})

const asides = ['/', '/health', '/api/v1/health', '/healthz', '/up', '/readyz', '/test']
const chatBody = '{"model":"m","stream":false}'
type Init = { key?: string; method?: string; body?: string; headers?: Record<string, string> }

async function call(path: string, { key, method, body, headers = {} }: Init = {}) {
  const response = await fetch(`${corral.url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...headers },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text }
}
/** A record of who was refused; the key's and the owner's ids stand or are missing together. */
async function untilRecorded(
  wanted: { errorCode: string; keyPrefix: string | null; principal?: string },
  cause: () => Promise<unknown> = async () => {},
) {
  await cause()
  const fits = (one: UsageRecord) =>
    Object.entries(wanted).every(([name, value]) => one[name as keyof UsageRecord] === value) &&
    (one.keyId !== null) === (wanted.keyPrefix !== null) &&
    (one.userId !== null) === (wanted.keyPrefix !== null)
  await corral.records((all) => all.some(fits))
}
const chat = (key: string) => call('/api/chat', { key, body: chatBody })

describe('A1, A2, A4: keys', () => {
  const dialects: [path: string, shape: (text: string) => object][] = [
    ['/api/chat', (message) => ({ error: message })],
    [
      '/v1/chat/completions',
      (message) => ({
        error: { message, type: 'authentication_error', param: null, code: expect.any(String) },
      }),
    ],
    [
      '/v1/messages',
      (message) => ({
        type: 'error',
        error: { type: 'authentication_error', message },
        request_id: expect.stringMatching(/^req_/),
      }),
    ],
  ]
  for (const [path, shape] of dialects) {
    test(`${path}: missing, malformed and unknown are 401 with a challenge, in the dialect`, async () => {
      const wrong = `${corral.key.slice(0, -5)}AAAAA`
      const texts = [
        [undefined, 'No API key. Send it as "Authorization: Bearer <key>".'],
        [
          'sk-nonsense',
          'This is not an API key of this server. A key looks like op_<prefix>_<secret>.',
        ],
        [wrong, 'Unknown API key. Check that it was copied whole.'],
      ] as const
      for (const [key, text] of texts) {
        const answer = await call(path, { ...(key && { key }), body: chatBody })
        expect(answer.status).toBe(401)
        expect(answer.headers.get('www-authenticate')).toBe('Bearer')
        expect(JSON.parse(answer.text)).toEqual(shape(text))
      }
    })
  }

  test('a key is taken from every place, the path before Authorization before x-api-key', async () => {
    const { key } = corral
    const places: Record<string, string>[] = [
      { authorization: `Token ${key}` },
      { authorization: `basic ${btoa(`anyone:${key}`)}` },
      { 'x-api-key': key },
      { authorization: `Bearer ${key}`, 'x-api-key': 'wrong' },
    ]
    for (const headers of places) expect((await call('/api/tags', { headers })).status).toBe(200)
    expect((await call(`/k/${key}/api/tags`, { key: 'wrong' })).status).toBe(200)
    expect((await call('/k/wrong/api/tags', { key })).status).toBe(401)
    const shadowed = { authorization: 'Bearer wrong', 'x-api-key': key }
    expect((await call('/api/tags', { headers: shadowed })).status).toBe(401)
  })

  test('each state of a key is 403 in its words, only for who knows the secret, within a second', async () => {
    const key = await corral.addKey()
    const prefix = key.split('_')[1] ?? ''
    expect((await chat(key)).status).toBe(200)
    await disableKey(corral.context, prefix)
    const changedMs = performance.now()
    await waitFor(async () => (await chat(key)).status === 403)
    expect(performance.now() - changedMs).toBeLessThan(4000)
    expect((await chat(key)).text).toBe(
      '{"error":"This API key is disabled. Ask its owner or an admin to enable it."}',
    )
    expect((await chat(`${key.slice(0, -3)}AAA`)).status).toBe(401)
    await enableKey(corral.context, prefix)
    await waitFor(async () => (await chat(key)).status === 200)
    await revokeKey(corral.context, prefix)
    await waitFor(async () => (await chat(key)).status === 403)
    expect((await chat(key)).text).toContain('was revoked')
    const codes = ['auth.key_disabled', 'auth.key_revoked']
    for (const errorCode of codes) await untilRecorded({ errorCode, keyPrefix: prefix })
  })

  test('an expired key and the key of an inactive owner are 403', async () => {
    const soon = await corral.addKey({ expiresAt: new Date(Date.now() + 300) })
    await waitFor(async () => (await chat(soon)).text.includes('has expired'))
    expect((await chat(soon)).status).toBe(403)
    await createUser(corral.context, { name: 'gone', role: 'member', password: 'a long password' })
    const key = await corral.addKey({ owner: 'gone' })
    expect((await chat(key)).status).toBe(200)
    await deactivateUser(corral.context, 'gone')
    await waitFor(async () => (await chat(key)).status === 403)
    expect((await chat(key)).text).toContain('owner of this API key is inactive')
    const expired = { errorCode: 'auth.key_expired', principal: 'admin' }
    await untilRecorded({ ...expired, keyPrefix: soon.split('_')[1] ?? '' })
    const inactive = { errorCode: 'auth.owner_inactive', principal: 'gone' }
    await untilRecorded({ ...inactive, keyPrefix: key.split('_')[1] ?? '' })
    const wrong = `${soon.slice(0, -3)}AAA`
    await untilRecorded({ errorCode: 'auth.key_unknown', keyPrefix: null }, () => chat(wrong))
  })

  test('A5: both secrets work during the grace, the old one not with grace 0', async () => {
    const old = await corral.addKey()
    const prefix = old.split('_')[1] ?? ''
    const { token } = await rotateKey(corral.context, prefix, { graceSeconds: 3600 })
    await waitFor(async () => (await chat(token)).status === 200)
    expect((await chat(old)).status).toBe(200)
    const next = await rotateKey(corral.context, prefix, { graceSeconds: 0 })
    await waitFor(async () => (await chat(token)).status === 401)
    expect((await chat(next.token)).status).toBe(200)
  })
})

describe('A7, B1: what a team says of the keys of its members', () => {
  test('its limit and its models hold within a second, and a limit of the key comes before', async () => {
    const { context } = corral
    await createUser(context, { name: 'tess', role: 'member', password: 'a long password' })
    const own = await corral.addKey({
      owner: 'tess',
      rateLimit: { requests: 50, windowSeconds: 60 },
    })
    const key = await corral.addKey({ owner: 'tess' })
    await createTeam(context, {
      name: 'limited',
      models: { allow: ['m'], deny: [] },
      rateLimit: { requests: 2, windowSeconds: 3600 },
    })
    await setTeamMember(context, 'limited', { user: 'tess' })
    await waitFor(async () => (await chat(key)).status === 429)
    const refused = await chat(key)
    expect(refused.headers.get('ratelimit-limit')).toBe('2')
    expect(refused.text).toMatch(/Rate limit exceeded\. Try again in \d+ seconds?\./)
    expect((await chat(own)).status).toBe(200)
    const other = await call('/api/chat', { key: own, body: '{"model":"other:7b"}' })
    expect(other.status).toBe(403)
    await removeTeamMember(context, 'limited', { user: 'tess' })
    await waitFor(async () => (await chat(key)).status === 200)
  })
})

describe('A6, A8: what a key may do', () => {
  test('a missing permission is 403 and is named', async () => {
    const key = await corral.addKey({ permissions: ['models:read'] })
    const cases: [Promise<{ status: number; text: string }>, string][] = [
      [chat(key), 'inference'],
      [call('/api/embed', { key, body: chatBody }), 'embeddings'],
      [call('/api/pull', { key, body: chatBody }), 'models:manage'],
      [call('/api/blobs/sha256:1', { key, method: 'HEAD' }), ''],
      [call('/api/tags', { key, headers: { 'x-corral-backend': 'gpu-1' } }), 'backend:pin'],
      [call('/api/tags', { key, headers: { 'x-provider': 'gpu-1' } }), 'backend:pin'],
    ]
    for (const [answering, permission] of cases) {
      const answer = await answering
      expect(answer.status, permission).toBe(403)
      if (permission) expect(answer.text).toContain(`lacks the permission \\"${permission}\\"`)
    }
  })

  test('models are globs where deny wins, in any spelling, and lists leave out what is denied', async () => {
    const key = await corral.addKey({ models: { allow: ['*'], deny: ['M:latest', '*cloud'] } })
    for (const model of [
      'm',
      'M',
      'm:latest',
      'library/m',
      'registry.ollama.ai/library/m:latest',
    ]) {
      const answer = await call('/api/chat', { key, body: JSON.stringify({ model }) })
      expect(answer.status, model).toBe(403)
      expect(answer.text).toContain('may not use the model')
    }
    const tags = JSON.parse((await call('/api/tags', { key })).text)
    expect(tags.models.map((one: { name: string }) => one.name)).toEqual(['other:7b'])
    const list = JSON.parse((await call('/v1/models', { key })).text)
    expect(list.data.map((one: { id: string }) => one.id)).toEqual(['other:7b'])
    expect((await call('/v1/models/m', { key })).status).toBe(403)
    const copy = JSON.stringify({ source: 'other:7b', destination: 'm' })
    const manager = await corral.addKey({
      permissions: ['models:manage'],
      models: { allow: ['other*'], deny: [] },
    })
    expect((await call('/api/copy', { key: manager, body: copy })).status).toBe(403)
  })

  test('a key of another network is 403, and its frontends are held to', async () => {
    const far = await corral.addKey({ networks: { allow: ['10.0.0.0/8'], deny: [] } })
    expect((await chat(far)).text).toContain('may not be used from your network address')
    const prefix = far.split('_')[1] ?? ''
    await updateKey(corral.context, prefix, { networks: { allow: ['*'], deny: [] } })
    await waitFor(async () => (await chat(far)).status === 200)
    expect((await call(`/f/default/k/${far}/api/tags`)).status).toBe(200)
    expect((await call(`/k/${far}/f/nobody/api/tags`)).status).toBe(404)
  })

  test('what acts on the account of the server is 403 but for an admin key', async () => {
    const { key } = corral
    for (const path of ['/api/me', '/api/signout']) {
      const answer = await call(path, { key, body: '{}' })
      expect(answer.status).toBe(403)
      expect(answer.text).toContain('It needs the permission \\"admin\\"')
    }
    expect((await call('/api/user/keys/abc', { key, method: 'DELETE' })).status).toBe(403)
    const admin = await corral.addKey({ permissions: ['admin', 'inference'] })
    expect((await call('/api/me', { key: admin, body: '{}' })).status).toBe(200)
  })

  test('what spends the account is 403 until the setting allows it', async () => {
    const { key } = corral
    const spending: [string, string][] = [
      ['/api/chat', '{"model":"x:cloud"}'],
      ['/api/chat', '{"model":"gpt-oss:120b-cloud"}'],
      ['/v1/messages', '{"model":"X:CLOUD"}'],
      ['/api/create', '{"model":"n","from":"x:cloud"}'],
      ['/api/create', '{"model":"n","from":"m","remote_host":"https://ollama.com"}'],
      ['/api/experimental/web_search', '{"query":"q"}'],
      ['/api/experimental/web_fetch', '{"url":"http://x"}'],
    ]
    const before = backend.requests.length
    for (const [path, body] of spending) {
      const answer = await call(path, { key, body })
      expect(answer.status, path + body).toBe(403)
      expect(answer.text).toContain('accountSpending')
    }
    expect(backend.requests.length).toBe(before)
    await corral.set({ accountSpending: true })
    for (const [path, body] of spending.filter(([, each]) => !each.includes('120b'))) {
      expect((await call(path, { key, body })).status, path + body).toBe(200)
    }
    await corral.set({ accountSpending: false })
  })

  test('an open frontend takes anonymous callers of its networks, with their own limit', async () => {
    await updateFrontend(corral.context, 'default', {
      access: 'open',
      openNetworks: ['127.0.0.0/8'],
      anonymousRateLimit: { requests: 2, windowSeconds: 3600 },
    })
    await corral.settled()
    expect((await call('/api/chat', { body: chatBody })).status).toBe(200)
    expect((await call('/api/chat', { key: 'ollama', body: chatBody })).status).toBe(200)
    const third = await call('/api/chat', { body: chatBody })
    expect(third.status).toBe(429)
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(third.headers.get('ratelimit-limit')).toBe('2')
    expect(third.headers.get('ratelimit-remaining')).toBe('0')
    expect(third.text).toMatch(/^\{"error":"Rate limit exceeded. Try again in \d+ seconds."\}$/)
    expect((await chat(corral.key)).status, 'a key has a window of its own').toBe(200)
    expect((await chat(`${corral.key.slice(0, -3)}AAA`)).status).toBe(401)
    const records = await corral.records((all) => all.some((one) => one.principal === 'anonymous'))
    expect(records.find((one) => one.principal === 'anonymous')).toMatchObject({ keyId: null })
    await updateFrontend(corral.context, 'default', { openNetworks: ['10.0.0.0/8'] })
    await corral.settled()
    expect((await call('/api/tags')).status).toBe(401)
    await updateFrontend(corral.context, 'default', { access: 'keyed', openNetworks: ['*'] })
    await corral.settled()
  })
})

describe('C: addresses and safety', () => {
  const from = async (localAddress: string, forwardedFor: string) => {
    const head = `GET /api/tags HTTP/1.1\r\nHost: x\r\nx-api-key: ${corral.key}\r\n`
    const { answers } = await exchangeRaw({
      port: corral.port,
      localAddress,
      pieces: [`${head}X-Forwarded-For: ${forwardedFor}\r\n\r\n`],
      quietMs: 3000,
    })
    return answers[0]?.status
  }

  test('a backend hears of the scheme and host that a trusted proxy tells, and of no forged ones', async () => {
    const told = async (localAddress: string) => {
      const head = `GET /api/status HTTP/1.1\r\nHost: inside\r\nx-api-key: ${corral.key}\r\n`
      const forwarded = 'X-Forwarded-Proto: https\r\nX-Forwarded-Host: llm.example.com\r\n\r\n'
      await exchangeRaw({ port: corral.port, localAddress, pieces: [head + forwarded] })
      const { headers } = backend.requests.at(-1) ?? {}
      return [headers?.['x-forwarded-proto'], headers?.['x-forwarded-host']]
    }
    expect(await told('127.0.0.1')).toEqual(['http', 'inside'])
    expect(await told('127.0.0.2')).toEqual(['https', 'llm.example.com'])
  })

  test('X-Forwarded-For counts only from a trusted proxy, the right-most untrusted entry', async () => {
    const rule = await createAddressRule(corral.context, { effect: 'deny', network: '10.9.9.9' })
    await corral.settled()
    expect(await from('127.0.0.1', '10.9.9.9')).toBe(200)
    expect(await from('127.0.0.2', '10.9.9.9')).toBe(403)
    expect(await from('127.0.0.2', '10.9.9.9, 10.1.1.1')).toBe(200)
    expect(await from('127.0.0.2', '10.1.1.1, 10.9.9.9, 127.0.0.2')).toBe(403)
    await removeAddressRule(corral.context, rule.id)
    await corral.settled()
  })

  test('a preflight of an allowed origin is 204 with the headers of Anthropic, a foreign one is 403', async () => {
    const preflight = (origin: string) =>
      call('/v1/messages', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    const allowed = await preflight('http://localhost:3000')
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull()
    const names = allowed.headers.get('access-control-allow-headers')?.split(',')
    for (const name of ['x-api-key', 'anthropic-version', 'anthropic-beta', 'Authorization']) {
      expect(names).toContain(name)
    }
    for (const origin of ['http://evil.example', 'null', 'http://localhost.evil.example']) {
      expect((await preflight(origin)).status, origin).toBe(403)
      const answer = await call('/api/tags', { key: corral.key, headers: { origin } })
      expect(answer.status).toBe(403)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('the heartbeat and the health paths carry CORS for an allowed origin, and for no other', async () => {
    const allowed = 'http://localhost:3000'
    for (const path of asides) {
      const answer = await call(path, { headers: { origin: allowed } })
      expect(answer.headers.get('access-control-allow-origin'), path).toBe(allowed)
      const foreign = await call(path, { headers: { origin: 'http://evil.example' } })
      expect(foreign.headers.get('access-control-allow-origin'), path).toBeNull()
    }
  })

  test('unknown paths are 404, known ones with another method 405, and nothing of either goes on', async () => {
    const before = backend.requests.length
    const { key } = corral
    const unknown = await call('/api/nothing', { key, body: '{}' })
    expect([unknown.status, unknown.text]).toEqual([404, '404 page not found'])
    const wrong = await call('/api/chat', { key })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
    for (const path of asides) {
      const refused = await call(path, { key, body: '{}' })
      expect([refused.status, refused.headers.get('allow')], path).toEqual([405, 'HEAD, GET'])
    }
    await corral.set({ extraPaths: ['/api/nothing'] })
    expect((await call('/api/nothing', { key, body: '{}' })).status).toBe(200)
    await corral.set({ extraPaths: [] })
    expect(backend.requests.length).toBe(before + 1)
  })

  test('HTTP/1.0 is 505 where the setting says so', async () => {
    const pieces = [`GET /api/tags HTTP/1.0\r\nx-api-key: ${corral.key}\r\n\r\n`]
    const ask = async () =>
      (await exchangeRaw({ port: corral.port, pieces, quietMs: 3000 })).answers
    expect((await ask())[0]?.status).toBe(200)
    await corral.set({ refuseHttp10: true })
    expect((await ask())[0]?.status).toBe(505)
    await corral.set({ refuseHttp10: false })
  })

  test('two readings of one body are 400 in every spelling, and the backend sees none', async () => {
    const before = backend.requests.length
    for (const body of [
      '{"model":"m","MODEL":"other:7b"}',
      '{"model":"m","\\u004dodel":"other:7b"}',
      '{"model":"m","stream":true,"\u017ftream":false}',
      '{"model":"m","name":"a","Name":"b"}',
      '{"model":"m","stream_options":{},"Stream_Options":{}}',
      '{"model":"m"} {"model":"other:7b"}',
    ]) {
      for (const path of ['/api/chat', '/v1/chat/completions', '/v1/messages']) {
        expect((await call(path, { key: corral.key, body })).status, body).toBe(400)
      }
    }
    expect(backend.requests.length).toBe(before)
    const named = await call('/api/show', { key: corral.key, body: '{"model":"","name":"m"}' })
    expect(named.status).toBe(200)
    expect(backend.requests.at(-1)?.body.toString()).toBe('{"model":"","name":"m"}')
  })
})

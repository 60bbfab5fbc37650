import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { type FiguresContext, openFiguresContext } from '@/tests/admin/open-figures-context'
import { createRunFolder } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { explainKnock, lastKnock } from './last-knock'
import { recogniseClient } from './recognise-client'

const nowMs = Date.now()
const address = '192.0.2.7'
const noKey = {
  status: 401,
  errorCode: 'auth.key_missing',
  keyId: null,
  userId: null,
  clientAddress: address,
}

let test: FiguresContext
beforeAll(async () => {
  const folder = await createRunFolder()
  test = await openFiguresContext({ url: `file:${path.join(folder, 'corral.db')}`, nowMs })
})
afterAll(() => test?.close())

const at = (secondsAgo: number) => ({ startedAtMs: nowMs - secondsAgo * 1000 })
const listen = (backMs = 60_000) => lastKnock(test.asUser(test.ana), { address, backMs })

describe('the last knock', () => {
  it('hears only the reader’s own address, and nothing while it is not known', async () => {
    await test.ingest([
      makeUsageRecord({ ...noKey, ...at(50), clientAddress: '192.0.2.8' }),
      makeUsageRecord({ ...noKey, ...at(500) }),
    ])
    expect(await listen()).toMatchObject({ address, knock: null, success: null })
    const unknown = await lastKnock(test, { address: null, backMs: 60_000 })
    expect(unknown).toMatchObject({ address: null, knock: null, success: null })
  })

  it('reads a call without a key back with the place where it goes in that client', async () => {
    const userAgent = 'Python/3.11 aiohttp/3.11.11'
    await test.ingest([makeUsageRecord({ ...noKey, ...at(11), userAgent, path: '/api/tags' })])
    const { knock } = await listen()
    expect(knock).toMatchObject({ client: 'Open WebUI', problem: 'had no key', path: '/api/tags' })
    expect(knock?.cure).toMatch(/^In Open WebUI it goes under Admin Panel/)
  })

  it('does not tell a member of calls by other people’s keys behind the same address', async () => {
    const toms = { keyId: test.tomKey.id, userId: test.tom.id, clientAddress: address }
    await test.ingest([makeUsageRecord({ ...toms, ...at(8) })])
    expect((await listen()).success).toBeNull()
    const operator = await lastKnock(test, { address, backMs: 60_000 })
    expect(operator.success).toMatchObject({ keyName: 'ci' })
  })

  it('tells the first success after it, and then a later failure', async () => {
    const anas = { keyId: test.anaKey.id, userId: test.ana.id, clientAddress: address }
    const first = makeUsageRecord({ ...anas, ...at(6) })
    await test.ingest([first, makeUsageRecord({ ...anas, ...at(5) })])
    expect((await listen()).success).toMatchObject({ id: first.id, keyName: 'web-ui' })
    const limited = { status: 429, errorCode: 'limits.rate_exceeded', errorText: 'Too many.' }
    await test.ingest([makeUsageRecord({ ...anas, ...limited, ...at(2) })])
    const { knock, success } = await listen()
    expect(success).toBeNull()
    expect(knock?.problem).toBe('was refused: Too many')
    expect(knock?.cure).not.toBe('')
  })
})

describe('the cure of a knock', () => {
  const cureOf = (different: Partial<UsageRecord>) => explainKnock(makeUsageRecord(different))

  it('knows a base address with a /v1 too many and one without', () => {
    const unknown = { status: 404, errorCode: 'http.path_unknown' }
    const cures = {
      '/v1/v1/chat/completions': /twice/,
      '/v1/api/chat': /without \/v1/,
      '/api/chat/completions': /with \/v1 at its end/,
      '/api/api/tags': /leave it out/,
    }
    for (const [path, words] of Object.entries(cures)) {
      expect(cureOf({ ...unknown, path }).cure).toMatch(words)
    }
  })

  it('names the place of a key in each client that says who it is', () => {
    const agents = {
      'curl/8.5.0': /-H "Authorization/,
      'ollama/0.32.15 (amd64 linux) Go/go1.24': /OLLAMA_HOST/,
      'ollama-js/0.6.4 (x64 linux Node.js/v20)': /new Ollama/,
      'ollama-python/0.5.1 (x86_64 linux) Python/3.12': /Client\(/,
      'OpenAI/JS 6.49.0': /apiKey/,
      'OpenAI/Python 2.1.0': /api_key/,
      'Anthropic/JS 1.11.0': /ANTHROPIC_API_KEY/,
      'AsyncAnthropic/Python 0.80.0': /api_key/,
      'GitHubCopilotChat/0.30': /VS Code/,
    }
    for (const [userAgent, words] of Object.entries(agents)) {
      expect(cureOf({ ...noKey, userAgent }).cure).toMatch(words)
    }
    expect(cureOf({ ...noKey, userAgent: 'Mozilla/5.0' }).cure).toMatch(/^Send it as the header/)
    expect(recogniseClient(null)).toBeNull()
  })
})

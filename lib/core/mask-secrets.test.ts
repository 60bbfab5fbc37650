import { describe, expect, it } from 'vitest'
import { maskSecretFields, maskSecrets } from './mask-secrets'

const secret = 'Zz09'.repeat(11).slice(0, 43)

describe('maskSecrets', () => {
  it.each([
    [`key op_abcdefghij_${secret} failed`, 'key op_abcdefghij_[masked] failed'],
    [`GET /k/op_abcdefghij_${secret}/api/chat`, 'GET /k/op_abcdefghij_[masked]/api/chat'],
    ['GET /k/an-old-token/api/chat', 'GET /k/[masked]/api/chat'],
    [`Authorization: Bearer ${secret}`, 'Authorization: Bearer [masked]'],
    ['postgresql://corral:hunter2@db/x', 'postgresql://corral:[masked]@db/x'],
    ['model llama3 on op_abcdefghij', 'model llama3 on op_abcdefghij'],
    ['Send it as "Authorization: Bearer <key>".', 'Send it as "Authorization: Bearer <key>".'],
  ])('%s', (text, shown) => {
    expect(maskSecrets(text)).toBe(shown)
  })
})

describe('maskSecretFields', () => {
  it('masks by name at any depth, in any spelling, and leaves the caller its object', () => {
    const fields = {
      model: 'llama3',
      promptTokens: 7,
      keyPrefix: 'op_abcdefghij',
      headers: { 'X-API-Key': 'a', accept: '*/*', 'set-cookie': ['b'] },
      list: [{ api_key: 'c' }, { password: null }],
    }
    const copy = structuredClone(fields)
    expect(maskSecretFields(fields)).toEqual({
      ...fields,
      headers: { 'X-API-Key': '[masked]', accept: '*/*', 'set-cookie': '[masked]' },
      list: [{ api_key: '[masked]' }, { password: null }],
    })
    expect(fields).toEqual(copy)
  })

  it('a line without secrets is not copied', () => {
    const fields = { id: 'req_1', status: 200 }
    expect(maskSecretFields(fields)).toBe(fields)
  })

  it('a ring of objects ends', () => {
    const ring: Record<string, unknown> = { name: 'a' }
    ring.self = ring
    expect(JSON.stringify(maskSecretFields(ring))).toContain('[masked]')
  })
})

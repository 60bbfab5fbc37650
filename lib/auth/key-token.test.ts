import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isOwnKeyForm, makeKeyToken, parseKeyToken } from './key-token'

const token = `op_0123456789_${'a'.repeat(43)}`

describe('makeKeyToken', () => {
  it('makes a token of a prefix of 10 and a secret of 43 base62 characters', () => {
    const made = makeKeyToken()
    expect(made.token).toMatch(/^op_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}$/)
    expect(parseKeyToken(made.token)?.prefix).toBe(made.prefix)
    expect(makeKeyToken().token).not.toBe(made.token)
  })

  it('gives the SHA-256 of the secret, in hex, to be stored', () => {
    const made = makeKeyToken()
    const secret = made.token.slice(-43)
    expect(made.digest).toBe(createHash('sha256').update(secret).digest('hex'))
  })

  it('keeps the prefix of a key that is rotated', () => {
    expect(makeKeyToken({ prefix: '0123456789' }).token.startsWith('op_0123456789_')).toBe(true)
  })
})

describe('parseKeyToken', () => {
  it('reads a whole token', () => {
    expect(parseKeyToken(token)).toEqual({ prefix: '0123456789', secret: 'a'.repeat(43) })
  })

  it.each([
    '',
    'op_',
    token.slice(0, -1),
    `${token}a`,
    `${token}\n`,
    ` ${token}`,
    token.replace('op_', 'OP_'),
    token.replace('op_', 'sk-'),
    token.replace('0', '-'),
    token.replace('0', 'é'),
  ])('refuses %j', (text) => expect(parseKeyToken(text)).toBeNull())
})

describe('isOwnKeyForm', () => {
  it('tells a broken key of ours from a word that SDKs insist on', () => {
    expect(isOwnKeyForm('op_x')).toBe(true)
    expect(isOwnKeyForm('ollama')).toBe(false)
    expect(isOwnKeyForm('sk-x')).toBe(false)
  })
})

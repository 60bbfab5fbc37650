import { describe, expect, it } from 'vitest'
import { deriveSealKey, openSecret, sealSecret } from './seal'

const key = deriveSealKey('a secret that is long enough to be one')

describe('sealSecret', () => {
  it('a sealed secret opens again under the same CORRAL_SECRET', () => {
    const again = deriveSealKey('a secret that is long enough to be one')
    expect(openSecret(sealSecret('tökén', key), again)).toBe('tökén')
  })

  it('a sealed text holds nothing of the secret and is never twice the same', () => {
    const sealed = sealSecret('sk-plain', key)
    expect(sealed).toMatch(/^v1\.[\w-]+$/)
    expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain('plain')
    expect(sealSecret('sk-plain', key)).not.toBe(sealed)
  })

  it('another CORRAL_SECRET, a changed byte and an unknown form say so', () => {
    const sealed = sealSecret('sk-plain', key)
    expect(() => openSecret(sealed, deriveSealKey('another'))).toThrow('another CORRAL_SECRET')
    const bytes = Buffer.from(sealed.slice(3), 'base64url')
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
    expect(() => openSecret(`v1.${bytes.toString('base64url')}`, key)).toThrow('cannot be opened')
    expect(() => openSecret('v1.', key)).toThrow('cannot be opened')
    expect(() => openSecret('v9.abc', key)).toThrow('a form that this version cannot read')
  })
})

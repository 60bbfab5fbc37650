import { hash } from 'bcryptjs'
import { describe, expect, it } from 'vitest'
import { hashPassword, isBcryptHash, verifyPassword } from './password'

describe('passwords', () => {
  it('are hashed by argon2id with 19 MiB and 2 passes, each with its own salt', async () => {
    const one = await hashPassword('correct horse')
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await hashPassword('correct horse')).not.toBe(one)
    expect(await verifyPassword('correct horse', one)).toBe(true)
    expect(await verifyPassword('correct horsf', one)).toBe(false)
    expect(isBcryptHash(one)).toBe(false)
  })

  it('of older proxies verify by their bcrypt hash, and say that they want a new one', async () => {
    const imported = await hash('correct horse', 4)
    expect(await verifyPassword('correct horse', imported)).toBe(true)
    expect(await verifyPassword('wrong', imported)).toBe(false)
    expect(isBcryptHash(imported)).toBe(true)
  })

  it('fit no hash that is none', async () => {
    expect(await verifyPassword('x', '')).toBe(false)
    expect(await verifyPassword('x', 'plain')).toBe(false)
    expect(await verifyPassword('x', '$2b$04$short')).toBe(false)
  })
})

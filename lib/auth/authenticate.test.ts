import { hash } from 'bcryptjs'
import { describe, expect, it } from 'vitest'
import { isCorralError } from '@/lib/core/errors'
import type { KeyWithSecretDigests } from '@/lib/db/contract'
import { createAuthenticator } from './authenticate'
import { makeKeyToken } from './key-token'

type Change = Partial<Omit<KeyWithSecretDigests, 'owner'>> & {
  owner?: Partial<KeyWithSecretDigests['owner']>
}

/** A database of keys that counts its lookups and can be lost. */
function setUp() {
  const keys = new Map<string, KeyWithSecretDigests>()
  const state = { now: 1_000_000, lookups: 0, lost: false, replaced: [] as string[] }
  const authenticator = createAuthenticator({
    clock: { nowMs: () => state.now, monotonicMs: () => state.now },
    async findKey(prefix) {
      state.lookups++
      const found = keys.get(prefix) ?? null
      await Promise.resolve()
      if (state.lost) throw new Error('the database is locked')
      return found && structuredClone(found)
    },
    async replaceDigest(_secretId, digest) {
      if (state.lost) throw new Error('the database is locked')
      state.replaced.push(digest)
    },
  })
  const addKey = (change: Change = {}) => {
    const { token, prefix, digest } = makeKeyToken()
    const key: KeyWithSecretDigests = {
      id: `id ${prefix}`,
      prefix,
      name: 'n',
      state: 'active',
      expiresAtMs: null,
      permissions: ['inference', 'admin'],
      models: { allow: ['*'], deny: [] },
      frontends: null,
      networks: { allow: ['*'], deny: [] },
      rateLimit: null,
      secrets: [{ id: 's1', digest, kind: 'sha256', validUntilMs: null }],
      ...change,
      owner: {
        id: 'u',
        name: 'ann',
        role: 'member',
        active: true,
        rateLimit: { requests: 5, windowSeconds: 60 },
        ...change.owner,
      },
    }
    keys.set(prefix, key)
    return { token, key }
  }
  const ask = async (token: string) =>
    authenticator.authenticate({ token, source: 'authorization' })
  const outcome = async (token: string) => {
    try {
      await ask(token)
      return 'known'
    } catch (error) {
      if (!isCorralError(error)) throw error
      return `${error.status} ${error.code}`
    }
  }
  return { authenticator, state, keys, addKey, ask, outcome }
}

const withOtherSecret = (token: string) => `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`

describe('the answers of A4', () => {
  it.each<[string, Change, string]>([
    ['an active key', {}, 'known'],
    ['a key that expires later', { expiresAtMs: 1_000_001 }, 'known'],
    ['a revoked key', { state: 'revoked' }, '403 auth.key_revoked'],
    ['a disabled key', { state: 'disabled' }, '403 auth.key_disabled'],
    ['an expired key', { expiresAtMs: 1_000_000 }, '403 auth.key_expired'],
    ['a key of an inactive owner', { owner: { active: false } }, '403 auth.owner_inactive'],
    [
      'a revoked key of an inactive owner',
      { state: 'revoked', owner: { active: false } },
      '403 auth.key_revoked',
    ],
  ])('%s: %s', async (_name, change, answer) => {
    const { addKey, outcome } = setUp()
    const { token } = addKey(change)
    expect(await outcome(token)).toBe(answer)
    expect(await outcome(withOtherSecret(token))).toBe('401 auth.key_unknown')
  })

  it('are 401 with a challenge for an unknown or malformed key', async () => {
    const { ask, outcome } = setUp()
    expect(await outcome(makeKeyToken().token)).toBe('401 auth.key_unknown')
    expect(await outcome('op_short')).toBe('401 auth.key_malformed')
    await expect(ask(makeKeyToken().token)).rejects.toMatchObject({
      headers: { 'WWW-Authenticate': 'Bearer' },
    })
    await expect(ask('sk-x')).rejects.toMatchObject({ headers: { 'WWW-Authenticate': 'Bearer' } })
  })

  it('say the same of an unknown prefix and of a wrong secret', async () => {
    const { addKey, ask } = setUp()
    const wrong = await ask(withOtherSecret(addKey().token)).catch((error: unknown) => error)
    const unknown = await ask(makeKeyToken().token).catch((error: unknown) => error)
    expect(String(wrong)).toBe(String(unknown))
  })
})

describe('a principal', () => {
  it("has its key's permissions cut to its owner's role, and its owner's limit where it has none", async () => {
    const { addKey, ask } = setUp()
    expect(await ask(addKey().token)).toMatchObject({
      kind: 'key',
      ownerName: 'ann',
      permissions: new Set(['inference']),
      rateLimit: { requests: 5, windowSeconds: 60 },
    })
    const own = { requests: 9, windowSeconds: 1 }
    const { token } = addKey({ rateLimit: own, owner: { role: 'admin' } })
    expect(await ask(token)).toMatchObject({
      permissions: new Set(['inference', 'admin']),
      rateLimit: own,
    })
  })

  it('holds no secret and no digest', async () => {
    const { addKey, ask } = setUp()
    const { token, key } = addKey()
    const text = JSON.stringify(await ask(token))
    expect(text).not.toContain(token.slice(-43))
    expect(text).not.toContain(key.secrets[0]?.digest)
  })
})

describe('rotation', () => {
  it('lets the old secret work until its grace ends, by the clock at each use', async () => {
    const { addKey, outcome, state } = setUp()
    const { token, key } = addKey()
    const next = makeKeyToken({ prefix: key.prefix })
    const [old] = key.secrets
    if (old) old.validUntilMs = state.now + 10_000
    key.secrets.push({ id: 's2', digest: next.digest, kind: 'sha256', validUntilMs: null })
    expect(await outcome(token)).toBe('known')
    expect(await outcome(next.token)).toBe('known')
    state.now += 10_000
    expect(await outcome(token)).toBe('401 auth.key_unknown')
    expect(await outcome(next.token)).toBe('known')
    expect(state.lookups).toBe(1)
  })
})

describe('an imported key', () => {
  it('verifies by its bcrypt hash once, and is stored again as a SHA-256 digest', async () => {
    const { keys, outcome, state } = setUp()
    const { token, prefix, digest } = makeKeyToken()
    const bcrypt = await hash(token.slice(-43), 4)
    const { key } = setUp().addKey({
      prefix,
      secrets: [{ id: 's1', digest: bcrypt, kind: 'bcrypt', validUntilMs: null }],
    })
    keys.set(prefix, key)
    expect(await outcome(withOtherSecret(token))).toBe('401 auth.key_unknown')
    expect(state.replaced).toEqual([])
    expect(await outcome(token)).toBe('known')
    expect(await outcome(token)).toBe('known')
    expect(state.replaced).toEqual([digest])
  })

  it('works while its new digest cannot be stored', async () => {
    const { keys, outcome, state } = setUp()
    const { token, prefix } = makeKeyToken()
    const bcrypt = await hash(token.slice(-43), 4)
    const { key } = setUp().addKey({
      prefix,
      secrets: [{ id: 's1', digest: bcrypt, kind: 'bcrypt', validUntilMs: null }],
    })
    keys.set(prefix, key)
    await outcome(withOtherSecret(token))
    state.lost = true
    expect(await outcome(token)).toBe('known')
  })
})

describe('what is remembered', () => {
  it('spares the database: a known key is looked up once a minute, a bad one once in 5 s', async () => {
    const { addKey, outcome, state } = setUp()
    const { token } = addKey()
    const bad = makeKeyToken().token
    for (let i = 0; i < 20; i++) {
      await outcome(token)
      await outcome(withOtherSecret(token))
      await outcome(bad)
    }
    expect(state.lookups).toBe(2)
    state.now += 5001
    await outcome(bad)
    expect(state.lookups).toBe(3)
  })

  it('is dropped on a change, so that a revoked key stops and a new one works', async () => {
    const { addKey, authenticator, keys, outcome } = setUp()
    const { token, key } = addKey()
    const fresh = makeKeyToken()
    expect(await outcome(token)).toBe('known')
    expect(await outcome(fresh.token)).toBe('401 auth.key_unknown')
    key.state = 'revoked'
    keys.set(fresh.prefix, {
      ...key,
      prefix: fresh.prefix,
      state: 'active',
      secrets: [{ id: 's', digest: fresh.digest, kind: 'sha256', validUntilMs: null }],
    })
    authenticator.forget()
    expect(await outcome(token)).toBe('403 auth.key_revoked')
    expect(await outcome(fresh.token)).toBe('known')
  })

  it('is never what was read before a change', async () => {
    const { addKey, authenticator, outcome } = setUp()
    const { token, key } = addKey()
    const first = outcome(token)
    key.state = 'revoked'
    authenticator.forget()
    await first
    expect(await outcome(token)).toBe('403 auth.key_revoked')
  })

  it('is read again after a minute without a wait, and then holds', async () => {
    const { addKey, keys, outcome, state } = setUp()
    const { token, key } = addKey()
    await outcome(token)
    keys.delete(key.prefix)
    state.now += 60_001
    expect(await outcome(token)).toBe('known')
    await new Promise(setImmediate)
    expect(await outcome(token)).toBe('401 auth.key_unknown')
  })

  it('is looked up once for many who ask at a time', async () => {
    const { addKey, outcome, state } = setUp()
    const { token } = addKey()
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => outcome(token)))
    expect(new Set(outcomes)).toEqual(new Set(['known']))
    expect(state.lookups).toBe(1)
  })

  it('survives a flood of bad keys', async () => {
    const { addKey, outcome, state } = setUp()
    const { token } = addKey()
    await outcome(token)
    for (let i = 0; i < 12_000; i++) await outcome(makeKeyToken().token)
    const before = state.lookups
    expect(await outcome(token)).toBe('known')
    expect(state.lookups).toBe(before)
  })

  it('bounds the lookups at a time: more is 503, not 401', async () => {
    const { outcome, state } = setUp()
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, () => outcome(makeKeyToken().token)),
    )
    expect(outcomes.filter((one) => one === '503 auth.unavailable')).toHaveLength(144)
    expect(state.lookups).toBe(256)
  })
})

describe('with the database lost', () => {
  it('known keys go on although a change was seen, and are read again when it is back', async () => {
    const { addKey, authenticator, outcome, state } = setUp()
    const { token, key } = addKey()
    await outcome(token)
    state.lost = true
    authenticator.forget()
    expect(await outcome(token)).toBe('known')
    state.lost = false
    key.state = 'revoked'
    state.now += 5000
    expect(await outcome(token)).toBe('403 auth.key_revoked')
  })

  it('known keys go on working, an unknown one is 503, and its return is noticed', async () => {
    const { addKey, outcome, state } = setUp()
    const { token } = addKey()
    const other = addKey().token
    await outcome(token)
    state.lost = true
    for (let minute = 0; minute < 5; minute++) {
      state.now += 60_001
      expect(await outcome(token)).toBe('known')
      await new Promise(setImmediate)
    }
    expect(await outcome(other)).toBe('503 auth.unavailable')
    state.lost = false
    expect(await outcome(other)).toBe('known')
  })

  it('an expiry and the end of a grace still hold', async () => {
    const { addKey, outcome, state } = setUp()
    const { token } = addKey({ expiresAtMs: state.now + 90_000 })
    await outcome(token)
    state.lost = true
    state.now += 90_000
    expect(await outcome(token)).toBe('403 auth.key_expired')
  })
})

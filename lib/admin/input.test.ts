import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import { createAddressRule, removeAddressRule } from './address-rules'
import { createAlias, removeAlias } from './aliases'
import { createAssignment } from './assignments'
import { createBackend, removeBackend, updateBackend } from './backends'
import { updateFrontend } from './frontends'
import { createKey, getKey } from './keys'
import { createMemoryRule } from './memory-rules'
import { assertSafeRegex } from './patterns'
import { getSetting, readSettingText, updateSettings } from './settings'
import { createUser, updateUser } from './users'

let test: TestContext
beforeAll(async () => {
  test = await openTestContext()
})
afterAll(() => test.close())

describe('wrong input', () => {
  const url = 'http://127.0.0.1:9'
  const cases: [string, () => Promise<unknown>, RegExp][] = [
    [
      'a role',
      () => createUser(test, { name: 'x', role: 'king' }),
      /^role: expected one of "admin"/,
    ],
    ['a name with a slash', () => createUser(test, { name: 'a/b' }), /^name: .*no slash/],
    [
      'no change',
      () => updateUser(test, 'x', {}),
      /^Nothing to change; expected some of name, role/,
    ],
    ['an unknown user', () => updateUser(test, 'x', { name: 'y' }), /^There is no user "x"\.$/],
    ['a name twice', () => createUser(test, { name: 'admin-user' }), /^A user "admin-user" exists/],
    [
      'a permission',
      () => createKey(test, { owner: 'admin-user', name: 'k', permissions: ['fly'] }),
      /^permissions\.0: expected one of "inference"/,
    ],
    [
      'a frontend',
      () => createKey(test, { owner: 'admin-user', name: 'k', frontends: ['nope'] }),
      /^frontends: expected some of default; got nope\.$/,
    ],
    [
      'a network',
      () =>
        createKey(test, { owner: 'admin-user', name: 'k', networks: { allow: ['10.0.0.0/40'] } }),
      /^networks: expected an address, a network such as 10\.0\.0\.0\/8, or \*, got "10/,
    ],
    [
      'an end in the past',
      () => createKey(test, { owner: 'admin-user', name: 'k', expiresAt: new Date(1) }),
      /^expires: expected a time in the future\.$/,
    ],
    ['an unknown key', () => getKey(test, 'nope'), /^There is no key "nope"\.$/],
    ['a url', () => createBackend(test, { name: 'b', url: 'ftp://x' }), /must begin with http/],
    [
      'a metadata address',
      () => createBackend(test, { name: 'b', url: 'http://169.254.169.254' }),
      /link-local or cloud metadata/,
    ],
    [
      'a number',
      () => createBackend(test, { name: 'b', url, priority: -1 }),
      /^priority: expected number to be >=0\.$/,
    ],
    ['a field', () => createBackend(test, { name: 'b', url, color: 1 } as never), /color/],
    ['no such backend', () => updateBackend(test, 'b', { priority: 1 }), /no backend "b"/],
    [
      'a glob',
      () => createAlias(test, { alias: 'a(b)', targets: ['m'] }),
      /^alias: "a\(b\)" is not/,
    ],
    [
      'a target',
      () => createAlias(test, { alias: 'a', targets: ['m*'] }),
      /^targets: expected names/,
    ],
    ['no target', () => createAlias(test, { alias: 'a', targets: [] }), /^targets: expected array/],
    ['a backend', () => createAssignment(test, { model: 'm', backend: 'b' }), /no backend "b"/],
    [
      'a memory size',
      () => createMemoryRule(test, { kind: 'override', match: 'm', gb: 0 }),
      /^gb: expected number to be >0/,
    ],
    [
      'a regular expression',
      () => createMemoryRule(test, { kind: 'pattern', match: '(', gb: 1 }),
      /^match: "\(" is not a regular expression\.$/,
    ],
    [
      'a regular expression that could run away',
      () => createMemoryRule(test, { kind: 'pattern', match: '(a+)+$', gb: 1 }),
      /^match: .* could run for too long: a repeated group/,
    ],
    [
      'an address rule',
      () => createAddressRule(test, { effect: 'deny', network: '10.1' }),
      /^network: expected an address/,
    ],
    [
      'a strategy',
      () => updateFrontend(test, 'default', { strategy: 'psychic' }),
      /^strategy: expected one of "warm-first"/,
    ],
    [
      'an open network',
      () => updateFrontend(test, 'default', { openNetworks: ['here'] }),
      /^openNetworks: expected an address/,
    ],
    [
      'a setting',
      () => updateSettings(test, { rateLimit: 1 }),
      /^There is no setting "rateLimit"\. Did you mean rateLimitRequests/,
    ],
    [
      'a value of a setting',
      () => updateSettings(test, { attemptsMax: 'many' }),
      /^attemptsMax: expected number, received string\.$/,
    ],
    [
      'a time zone',
      () => updateSettings(test, { timezone: 'Atlantis' }),
      /^timezone: an IANA time zone/,
    ],
  ]
  it.each(cases)('%s is refused in words that say what was expected', async (_, call, words) => {
    const error = await call().then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ name: 'CorralError' })
    expect(error instanceof Error ? error.message : '').toMatch(words)
  })
})

describe('assertSafeRegex', () => {
  it.each(['70b', '8x7b', '^llama.*70b$', '\\d+b', '(7|8)b', 'q4(_k_m)?$', '[a-z]+:\\d{1,3}b'])(
    'takes %s',
    (pattern) => expect(() => assertSafeRegex(pattern, 'match')).not.toThrow(),
  )
  it.each([
    '(a+)+',
    '(a*)*b',
    '(a|aa)+$',
    '((a)?b?)*c',
    '(.*a){9}',
    '(a)\\1',
    '(?=a)a',
    'a*a*a*a*b',
    'a?a?a?a?a?a?a?a?a?b',
    '(?<n>a+)+',
  ])('refuses %s', (pattern) => expect(() => assertSafeRegex(pattern, 'match')).toThrow('too long'))
})

describe('settings', () => {
  it('take JSON or plain text, and go back to the default', async () => {
    await updateSettings(test, { attemptsMax: readSettingText('attemptsMax', '3') })
    await updateSettings(test, { timezone: readSettingText('timezone', 'Asia/Kolkata') })
    await updateSettings(test, { trustedNetworks: readSettingText('trustedNetworks', '["::1"]') })
    expect((await getSetting(test, 'attemptsMax')).value).toBe(3)
    expect(await getSetting(test, 'timezone')).toMatchObject({
      value: 'Asia/Kolkata',
      changed: true,
    })
    expect((await getSetting(test, 'trustedNetworks')).value).toEqual(['::1'])
    await updateSettings(test, { timezone: null })
    expect(await getSetting(test, 'timezone')).toMatchObject({ value: 'UTC', changed: false })
  })

  it('of several values take commas between them, and one alone', () => {
    const list = (text: string) => readSettingText('trustedNetworks', text)
    expect(list('10.0.0.0/8, ::1')).toEqual(['10.0.0.0/8', '::1'])
    expect(list('::1')).toEqual(['::1'])
    expect(list('["::1"]')).toEqual(['::1'])
    expect(list('')).toEqual([])
  })

  it('change all or none of what is set at once', async () => {
    const change = updateSettings(test, { circuitFailures: 9, attemptsMax: 'x' })
    await expect(change).rejects.toThrow('attemptsMax')
    expect((await getSetting(test, 'circuitFailures')).changed).toBe(false)
  })
})

describe('rules', () => {
  it('are removed by their name or their id', async () => {
    const alias = await createAlias(test, { alias: 'gpt-*', targets: ['a', 'b'] })
    expect((await removeAlias(test, 'gpt-*')).id).toBe(alias.id)
    const deny = await createAddressRule(test, { effect: 'deny', network: '10.0.0.1' })
    await createAddressRule(test, { effect: 'allow', network: '10.0.0.1' })
    await expect(removeAddressRule(test, '10.0.0.1')).rejects.toThrow('Name one rule by its id')
    expect((await removeAddressRule(test, deny.id)).effect).toBe('deny')
  })

  it('keep a backend that a model is assigned to', async () => {
    await createBackend(test, { name: 'used', url: 'http://127.0.0.1:9/base/' })
    await createAssignment(test, { model: 'llama*', backend: 'used' })
    await expect(removeBackend(test, 'used')).rejects.toMatchObject({ code: 'admin.in_use' })
  })
})

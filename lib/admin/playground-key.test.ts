import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import { listKeys } from './keys'
import { mintPlaygroundKey } from './playground-key'
import { removeUser } from './users'

let test: TestContext
beforeAll(async () => {
  test = await openTestContext()
})
afterAll(() => test.close())

const prefixOf = (token: string) => token.split('_')[1] ?? ''

describe('the key of the playground', () => {
  it('is one a person, with a secret for each page, of 15 minutes and of clients only', async () => {
    const member = test.as('member')
    const first = await mintPlaygroundKey(member)
    const second = await mintPlaygroundKey(member)
    expect(second.token).not.toBe(first.token)
    expect(prefixOf(second.token)).toBe(prefixOf(first.token))
    const key = await test.database.findKeyWithSecretDigestsByPrefix(prefixOf(first.token))
    expect(key).toMatchObject({
      name: 'playground',
      permissions: ['inference', 'embeddings', 'models:read'],
      capture: false,
      owner: { name: 'member-user' },
      expiresAtMs: second.expiresAtMs,
    })
    expect(key?.secrets.map(({ validUntilMs }) => validUntilMs).sort()).toEqual(
      [first.expiresAtMs, second.expiresAtMs].sort(),
    )
    expect(second.expiresAtMs - Date.now()).toBeLessThanOrEqual(15 * 60_000)
  })

  it('stands in no list of keys', async () => {
    await mintPlaygroundKey(test.as('admin'))
    expect((await listKeys(test)).filter(({ name }) => name === 'playground')).toEqual([])
    expect(await listKeys(test.as('member'))).toEqual([])
  })

  it('keeps no secret whose time is over, and never more than 20', async () => {
    const operator = test.as('operator')
    const { token } = await mintPlaygroundKey(operator)
    const later = Date.now() + 16 * 60_000
    const clock = { ...test.clock, nowMs: () => later }
    await mintPlaygroundKey({ ...operator, clock })
    const prefix = prefixOf(token)
    const secretsOf = async () =>
      (await test.database.findKeyWithSecretDigestsByPrefix(prefix))?.secrets
    expect(await secretsOf()).toHaveLength(1)
    for (let i = 0; i < 25; i++) await mintPlaygroundKey({ ...operator, clock })
    expect(await secretsOf()).toHaveLength(20)
  })

  it('goes with its owner, and keeps nobody from removing them', async () => {
    const { token } = await mintPlaygroundKey(test.as('member'))
    await removeUser(test, 'member-user')
    expect(await test.database.findKeyWithSecretDigestsByPrefix(prefixOf(token))).toBeNull()
  })

  it('is refused to a viewer, and to a command line', async () => {
    await expect(mintPlaygroundKey(test.as('viewer'))).rejects.toMatchObject({
      code: 'admin.forbidden',
    })
    await expect(mintPlaygroundKey(test)).rejects.toMatchObject({ code: 'admin.forbidden' })
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import { createKey, getKey, revokeKey } from './keys'
import { disableKeys, enableKeys, rotateKeys } from './many-keys'

let test: TestContext
beforeAll(async () => {
  test = await openTestContext()
})
afterAll(() => test.close())

async function makeKeys(count: number): Promise<string[]> {
  const made: string[] = []
  for (let index = 0; index < count; index++) {
    const { key } = await createKey(test, { owner: 'admin-user', name: `key ${index}` })
    made.push(key.id)
  }
  return made
}

describe('an act on many keys', () => {
  it('is done to each of them, however many a list shows', async () => {
    const ids = await makeKeys(230)
    expect(await disableKeys(test, ids)).toMatchObject({ left: 0, error: null })
    const states = await Promise.all(ids.map(async (id) => (await getKey(test, id)).state))
    expect(new Set(states)).toEqual(new Set(['disabled']))
    expect((await enableKeys(test, ids)).done).toHaveLength(230)
  })

  it('beyond that is refused in words, and nothing is done', async () => {
    const [id = ''] = await makeKeys(1)
    await expect(disableKeys(test, Array<string>(1001).fill(id))).rejects.toMatchObject({
      code: 'admin.invalid_input',
      message: expect.stringContaining('At most 1,000 keys at a time; these were 1,001.'),
    })
    expect((await getKey(test, id)).state).toBe('active')
  })

  it('no new secret is lost because a key between refuses one', async () => {
    const [first = '', revoked = '', last = ''] = await makeKeys(3)
    await revokeKey(test, revoked)
    const { done, left, error } = await rotateKeys(test, [first, revoked, last])
    expect(done.map(({ key, token }) => [key.id, token.startsWith(`op_${key.prefix}`)])).toEqual([
      [first, true],
      [last, true],
    ])
    expect(left).toBe(1)
    expect(String(error)).toContain('was revoked')
  })

  it('what was done is told when the database fails in the midst of it', async () => {
    const [first = '', second = ''] = await makeKeys(2)
    let calls = 0
    const database = new Proxy(test.database, {
      get: (target, name, receiver) =>
        name === 'rotateKey' && calls++ > 0
          ? () => Promise.reject(new Error('the disk is full'))
          : Reflect.get(target, name, receiver),
    })
    const { done, left, error } = await rotateKeys({ ...test, database }, [first, second])
    expect(done.map(({ key }) => key.id)).toEqual([first])
    expect([left, String(error)]).toEqual([1, 'Error: the disk is full'])
  })

  it('where nothing was done the reason is thrown', async () => {
    await expect(rotateKeys(test, ['nobody'])).rejects.toMatchObject({ code: 'admin.not_found' })
  })
})

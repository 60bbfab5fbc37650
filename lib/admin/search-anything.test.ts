import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import { createBackend, updateBackend } from './backends'
import { readFrame } from './frame'
import { searchAnything } from './search-anything'

let test: TestContext
beforeAll(async () => {
  test = await openTestContext()
  await createBackend(test, { name: 'gpu-1', url: 'http://10.0.0.1:11434' })
})
afterAll(() => test.close())

const roles = ['admin', 'operator', 'viewer', 'member'] as const
type Role = (typeof roles)[number]

const actsOn = async (role: Role, text: string) =>
  (await searchAnything(test.as(role), text)).map(({ label, actions }) => [
    label,
    ...actions.map((action) => action.label),
  ])

describe('the palette', () => {
  it('offers what may be done with a server, and no more', async () => {
    const acts = ['gpu-1', 'Show its requests', 'Drain server']
    expect(await actsOn('admin', 'gpu-1')).toEqual([acts])
    expect(await actsOn('operator', 'gpu-1')).toEqual([acts])
    expect(await actsOn('viewer', 'gpu-1')).toEqual([['gpu-1', 'Show its requests']])
    expect(await actsOn('member', 'gpu-1')).toEqual([])
  })

  it('resumes what drains', async () => {
    const { id } = await updateBackend(test, 'gpu-1', { draining: true })
    const [found] = await searchAnything(test.as('operator'), 'gpu-1')
    expect(found?.actions.at(-1)).toEqual({
      label: 'Resume server',
      href: `/console/servers/${id}`,
      resumes: id,
    })
    await updateBackend(test, 'gpu-1', { draining: false })
  })

  it('leads an admin to deactivate others, never themselves', async () => {
    expect(await actsOn('admin', 'viewer-user')).toEqual([
      ['viewer-user', 'Show their requests', 'Deactivate user'],
    ])
    expect(await actsOn('admin', 'admin-user')).toEqual([['admin-user', 'Show their requests']])
    expect(await actsOn('operator', 'viewer-user')).toEqual([
      ['viewer-user', 'Show their requests'],
    ])
  })

  it('finds a setting by its title, as by its name', async () => {
    for (const text of ['time zone', 'timezone']) {
      const found = await searchAnything(test.as('viewer'), text)
      expect(found).toContainEqual(
        expect.objectContaining({ label: 'Time zone', detail: 'timezone' }),
      )
    }
  })

  it('does from every page what the person may do', async () => {
    const acts = async (role: Role) => (await readFrame(test.as(role))).acts
    expect(await acts('admin')).toEqual(['create-key', 'add-server', 'pull-model', 'invite-user'])
    expect(await acts('operator')).toEqual(['create-key', 'add-server', 'pull-model'])
    expect(await acts('member')).toEqual(['create-key'])
    expect(await acts('viewer')).toEqual([])
  })
})

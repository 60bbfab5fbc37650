import { createPerson, expect, openAs, test } from './support/house'

const everyPage = [
  ...['requests', 'usage', 'playground', 'keys', 'users', 'servers', 'models', 'routing'],
  ...['settings', 'audit', 'system', 'help'],
]
const membersPages = ['requests', 'usage', 'playground', 'keys', 'help']

test('a viewer sees every page, and no act on people, servers, keys or settings', async ({
  house,
  browser,
}) => {
  const viewer = await openAs(browser, house, await createPerson(house, { role: 'viewer' }))
  for (const name of everyPage.filter((one) => one !== 'playground')) {
    await viewer.goto(`${house.url}/console/${name}`)
    await expect(viewer.getByRole('heading', { level: 1 }).first()).toBeVisible()
    await expect(viewer.getByRole('heading', { name: 'Nothing is here' })).toHaveCount(0)
    await expect(
      viewer.getByRole('main').getByRole('button', {
        name: /^(Create|Invite|Add|Edit|Pull|Save(?! as)|Delete|Back up)\b/,
      }),
    ).toHaveCount(0)
  }
  await viewer.goto(`${house.url}/console/users?name=admin`)
  await viewer.getByRole('link', { name: 'admin', exact: true }).click()
  await expect(viewer.getByRole('heading', { level: 1, name: 'admin' })).toBeVisible()
  await expect(viewer.getByRole('button', { name: 'More acts' })).toHaveCount(0)
  await expect(viewer.getByRole('button', { name: 'Change password' })).toHaveCount(0)
  await viewer.close()
})

test('a member sees only theirs: other pages, other people and their data are not there', async ({
  admin: page,
  house,
  browser,
}) => {
  const max = await createPerson(house, { role: 'member', name: 'max' })
  const member = await openAs(browser, house, max)
  const foreign = JSON.parse(await house.corral('users', 'show', 'admin', '--json')) as {
    id: string
  }
  const hidden = everyPage.filter((name) => !membersPages.includes(name))
  for (const path of [...hidden, `users/${foreign.id}`, 'teams/none']) {
    await member.goto(`${house.url}/console/${path}`)
    await expect(member.getByRole('heading', { level: 1, name: 'Nothing is here' })).toBeVisible()
    await expect(member.getByText(foreign.id)).toHaveCount(0)
  }
  for (const path of ['users', 'users/values?field=role', 'audit', 'servers', 'audit/export']) {
    const answer = await member.request.get(`${house.url}/console/data/${path}`)
    expect(`${path} ${answer.status()}`).toBe(`${path} 403`)
  }
  await page.goto(`${house.url}/console/users`)
  await expect(page.getByRole('link', { name: 'max' })).toBeVisible()
  await member.close()
})

test('an act that an admin’s browser sends is refused when others send the same', async ({
  admin: page,
  house,
  browser,
}) => {
  await house.corral('users', 'create', 'target', '--no-key')
  await page.goto(`${house.url}/console/users?name=target`)
  await page.getByRole('link', { name: 'target', exact: true }).click()
  await page.getByRole('button', { name: 'More acts' }).click()
  await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click()
  const sent = page.waitForRequest((request) => 'next-action' in request.headers())
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click()
  const act = await sent
  await expect(page.getByText('target is signed out everywhere')).toBeVisible()
  const { 'next-action': action = '', 'content-type': type = '' } = act.headers()
  for (const role of ['operator', 'viewer', 'member'] as const) {
    const person = await createPerson(house, { role, name: `other-${role}` })
    const other = await openAs(browser, house, person)
    const answer = await other.request.post(act.url(), {
      headers: { 'next-action': action, 'content-type': type, origin: house.url },
      data: act.postData() ?? '',
    })
    expect(await answer.text()).toContain('admin.forbidden')
    await other.close()
  }
  const stranger = await browser.newContext()
  const answer = await stranger.request.post(act.url(), {
    headers: { 'next-action': action, 'content-type': type, origin: house.url },
    data: act.postData() ?? '',
    maxRedirects: 0,
  })
  expect([303, 307]).toContain(answer.status())
  await stranger.close()
})

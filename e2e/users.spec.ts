import type { Page } from '@playwright/test'
import { askToTheEnd } from './support/ask'
import { expectNothingSerious } from './support/axe'
import {
  createKey,
  createPerson,
  expect,
  type House,
  newPassword,
  openAs,
  openHouse,
  test,
} from './support/house'

async function openUser(page: Page, house: House, name: string): Promise<void> {
  await page.goto(`${house.url}/console/users?name=${name}`)
  await page.getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}

async function choose(page: Page, act: string): Promise<void> {
  await page.getByRole('button', { name: 'More acts' }).click()
  await page.getByRole('menuitem', { name: act }).click()
}

test('an invitation leads a new person to a member’s day, once', async ({
  admin: page,
  house,
  browser,
}) => {
  await page.goto(`${house.url}/console/users`)
  await page.getByRole('button', { name: 'Invite user' }).click()
  const dialog = page.getByRole('dialog', { name: 'Invite user' })
  await dialog.getByLabel('User name').fill('mia')
  await dialog.getByRole('button', { name: 'As command' }).click()
  await expect(page.getByText('corral invitations create --role member mia')).toBeVisible()
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Create link' }).click()
  const shown = page.getByRole('dialog', { name: 'Invitation created' })
  const link = await shown.getByTestId('shown-once').innerText()
  expect(link).toContain(`${house.url}/console/invitation/`)
  await shown.getByRole('button', { name: 'Close' }).first().click()
  await expect(shown.getByText('The link was not copied')).toBeVisible()
  await shown.getByRole('button', { name: 'Stay' }).click()
  await shown.getByRole('button', { name: 'Copy link' }).click()
  await expect(shown.getByRole('button', { name: 'Copied' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(shown).toBeHidden()
  await page.getByRole('link', { name: /Invitations/ }).click()
  await expect(page.getByRole('cell', { name: 'mia' })).toBeVisible()

  const mia = await browser.newPage()
  await mia.goto(link)
  await expect(mia.getByText('admin invites you as a member.')).toBeVisible()
  await mia.getByLabel('Password', { exact: true }).fill(newPassword)
  await mia.getByRole('button', { name: 'Create account' }).click()
  await mia.waitForURL((url) => url.pathname === '/console')
  const pages = mia.getByRole('navigation').first()
  for (const name of ['Overview', 'Requests', 'Usage', 'Playground', 'Keys', 'Help']) {
    await expect(pages.getByRole('link', { name, exact: true })).toBeVisible()
  }
  for (const name of ['Users', 'Servers', 'Models', 'Routing', 'Settings', 'Audit', 'System']) {
    await expect(pages.getByRole('link', { name, exact: true })).toHaveCount(0)
  }
  await house.corral('keys', 'create', 'laptop', '--owner', 'mia')
  await mia.goto(`${house.url}/console/keys`)
  await expect(mia.getByRole('heading', { level: 1, name: 'My keys' })).toBeVisible()
  await expect(mia.getByRole('link', { name: 'laptop' })).toBeVisible()
  await mia.goto(`${house.url}/console/usage`)
  await expect(mia.getByRole('heading', { level: 1 })).toBeVisible()

  const again = await browser.newPage()
  await again.goto(link)
  await expect(again.getByRole('heading', { name: 'This link is over' })).toBeVisible()
  await mia.close()
  await again.close()
})

test('a member’s own page: keys, sign-ins, the password, sign out everywhere', async ({
  house,
  browser,
}) => {
  const otto = await createPerson(house, { role: 'member', name: 'otto' })
  const first = await openAs(browser, house, otto)
  const second = await openAs(browser, house, { ...otto, password: newPassword })
  await first.getByRole('button', { name: 'otto: menu' }).click()
  await first.getByRole('menuitem', { name: 'Your page' }).click()
  await expect(first.getByRole('heading', { level: 1, name: 'otto' })).toBeVisible()
  await expect(
    first.getByRole('list', { name: 'Last sign-ins' }).getByRole('listitem'),
  ).toHaveCount(2)
  await expect(first.getByRole('button', { name: 'Edit user' })).toHaveCount(0)

  await first.getByRole('button', { name: 'Change password' }).click()
  const dialog = first.getByRole('dialog', { name: 'Change password' })
  await dialog.getByLabel('Current password').fill('not this one at all')
  await dialog.getByLabel('New password').fill('eleven quiet geese fly south')
  await dialog.getByRole('button', { name: 'Save password' }).click()
  await expect(dialog.getByText('This is not your password.')).toBeVisible()
  await dialog.getByLabel('Current password').fill(newPassword)
  await dialog.getByRole('button', { name: 'Save password' }).click()
  await expect(first.getByText('Every other session of yours ended')).toBeVisible()
  await second.waitForURL(/\/sign-in/)

  await first.getByRole('button', { name: 'Sign out everywhere' }).click()
  await first
    .getByRole('alertdialog', { name: 'Sign out everywhere?' })
    .getByRole('button', { name: 'Sign out everywhere' })
    .click()
  await first.waitForURL(/\/sign-in/)
  await first.close()
  await second.close()
})

test('a user is created, changed, and deactivated with what stops said first; the session in another window ends', async ({
  admin: page,
  house,
  browser,
}) => {
  await page.goto(`${house.url}/console/users`)
  await page.getByRole('button', { name: 'Create user' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create user' })
  await dialog.getByLabel('User name').fill('admin')
  await dialog.getByRole('button', { name: 'Create user' }).click()
  await expect(dialog.getByText('exists already. Choose another name.')).toBeVisible()
  await dialog.getByLabel('User name').fill('tom')
  await dialog.getByRole('button', { name: 'Create user' }).click()
  const shown = page.getByRole('dialog', { name: 'User tom created' })
  const password = await shown.getByTestId('shown-once').innerText()
  await shown.getByRole('button', { name: 'Copy password' }).click()
  await expect(shown.getByRole('button', { name: 'Copied' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(shown).toBeHidden()

  await openUser(page, house, 'tom')
  await page.getByRole('button', { name: 'Edit user' }).click()
  const edit = page.getByRole('dialog', { name: 'Edit tom' })
  await expect(edit.getByRole('button', { name: 'Save user' })).toBeDisabled()
  await edit.getByLabel('Role').click()
  await page.getByRole('option', { name: 'Viewer' }).click()
  await edit.getByRole('button', { name: 'Save user' }).click()
  await expect(edit).toBeHidden()
  await expect(page.getByText('sees everything, changes nothing')).toBeVisible()

  const tom = await openAs(browser, house, { name: 'tom', password })
  await expect(tom.getByRole('link', { name: 'Servers', exact: true })).toBeVisible()
  await house.corral('keys', 'create', 'toms', '--owner', 'tom')
  await choose(page, 'Deactivate user')
  const confirm = page.getByRole('alertdialog', { name: 'Deactivate tom?' })
  await expect(confirm.getByText('1 key: refused with 403 until then')).toBeVisible()
  await expect(confirm.getByText('No request: none is in flight')).toBeVisible()
  await expect(confirm.getByText('Every session in the console')).toBeVisible()
  await expect(confirm.getByText('Nobody: there was no request')).toBeVisible()
  await confirm.getByRole('button', { name: 'Deactivate user' }).click()
  await expect(page.getByRole('main').getByText('Deactivated')).toBeVisible()
  await tom.waitForURL(/\/sign-in/)
  await tom.getByLabel('User name').fill('tom')
  await tom.getByLabel('Password', { exact: true }).fill(newPassword)
  await tom.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(tom.getByText(/deactivated/)).toBeVisible()
  await tom.close()

  await page.getByRole('button', { name: 'Activate user' }).click()
  await expect(page.getByRole('main').getByText('Active', { exact: true }).first()).toBeVisible()
  await choose(page, 'Reset password')
  await page
    .getByRole('alertdialog', { name: 'Reset the password of tom?' })
    .getByRole('button', { name: 'Reset password' })
    .click()
  await expect(page.getByTestId('shown-once')).toHaveText(/^[0-9A-Za-z]{20}$/)
  await page.getByRole('button', { name: 'Copy password' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('main').getByText('Password due')).toBeVisible()
})

test('the list holds its filters in the URL, and Back takes them off', async ({
  admin: page,
  house,
}) => {
  await createPerson(house, { role: 'viewer', name: 'vera' })
  await page.goto(`${house.url}/console/users`)
  await expect(page.getByRole('link', { name: 'admin', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('option', { name: 'Role' }).click()
  await page.getByRole('option', { name: /viewer/ }).click()
  await page.waitForURL(/role=viewer/)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('link', { name: 'vera' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'admin', exact: true })).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('button', { name: 'Role is viewer', exact: true })).toBeVisible()
  await page.goto(`${house.url}/console/users?name=nobody-at-all`)
  await expect(page.getByText('No users fit')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(page.getByRole('link', { name: 'admin', exact: true })).toBeVisible()
})

test('a team is made, gets members and a team admin, and its member sees it', async ({
  admin: page,
  house,
  browser,
}) => {
  const person = await createPerson(house, { role: 'member', name: 'lena' })
  await page.goto(`${house.url}/console/users?view=teams`)
  await page.getByRole('button', { name: 'Create team' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create team' })
  await dialog.getByLabel('Name', { exact: true }).fill('vision')
  await dialog.getByLabel('Models they may use').fill('llama3*, qwen3:8b')
  await dialog.getByLabel('Rate limit').click()
  await page.getByRole('option', { name: 'Its own' }).click()
  await dialog.getByLabel('Requests').fill('12')
  await dialog.getByRole('button', { name: 'As command' }).click()
  await expect(page.getByText('corral teams create')).toContainText('--rate-limit 12/60s vision')
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Create team' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'vision' })).toBeVisible()
  await expect(page.getByText('12 requests in 1 m')).toBeVisible()
  const addLena = async () => {
    await page.getByRole('button', { name: 'Add member' }).click()
    await page.getByRole('option', { name: 'lena' }).click()
    await expect(page.getByRole('link', { name: 'lena' })).toBeVisible()
  }
  await addLena()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('link', { name: 'lena' })).toHaveCount(0)
  await addLena()
  await page.getByRole('button', { name: 'Acts on lena' }).click()
  await page.getByRole('menuitem', { name: 'Make team admin' }).click()
  await expect(page.getByRole('cell', { name: 'Team admin' })).toBeVisible()

  const lena = await openAs(browser, house, person)
  await lena.goto(page.url())
  await expect(lena.getByRole('heading', { level: 1, name: 'vision' })).toBeVisible()
  await expect(lena.getByRole('button', { name: 'Edit team' })).toHaveCount(0)
  await expect(lena.getByRole('button', { name: 'Add member' })).toHaveCount(0)
  await lena.close()

  await choose(page, 'Remove team')
  const confirm = page.getByRole('alertdialog', { name: 'Remove vision?' })
  await expect(confirm.getByRole('button', { name: 'Remove team' })).toBeDisabled()
  await confirm.getByRole('textbox').fill('vision')
  await confirm.getByRole('button', { name: 'Remove team' }).click()
  await expect(page.getByText('No teams yet')).toBeVisible()
  await page.getByRole('link', { name: 'Create team' }).click()
  await expect(dialog).toBeVisible()
})

test('the pages of a person and of a team show by themselves what their keys do', async ({
  admin: page,
  house,
}) => {
  await createPerson(house, { role: 'member', name: 'pia' })
  // By the minute one request would be none as soon as the next minute begins.
  await house.corral('users', 'update', 'pia', '--rate-limit', '20/3600s')
  const key = await createKey(house, { owner: 'pia', name: 'lab' })
  await house.corral('teams', 'create', 'lab')
  await house.corral('teams', 'add-member', 'lab', 'pia')
  const tile = page.getByRole('link', { name: /^Requests/ }).filter({ hasText: /\d/ })

  await openUser(page, house, 'pia')
  await expect(page.getByTitle('0 of 20 requests in 1 h')).toBeVisible()
  await askToTheEnd(house, { key })
  await expect(page.getByTitle('1 of 20 requests in 1 h')).toBeVisible()
  await expect(tile).toContainText('1')

  await page.goto(`${house.url}/console/users?view=teams`)
  await page.getByRole('link', { name: 'lab', exact: true }).click()
  await expect(tile).toContainText('1')
  await askToTheEnd(house, { key })
  await expect(tile).toContainText('2')
})

test('sign-in failures lock, and say for how long', async ({ page }) => {
  const house = await openHouse({ machines: [] })
  try {
    await page.goto(`${house.url}/console/sign-in`)
    for (let tries = 0; tries < 5; tries++) {
      await page.getByLabel('User name').fill('admin')
      await page.getByLabel('Password', { exact: true }).fill(`wrong ${tries}`)
      const answer = page.waitForResponse((response) => response.request().method() === 'POST')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await answer
      await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled()
    }
    await page.getByLabel('User name').fill('admin')
    await page.getByLabel('Password', { exact: true }).fill(house.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(
      page.getByText(/Too many failed sign-ins\. Try again in \d+ seconds\./),
    ).toBeVisible()
  } finally {
    await house.stop()
  }
})

test('the pages of people have nothing serious for axe, in both themes and widths', async ({
  admin: page,
  house,
}) => {
  const team = JSON.parse(await house.corral('teams', 'create', 'axe', '--json'))
  await house.corral('teams', 'add-member', team.name, 'admin')
  const admin = page.getByRole('link', { name: 'admin', exact: true })
  await page.goto(`${house.url}/console/users`)
  await expectNothingSerious(page, admin)
  await openUser(page, house, 'admin')
  await expectNothingSerious(page, page.getByRole('heading', { level: 1, name: 'admin' }))
  await page.goto(`${house.url}/console/teams/${team.id}`)
  await expectNothingSerious(page, admin)
  await page.goto(`${house.url}/console/users?view=invitations&do=invite`)
  await expectNothingSerious(page, page.getByRole('dialog', { name: 'Invite user' }))
})

test('the pages on the way in have nothing serious for axe, in both themes and widths', async ({
  page,
  house,
}) => {
  const created = await house.corral('invitations', 'create', 'ivy', '--json')
  await page.goto(house.url + JSON.parse(created).path)
  await expectNothingSerious(page, page.getByText(/invites you as a member/))
  const nora = await createPerson(house, { role: 'member', name: 'nora' })
  await page.goto(`${house.url}/console/sign-in`)
  await expectNothingSerious(page, page.getByLabel('User name'))
  await page.getByLabel('User name').fill(nora.name)
  await page.getByLabel('Password', { exact: true }).fill(nora.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectNothingSerious(page, page.getByLabel('New password', { exact: true }))
})

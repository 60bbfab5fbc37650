import { readFile } from 'node:fs/promises'
import { expectNothingSerious } from './support/axe'
import { expect, test } from './support/house'

const planted = '<img src=x onerror=alert(1)>'

test('a change is told with who, before and after, and as a command', async ({
  admin: page,
  house,
}) => {
  await house.corral('users', 'create', 'ana', '--no-key')
  await house.corral('users', 'update', 'ana', '--role', 'viewer')
  await page.goto(`${house.url}/console/audit`)
  await page
    .getByRole('link', { name: /ago|now|^created a/ })
    .first()
    .click()
  await page.waitForURL(/row=\d+/)
  const sheet = page.getByRole('dialog', { name: /^Change \d+/ })
  await expect(sheet.getByText('changed a user')).toBeVisible()
  await expect(sheet.getByText('member', { exact: true })).toBeVisible()
  await expect(sheet.getByText('viewer', { exact: true })).toBeVisible()
  await expect(sheet.getByText('command line', { exact: true })).toBeVisible()
  await expect(sheet.getByText('corral users update --role viewer ana')).toBeVisible()
  await page.keyboard.press('j')
  await expect(sheet.getByText('created a user')).toBeVisible()
  await expect(sheet.getByText('corral users create --role member --no-key ana')).toBeVisible()
  await expect(sheet.getByText(/passwordHash|argon2/)).toHaveCount(0)
  await page.reload()
  await expect(sheet.getByText('created a user')).toBeVisible()
  // The server's words are there before the page listens to keys.
  await expect(async () => {
    await page.keyboard.press('Escape')
    await expect(sheet).toBeHidden({ timeout: 1000 })
  }).toPass()
})

test('what is typed counts though its popover closes at once, and Enter closes it', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/audit`)
  const filter = page.getByRole('button', { name: 'Filter', exact: true })
  const type = async (text: string, key: string) => {
    await filter.click()
    await page.getByRole('option', { name: 'Any text' }).click()
    // Exactly: the button that takes the filter away has these words in its name as well.
    const field = page.getByLabel('Any text contains', { exact: true })
    await field.fill(text)
    await page.keyboard.press(key)
    await expect(field).toBeHidden()
  }
  await type('user', 'Escape')
  await expect(page).toHaveURL(/text=user/)
  await page.getByRole('button', { name: 'Clear', exact: true }).click()
  await expect(page).not.toHaveURL(/text=/)
  await expect(filter).toBeFocused()
  await type('ana', 'Enter')
  await expect(page).toHaveURL(/text=ana/)
})

test('filters are in the URL, and the file has what they leave', async ({ admin: page, house }) => {
  await house.corral('teams', 'create', 'north')
  await page.goto(`${house.url}/console/audit`)
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('option', { name: 'What', exact: true }).click()
  await page.getByRole('option', { name: 'created a team' }).click()
  await page.waitForURL(/action=team\.create/)
  await page.keyboard.press('Escape')
  const rows = page.getByRole('table', { name: 'Changes' }).locator('tbody tr')
  await expect(rows).toHaveCount(1)
  await expect(rows.first()).toContainText('north')
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export CSV' }).click()
  const file = await (await saving).path()
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain(',cli,,team.create,team,north,')
  await page.goto(`${house.url}/console/audit?text=no-such-thing-anywhere`)
  await expect(page.getByText('No changes fit')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(rows.nth(1)).toBeVisible()
})

test('markup in a name is text here too', async ({ admin: page, house }) => {
  let alerts = 0
  page.on('dialog', (dialog) => {
    alerts++
    void dialog.dismiss()
  })
  await house.corral('users', 'create', planted, '--no-key')
  await page.goto(`${house.url}/console/audit?text=onerror`)
  await expect(page.getByRole('cell', { name: planted })).toBeVisible()
  await page
    .getByRole('link', { name: /ago|now|^created a/ })
    .first()
    .click()
  await expect(page.getByRole('dialog').getByText(planted).first()).toBeVisible()
  await page.goto(`${house.url}/console/users?name=onerror`)
  await page.getByRole('link', { name: planted }).click()
  await expect(page.getByRole('heading', { level: 1, name: planted })).toBeVisible()
  expect(alerts).toBe(0)
})

test('the audit has nothing serious for axe, in both themes and widths', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/audit`)
  const link = page.getByRole('link', { name: /ago|now|^created a/ }).first()
  await expectNothingSerious(page, link)
  await link.click()
  await expectNothingSerious(page, page.getByRole('dialog'))
})

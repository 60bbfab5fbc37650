import { readFile } from 'node:fs/promises'
import { expectNothingSerious } from './support/axe'
import { createPerson, expect, openAs, test } from './support/house'

test('the node that runs, its version and the database are told', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/system`)
  await expect(page.getByRole('link', { name: /Nodes reporting/ })).toContainText('1 of 1')
  const row = page.getByRole('row', { name: /Reporting/ })
  await expect(row).toContainText('Gateway and console')
  await expect(row).toContainText('newest')
  await expect(page.locator('#database')).toContainText('SQLite')
  await page.getByRole('link', { name: /Database/ }).click()
  await expect(page).toHaveURL(/#database$/)
})

test('an admin downloads a consistent copy of the database while Corral runs, and the audit has it', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/system`)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download backup' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^corral-\d{4}-\d\d-\d\dT[\d-]+\.db$/)
  const bytes = await readFile(await download.path())
  expect(bytes.subarray(0, 15).toString()).toBe('SQLite format 3')
  await page.goto(`${house.url}/console/audit`)
  await expect(page.getByText('made a backup').first()).toBeVisible()
})

test('the log level acts on a gateway that runs', async ({ admin: page, house }) => {
  await page.goto(`${house.url}/console/system`)
  const form = page.getByRole('form', { name: 'Log level' })
  await form.getByRole('combobox', { name: 'Log level' }).click()
  await page.getByRole('option', { name: 'Debug' }).click()
  await form.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(form.getByText('In effect on 1 of 1 node')).toBeVisible()
  await form.getByRole('button', { name: 'Undo the change of Log level' }).click()
  await expect(form.getByRole('combobox', { name: 'Log level' })).toHaveText('Info')
})

test('a viewer sees the system, and neither backs it up nor sets it', async ({
  house,
  browser,
}) => {
  const viewer = await openAs(browser, house, await createPerson(house, { role: 'viewer' }))
  await viewer.goto(`${house.url}/console/system`)
  await expect(viewer.getByRole('row', { name: /Reporting/ })).toBeVisible()
  await expect(viewer.getByRole('button', { name: 'Download backup' })).toHaveCount(0)
  await expect(viewer.getByRole('main').getByRole('combobox')).toHaveCount(0)
  const answer = await viewer.request.post(`${house.url}/console/data/backup`)
  expect(answer.status()).toBe(403)
  await viewer.close()
})

test('the system has nothing serious for axe, in both themes and widths', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/system`)
  await expectNothingSerious(page, page.getByRole('heading', { level: 1, name: 'System' }))
})

test('the help has nothing serious for axe, in both themes and widths', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/help`)
  // A letter behind G for each page, as they act.
  await expect(page.getByText('GK', { exact: true })).toBeVisible()
  await expectNothingSerious(page, page.getByRole('heading', { level: 1, name: 'Help' }))
})

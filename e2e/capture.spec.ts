import type { Page } from '@playwright/test'
import { askToTheEnd } from './support/ask'
import { createKey, createPerson, expect, type House, openAs, test } from './support/house'

/** Opens the page of a request again and again until it offers what was kept, for 4 s. */
async function untilKept(page: Page, house: House, id: string): Promise<void> {
  await expect(async () => {
    await page.goto(`${house.url}/console/requests/${id}`)
    const button = page.getByRole('button', { name: 'Show prompt and answer' })
    await expect(button).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 4000 })
}

test('what is asked is kept from the moment capture is on, redacted, and who reads it is written down', async ({
  admin: page,
  house,
  browser,
}) => {
  const before = await askToTheEnd(house, { content: 'the question before' })
  await house.corral('settings', 'set', 'captureRedactions', '["secret-\\\\d+"]')
  await house.corral('settings', 'set', 'captureContent', 'true')
  const kept = page.getByRole('status').filter({ hasText: 'Prompt' })
  // A setting is in force within a second, and a text whose redaction takes long is withheld.
  await expect(async () => {
    const asked = await askToTheEnd(house, { content: 'my token is secret-1234, keep it' })
    await untilKept(page, house, asked)
    await page.getByRole('button', { name: 'Show prompt and answer' }).click()
    await expect(kept).toContainText('my token is [redacted], keep it', { timeout: 2000 })
  }).toPass()
  await expect(kept).not.toContainText('secret-1234')
  const again = page.locator('pre').filter({ hasText: 'CORRAL_KEY' })
  await expect(again).toContainText('my token is [redacted], keep it')
  await page.goto(`${house.url}/console/requests/${before}`)
  await expect(page.getByText('Where the time went').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Show prompt and answer' })).toHaveCount(0)

  // Everybody who works here is told, and only the one who asked and admins may read it.
  await expect(page.getByText('Prompts and answers are being kept')).toBeVisible()
  const id = await askToTheEnd(house, { content: 'a thing of the admin' })
  const member = await openAs(browser, house, await createPerson(house, { role: 'member' }))
  await expect(member.getByText('Prompts and answers are being kept')).toBeVisible()
  await member.goto(`${house.url}/console/requests/${id}`)
  await expect(member.getByText('Nothing is known under')).toBeVisible()
  await member.close()
  const viewer = await openAs(browser, house, await createPerson(house, { role: 'viewer' }))
  await viewer.goto(`${house.url}/console/requests/${id}`)
  await expect(viewer.getByText('Where the time went').first()).toBeVisible()
  await expect(viewer.getByRole('button', { name: 'Show prompt and answer' })).toHaveCount(0)
  await viewer.close()

  await page.goto(`${house.url}/console/audit`)
  await expect(page.getByRole('table', { name: 'Changes' })).toContainText('read captured content')
})

test('one key of which prompts and answers are kept is told of, on every page and on its own', async ({
  admin: page,
  house,
}) => {
  await house.corral('settings', 'set', 'captureContent', '--default')
  const key = await createKey(house, { owner: 'admin', name: 'kept' })
  await page.goto(`${house.url}/console/keys/${key.slice(3, 13)}`)
  const told = page.getByText('Prompts and answers of some keys are being kept')
  await expect(page.getByText('are not kept')).toBeVisible()
  await expect(told).toHaveCount(0)
  await page.getByRole('button', { name: 'Edit key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Prompts and answers').click()
  await page.getByRole('option', { name: 'Kept', exact: true }).click()
  await dialog.getByRole('button', { name: 'Save key' }).click()
  await expect(page.getByText('of this key are kept')).toBeVisible()
  await expect(told).toBeVisible()
})

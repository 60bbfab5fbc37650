import { expect, type Page, test } from '@playwright/test'

const { E2E_USER = '', E2E_PASSWORD = '' } = process.env
/** A page of the log says the same name again. */
const keyName = `after deployment ${new Date().toISOString().slice(0, 19)}`

test.describe.configure({ mode: 'serial' })
let page: Page
let token = ''

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage()
})

test('the console signs in', async () => {
  await page.goto('/console/sign-in')
  await page.getByLabel('User name').fill(E2E_USER)
  await page.getByLabel('Password', { exact: true }).fill(E2E_PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'))
  // A first password is for its owner to replace, not for a test.
  expect(new URL(page.url()).pathname, 'this user must choose a password first').toBe('/console')
})

test('a temporary key is made', async () => {
  await page.goto('/console/keys')
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill(keyName)
  await dialog.getByRole('button', { name: 'Create key' }).click()
  token = await dialog
    .locator('code')
    .filter({ hasText: /^op_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}$/ })
    .first()
    .innerText()
  expect(token).toMatch(/^op_/)
})

test('a request with it is answered, and stands in the log', async ({ request }) => {
  const headers = { authorization: `Bearer ${token}` }
  const tags = await request.get('/api/tags', { headers })
  expect(tags.status()).toBe(200)
  const { models } = (await tags.json()) as { models: { name: string }[] }
  const model = models.map(({ name }) => name).find((name) => !name.includes('embed'))
  // Without a model the refusal is as good a request: it is recorded all the same.
  const answer = await request.post('/api/generate', {
    headers,
    data: { model: model ?? 'none', prompt: 'Hello', stream: false, options: { num_predict: 1 } },
    timeout: 120_000,
  })
  expect(answer.status()).toBe(model === undefined ? 404 : 200)
  const id = answer.headers()['x-request-id'] ?? ''
  await page.goto(`/console/requests/${id}`)
  await expect(async () => {
    await page.reload()
    await expect(page.getByText('Where the time went').first()).toBeVisible({ timeout: 10_000 })
    await expect(page.getByRole('link', { name: keyName }).first()).toBeVisible({ timeout: 5000 })
  }).toPass({ timeout: 60_000 })
})

test.afterAll(async () => {
  if (token !== '') await revoke()
  await page.context().close()
})

/** Nothing stays behind but a revoked key and its one record. */
async function revoke(): Promise<void> {
  await page.goto(`/console/keys?name=${encodeURIComponent(keyName)}`)
  await page.getByRole('link', { name: keyName }).first().click()
  await page.getByRole('button', { name: 'More acts' }).click()
  await page.getByRole('menuitem', { name: 'Revoke key' }).click()
  const confirmation = page.getByRole('alertdialog')
  await confirmation.getByRole('textbox').fill(token.slice(0, 13))
  await confirmation.getByRole('button', { name: 'Revoke key' }).click()
  await expect(confirmation).toBeHidden()
}

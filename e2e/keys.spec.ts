import type { Page } from '@playwright/test'
import { Ollama } from 'ollama'
import { expectNothingSerious } from './support/axe'
import { createPerson, expect, type House, openAs, signIn, test } from './support/house'

const model = 'llama3.2:3b'
const wholeKey = /^op_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}$/

/** One chat with the real `ollama` package; its status and, when refused, its words. */
async function chat(house: House, key: string): Promise<string> {
  const headers = { Authorization: `Bearer ${key}` }
  const ollama = new Ollama({ host: house.url, headers })
  try {
    const messages = [{ role: 'user', content: 'Hello' }]
    const { message } = await ollama.chat({ model, messages })
    return message.content === '' ? 'empty' : 'answered'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const rowOf = (page: Page, name: string) =>
  page.getByRole('table', { name: 'Keys' }).locator('tbody tr').filter({ hasText: name })

/** The key that a dialog shows, copied: then it closes without a question. */
async function takeShownKey(page: Page): Promise<string> {
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText(/shown only now/)).toBeVisible()
  const token = await dialog.locator('code').filter({ hasText: wholeKey }).first().innerText()
  await expect(async () => {
    await dialog.getByRole('button', { name: /^(Copy key|Copied)$/ }).click({ timeout: 1000 })
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden({ timeout: 1000 })
  }).toPass()
  return token
}

test('the life of a key: created, used, at its limit, rotated, revoked, refused', async ({
  admin: page,
  house,
}) => {
  test.setTimeout(120_000)
  await page.goto(`${house.url}/console/keys`)
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await expect(dialog.getByText(/^Name the program/)).toBeVisible()
  await dialog.getByLabel('Name', { exact: true }).fill('life')
  await dialog.getByLabel('Limit').click()
  await page.getByRole('option', { name: 'Its own' }).click()
  await dialog.getByLabel('Requests').fill('3')
  await dialog.getByLabel('In', { exact: true }).click()
  await page.getByRole('option', { name: 'an hour' }).click()
  await dialog.getByRole('button', { name: 'As command' }).click()
  await expect(
    page.getByText('corral keys create life --owner admin', { exact: false }),
  ).toContainText('--rate-limit 3/3600s')
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Create key' }).click()

  // Shown once: Copy has the focus, and leaving without it asks.
  await expect(dialog.getByRole('button', { name: 'Copy key' })).toBeFocused()
  await expect(dialog.getByText(`curl ${house.url}/api/chat`)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog.getByText('The key was not copied')).toBeVisible()
  await dialog.getByRole('button', { name: 'Stay' }).click()
  const first = await takeShownKey(page)
  expect(first).toMatch(wholeKey)

  await expect.poll(() => chat(house, first)).toBe('answered')
  expect(await chat(house, first)).toBe('answered')
  expect(await chat(house, first)).toBe('answered')
  expect(await chat(house, first)).toMatch(/^Rate limit exceeded\. Try again in \d+ seconds\.$/)
  await expect(rowOf(page, 'life')).toContainText('3/3')
  await expect(rowOf(page, 'life')).toContainText('At limit')

  await rowOf(page, 'life').getByRole('link', { name: 'life' }).click()
  await expect(page.getByRole('heading', { name: 'life', level: 1 })).toBeVisible()
  await page.getByRole('button', { name: 'Edit key' }).click()
  await dialog.getByLabel('Requests').fill('1000')
  await dialog.getByRole('button', { name: 'Save key' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText('1,000 requests in 1 h, its own')).toBeVisible()

  await page.getByRole('button', { name: 'Rotate key' }).click()
  await expect(dialog.getByText('Works for 24 hours')).toBeVisible()
  await dialog.getByRole('button', { name: 'Rotate key' }).click()
  const second = await takeShownKey(page)
  expect(second).not.toBe(first)
  expect(second.slice(0, 14)).toBe(first.slice(0, 14))
  await expect.poll(() => chat(house, second)).toBe('answered')
  expect(await chat(house, first)).toBe('answered')
  await expect(page.getByText('The old secret works until')).toBeVisible()

  await page.getByRole('button', { name: 'More acts' }).click()
  await page.getByRole('menuitem', { name: 'Revoke key' }).click()
  const confirmation = page.getByRole('alertdialog')
  await expect(confirmation.getByText('In the last 24 h this would have hit')).toBeVisible()
  const revoke = confirmation.getByRole('button', { name: 'Revoke key' })
  await expect(revoke).toBeDisabled()
  await confirmation.getByRole('textbox').fill(first.slice(0, 13))
  await revoke.click()
  await expect(confirmation).toBeHidden()
  await expect(page.getByText('Revoked').first()).toBeVisible()
  for (const token of [first, second]) {
    await expect.poll(() => chat(house, token)).toMatch(/^This API key was revoked/)
  }
  for (const words of ['created it', 'changed it', 'rotated it', 'revoked it']) {
    await expect(page.getByText(words)).toBeVisible()
  }

  await page.goto(`${house.url}/console/keys`)
  await expect(rowOf(page, 'life')).toHaveCount(0)
  await page.getByRole('button', { name: 'Remove State is not revoked' }).click()
  await expect(rowOf(page, 'life')).toContainText('Revoked')
  await page.reload()
  await expect(rowOf(page, 'life')).toContainText('Revoked')
})

test('several keys are disabled at once, and Undo takes it back', async ({
  admin: page,
  house,
}) => {
  for (const name of ['bulk-1', 'bulk-2']) await house.corral('keys', 'create', name)
  await page.goto(`${house.url}/console/keys?name=bulk-`)
  await expect(rowOf(page, 'bulk-')).toHaveCount(2)
  const all = page.getByRole('checkbox', { name: 'Select all rows shown' })
  await all.click()
  await page.getByRole('button', { name: 'Clear', exact: true }).click()
  await expect(all).not.toBeChecked()
  await expect(all).toBeFocused()
  await all.click()
  await page.getByRole('button', { name: 'Disable', exact: true }).click()
  await expect(rowOf(page, 'Disabled')).toHaveCount(2)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rowOf(page, 'Active')).toHaveCount(2)
  await rowOf(page, 'bulk-1').getByRole('link').click()
  await page.waitForURL(/\/console\/keys\/\w+$/)
  await page.goto(`${page.url()}?do=rotate`)
  const dialog = page.getByRole('dialog', { name: 'Rotate bulk-1?' })
  await dialog.getByLabel('The old secret').click()
  await page.getByRole('option', { name: 'Ends at once' }).click()
  await expect(dialog.getByText('Nobody: there was no request')).toBeVisible()
})

test('a key is copied under plain http and a name that is not localhost', async ({
  house,
  playwright,
  launchOptions,
}) => {
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    args: [...(launchOptions.args ?? []), '--host-resolver-rules=MAP corral.test 127.0.0.1'],
  })
  const page = await browser.newPage()
  const named: House = { ...house, url: house.url.replace('127.0.0.1', 'corral.test') }
  await signIn(page, named)
  house.password = named.password
  expect(await page.evaluate(() => typeof navigator.clipboard)).toBe('undefined')
  await page.goto(`${named.url}/console/keys?do=create`)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('plain')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await expect(dialog.getByText(`curl ${named.url}/api/chat`)).toBeVisible()
  const token = await takeShownKey(page)
  await page.getByRole('button', { name: 'Create key' }).click()
  await dialog.getByLabel('Name', { exact: true }).focus()
  await page.keyboard.press('Control+V')
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue(token)
  await browser.close()
})

test('where nothing copies, the whole text stands chosen, and the name of a key too', async ({
  admin: page,
  house,
}) => {
  await house.corral('keys', 'create', 'a-name-to-copy')
  await page.goto(`${house.url}/console/keys?name=a-name-to-copy`)
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined })
    document.execCommand = () => false
  })
  await rowOf(page, 'a-name-to-copy').getByRole('link').focus()
  await page.keyboard.press('ArrowRight')
  const copy = page.getByRole('button', { name: 'Copy name' })
  await expect(copy).toBeFocused()
  await copy.press('Enter')
  await expect(page.getByRole('button', { name: 'Press Ctrl C' })).toBeVisible()
  const field = page.getByRole('textbox', { name: 'To copy' })
  await expect(field).toBeFocused()
  await expect(field).toHaveValue('a-name-to-copy')
  expect(await page.evaluate(() => String(getSelection()))).toBe('a-name-to-copy')
})

test('Connect reads a call without a key back with its cure, then the first success', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/keys`)
  await page.getByRole('button', { name: 'Connect' }).click()
  const dialog = page.getByRole('dialog', { name: 'Connect a client' })
  const call = (headers: Record<string, string>) =>
    fetch(`${house.url}/api/tags`, {
      headers: { 'user-agent': 'Python/3.11 aiohttp/3.11', ...headers },
    })
  expect((await call({})).status).toBe(401)
  await expect(dialog.getByText(/^A call of Open WebUI .* had no key$/)).toBeVisible()
  await expect(dialog.getByText(/In Open WebUI it goes under Admin Panel/)).toBeVisible()
  expect((await call({ authorization: `Bearer ${house.key}` })).status).toBe(200)
  await expect(dialog.getByText(/^It works: Open WebUI/)).toBeVisible()

  await dialog.getByLabel('Its secret, for the snippets').fill(house.key)
  await dialog.getByRole('tab', { name: 'OpenAI Python' }).click()
  await expect(dialog.getByText(`base_url='${house.url}/v1'`)).toContainText(house.key)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'Connect' })).toBeFocused()
})

test('a member has their own keys and no others, a viewer none to change', async ({
  browser,
  house,
}) => {
  const page = await openAs(browser, house, await createPerson(house, { role: 'member' }))
  await page.goto(`${house.url}/console/keys`)
  await expect(page.getByRole('heading', { name: 'My keys' })).toBeVisible()
  await expect(page.getByText('No keys yet')).toBeVisible()
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('models:read')).toBeVisible()
  await expect(dialog.getByText('models:manage')).toHaveCount(0)
  await expect(dialog.getByText('Owner')).toHaveCount(0)
  await dialog.getByLabel('Name', { exact: true }).fill('mine')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await takeShownKey(page)
  await rowOf(page, 'mine').getByRole('link').click()
  await page.getByRole('button', { name: 'Edit key' }).click()
  // What only an admin may change of it is not there.
  await expect(dialog.getByText('models:read')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Models and networks' })).toHaveCount(0)
  await expect(dialog.getByLabel('Prompts and answers')).toHaveCount(0)
  const others = JSON.parse(await house.corral('keys', 'list', '--owner', 'admin', '--json'))
  await page.goto(`${house.url}/console/keys/${others[0].id}`)
  await expect(page.getByRole('button', { name: 'Rotate key' })).toHaveCount(0)
  await expect(page.getByText(others[0].prefix)).toHaveCount(0)
  await page.close()

  const other = await openAs(browser, house, await createPerson(house, { role: 'viewer' }))
  await other.goto(`${house.url}/console/keys`)
  await expect(rowOf(other, 'mine')).toBeVisible()
  await expect(other.getByRole('button', { name: 'Create key' })).toHaveCount(0)
  await expect(other.getByRole('checkbox')).toHaveCount(0)
  await rowOf(other, 'mine').getByRole('link').click()
  await expect(other.getByRole('heading', { name: 'mine', level: 1 })).toBeVisible()
  await expect(other.getByRole('button', { name: 'Rotate key' })).toHaveCount(0)
  await other.close()
})

test('a list without keys offers to make one; a list of revoked keys says what it leaves out', async ({
  house,
  browser,
}) => {
  const nina = await openAs(
    browser,
    house,
    await createPerson(house, { role: 'member', name: 'nina' }),
  )
  await nina.goto(`${house.url}/console/keys`)
  await expect(nina.getByText('No keys yet')).toBeVisible()
  await nina.getByRole('link', { name: 'Create key' }).click()
  await expect(nina.getByRole('dialog', { name: 'Create key' })).toBeVisible()

  await house.corral('keys', 'create', 'old', '--owner', 'nina')
  await house.corral('keys', 'revoke', 'old')
  await nina.goto(`${house.url}/console/keys`)
  await expect(nina.getByText('No keys fit')).toBeVisible()
  await expect(nina.getByText('State is not revoked', { exact: true }).last()).toBeVisible()
  await nina.getByRole('button', { name: 'Clear filters' }).click()
  await expect(nina.getByRole('link', { name: 'old' })).toBeVisible()
  await nina.close()
})

test('keys have nothing serious for axe, in both themes and widths', async ({
  admin: page,
  house,
}) => {
  const dialog = page.getByRole('dialog')
  await page.goto(`${house.url}/console/keys`)
  await expectNothingSerious(page, page.getByText('Active').first())
  await page.getByRole('button', { name: 'Create key' }).click()
  await expectNothingSerious(page, dialog)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Connect' }).click()
  await expectNothingSerious(page, dialog.getByText(`curl ${house.url}`))
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'first', exact: true }).first().click()
  await expectNothingSerious(page, page.getByRole('heading', { name: 'Usage' }))
})

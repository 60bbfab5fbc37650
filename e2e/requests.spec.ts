import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expectNothingSerious } from './support/axe'
import { createKey, createPerson, expect, type House, openAs, test } from './support/house'

/** A phase of 0 ms has no bar: this machine takes its time for a token. */
const machine = {
  models: [{ name: 'llama3.2:3b', sizeBytes: 2e9 }],
  tokensPerSecond: 200,
  answerTokens: 10,
}
test.use({ houseOptions: { machines: [machine] } })

const planted = '<img src=x onerror="window.planted=1"><script>window.planted=1</script>'

async function call(
  house: House,
  {
    model = 'llama3.2:3b',
    key = house.key,
    agent = 'journey/1.0',
    path = '/api/chat',
  }: { model?: string; key?: string; agent?: string; path?: string } = {},
): Promise<{ status: number; id: string | null }> {
  const answer = await fetch(house.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'user-agent': agent },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }], stream: false }),
  })
  await answer.arrayBuffer()
  return { status: answer.status, id: answer.headers.get('x-request-id') }
}

const rowsOf = (page: Page) => page.getByRole('table', { name: 'Requests' }).locator('tbody tr')
const sheetOf = (page: Page) => page.getByRole('dialog', { name: /^Request req_/ })

test('a request stands on the open page within seconds, and its sheet tells its life', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/requests`)
  await expect(page.getByText('No requests yet')).toBeVisible()
  expect(await call(house)).toMatchObject({ status: 200 })
  await expect(rowsOf(page)).toHaveCount(1)

  await rowsOf(page).first().getByRole('link').click()
  const sheet = sheetOf(page)
  await expect(sheet.getByText('Where the time went')).toBeVisible()
  await expect(page).toHaveURL(/\/console\/requests\/req_\w{26}$/)
  await expect(page).toHaveTitle(/Request req_/)
  const phases = sheet.getByRole('list', { name: 'Phases' })
  for (const phase of ['Prefill', 'Decode']) await expect(phases).toContainText(phase)
  await expect(sheet.getByText('journey/1.0')).toBeVisible()
  await expect(sheet.getByText(`curl ${house.url}/api/chat`)).toBeVisible()
  await expect(sheet.getByText('$CORRAL_KEY')).toBeVisible()
  await expect(sheet.getByRole('button', { name: 'Show prompt and answer' })).toHaveCount(0)

  // What comes while a sheet is open waits for its reader.
  expect(await call(house, { model: 'nobody:1b' })).toMatchObject({ status: 404 })
  await page.getByRole('button', { name: /^1 new/ }).click()
  await expect(rowsOf(page)).toHaveCount(2)

  const address = page.url()
  await page.keyboard.press('k')
  await expect(sheet.getByText('routing.model_not_found')).toBeVisible()
  await expect(sheet.getByText('What to do:')).toBeVisible()
  await page.keyboard.press('j')
  await expect(page).toHaveURL(address)
  await page.reload()
  await expect(sheet.getByText('Where the time went')).toBeVisible()
  await expect(rowsOf(page)).toHaveCount(2)
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await expect(page).toHaveURL(`${house.url}/console/requests`)
  await expect(rowsOf(page).nth(1).getByRole('link')).toBeFocused()
  await page.goBack()
  await expect(sheet.getByText('Where the time went')).toBeVisible()

  await page.goto(`${house.url}/console/requests/req_01JQ0000000000000000000000`)
  await expect(page.getByText('Nothing is known under')).toBeVisible()
})

test('filters, range and columns hold on reload and Back, and rule the exported file', async ({
  admin: page,
  house,
}) => {
  await call(house)
  await call(house, { model: 'nobody:1b' })
  await page.goto(`${house.url}/console/requests?range=1h`)
  await expect(rowsOf(page).filter({ hasText: 'nobody:1b' }).first()).toBeVisible()
  // Rows stand there before the page listens to keys.
  await expect(async () => {
    await page.keyboard.press('/')
    await expect(page.getByRole('option', { name: 'Status' })).toBeVisible({ timeout: 500 })
  }).toPass()
  await page.getByRole('option', { name: 'Status' }).click()
  await page.getByRole('option', { name: '4xx' }).click()
  await expect(page).toHaveURL(/range=1h&status=4xx/)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Status is 4xx', exact: true })).toBeVisible()
  await expect(rowsOf(page).filter({ hasText: 'llama3.2:3b' })).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('button', { name: 'Status is 4xx', exact: true })).toBeVisible()
  await expect(rowsOf(page).filter({ hasText: 'llama3.2:3b' })).toHaveCount(0)

  await page.getByRole('button', { name: 'Export' }).click()
  const saving = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /^CSV/ }).click()
  const file = await (await saving).path()
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  expect(lines[0]).toMatch(/^started_at,id,status/)
  expect(lines.length).toBeGreaterThan(1)
  expect(lines.slice(1).every((line) => line.split(',')[2] === '404')).toBe(true)

  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Address' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('columnheader', { name: 'Address' })).toBeVisible()
  await expect
    .poll(async () =>
      (await page.context().cookies()).some(({ name }) => name.includes('requests')),
    )
    .toBe(true)
  await page.reload()
  await expect(page.getByRole('columnheader', { name: 'Address' })).toBeVisible()

  await page.getByRole('button', { name: 'Clear', exact: true }).click()
  await expect(rowsOf(page).filter({ hasText: 'llama3.2:3b' }).first()).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('button', { name: 'Status is 4xx', exact: true })).toBeVisible()

  await page.goto(`${house.url}/console/requests?address=192.0.2.99`)
  await expect(page.getByText('No requests fit')).toBeVisible()
  await expect(page.getByText('Address is 192.0.2.99').last()).toBeVisible()
})

test('a filter is turned before its first value, and no change of it loses the focus', async ({
  admin: page,
  house,
}) => {
  await call(house)
  await page.goto(`${house.url}/console/requests?range=1h`)
  await expect(rowsOf(page).first()).toBeVisible()
  const filter = page.getByRole('button', { name: 'Filter', exact: true })
  await filter.click()
  await page.getByRole('option', { name: 'Model', exact: true }).click()
  const isNot = page.getByRole('radio', { name: 'is not' })
  await isNot.focus()
  await page.keyboard.press('Enter')
  await expect(isNot).toBeChecked()
  await expect(page).not.toHaveURL(/model=/)
  await page.getByRole('option', { name: /llama3\.2:3b/ }).click()
  await expect(page).toHaveURL(/model=!llama3\.2:3b/)
  await page.keyboard.press('Escape')

  // The popover of a chip stays when its last value goes.
  await page.getByRole('button', { name: 'Model is not llama3.2:3b', exact: true }).click()
  await page.getByRole('option', { name: /llama3\.2:3b/ }).click()
  await expect(page).not.toHaveURL(/model=/)
  await expect(isNot).toBeChecked()
  await page.keyboard.press('Escape')
  await expect(filter).toBeFocused()

  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: 'Status', exact: true }).click()
  await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Shift+Enter')
  await expect(page).toHaveURL(/status=/)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Remove Status is/ }).press('Enter')
  await expect(page).not.toHaveURL(/status=/)
  await expect(filter).toBeFocused()
})

test('values that do not come are said so, and asked for again', async ({ admin: page, house }) => {
  await page.goto(`${house.url}/console/requests?range=1h`)
  const values = '**/console/data/requests/values*'
  await page.route(values, (route) => route.abort())
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('option', { name: 'Model', exact: true }).click()
  await expect(page.getByText('The values did not come.')).toBeVisible()
  await expect(page.getByText(/No value is called/)).toHaveCount(0)
  await page.unroute(values)
  await page.getByRole('button', { name: 'Retry' }).press('Enter')
  await expect(page.getByRole('option', { name: /llama3\.2:3b/ })).toBeVisible()
})

test('a sheet over the list keeps the focus from it, and the next slides in no more', async ({
  admin: page,
  house,
}) => {
  await call(house)
  const { id } = await call(house)
  await page.setViewportSize({ width: 1100, height: 800 })
  await page.goto(`${house.url}/console/requests?range=1h`)
  // No role finds what is inert. By its id: rows come on top once the sheet is gone.
  const row = page.locator(`[data-row="${id}"] [data-row-link]`)
  await row.click()
  const sheet = sheetOf(page)
  await expect(sheet).toBeFocused()
  await row.evaluate((link) => (link as HTMLElement).focus())
  await expect(sheet).toBeFocused()
  const label = (await sheet.getAttribute('aria-label')) ?? ''
  await page.keyboard.press('j')
  await expect(sheet).not.toHaveAttribute('aria-label', label)
  await expect(sheet).toHaveCSS('animation-name', 'none')
  await page.keyboard.press('k')
  await expect(sheet).toHaveAttribute('aria-label', label)
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await expect(row).toBeFocused()
})

test('arrows go through rows and cells without single keys, and a column is widened by them', async ({
  admin: page,
  house,
}) => {
  await call(house)
  await call(house)
  await page.goto(`${house.url}/console/requests?range=1h`)
  await expect(rowsOf(page).nth(1)).toBeVisible()
  await page.evaluate(() => localStorage.setItem('corral.single-keys', 'off'))
  await page.reload()
  await rowsOf(page).first().getByRole('link').focus()
  await page.keyboard.press('j')
  await expect(rowsOf(page).first().getByRole('link')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(rowsOf(page).nth(1).getByRole('link')).toBeFocused()

  const edge = page.getByRole('separator', { name: 'Width of Status' })
  const width = Number(await edge.getAttribute('aria-valuenow'))
  await edge.press('ArrowRight')
  await expect(edge).toHaveAttribute('aria-valuenow', String(width + 16))
  await page.evaluate(() => localStorage.removeItem('corral.single-keys'))
})

test('a drag over the strip zooms, and so do the keys', async ({ admin: page, house }) => {
  await call(house)
  await page.goto(`${house.url}/console/requests?range=1h`)
  const strip = page.getByRole('slider', { name: /^Requests over time/ })
  const box = await strip.boundingBox()
  if (!box) throw new Error('no strip')
  await page.mouse.move(box.x + box.width * 0.2, box.y + 20)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 5 })
  await page.mouse.up()
  await expect(page).toHaveURL(/range=2\d{3}-.*Z\.\.2\d{3}-.*Z/)
  await page.goBack()
  await expect(page).toHaveURL(/range=1h/)
  await strip.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/range=2\d{3}-/)
})

test('markup in a model, a client or a path is text, and nothing of it runs', async ({
  admin: page,
  house,
}) => {
  await call(house, { model: planted, agent: planted })
  await call(house, { agent: planted, path: `/api/${planted}` })
  await page.goto(`${house.url}/console/requests`)
  const row = rowsOf(page).filter({ hasText: 'onerror' }).first()
  await expect(row).toBeVisible()
  await row.getByRole('link').click()
  await expect(sheetOf(page).getByText('<script>').first()).toBeVisible()
  await page.keyboard.press('k')
  await expect(sheetOf(page).getByText('http.path_unknown')).toBeVisible()
  await page.goto(`${house.url}/console/requests?asked=${encodeURIComponent(planted)}`)
  await expect(page.getByRole('button', { name: /^Model asked is <img/ })).toBeVisible()
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  expect(await page.evaluate(() => 'planted' in window)).toBe(false)
})

test('a member sees only their own, and no other’s by its address', async ({ browser, house }) => {
  const mia = await createPerson(house, { role: 'member', name: 'mia' })
  const key = await createKey(house, { owner: 'mia', name: 'first' })
  await expect.poll(() => call(house, { key, agent: 'of-mia' })).toMatchObject({ status: 200 })
  const { id } = await call(house, { agent: 'of-admin' })
  const page = await openAs(browser, house, mia)
  await page.goto(`${house.url}/console/requests`)
  await expect(rowsOf(page).filter({ hasText: 'mia' }).first()).toBeVisible()
  await expect(rowsOf(page).filter({ hasText: 'admin' })).toHaveCount(0)
  const answer = await page.request.get(`${house.url}/console/data/requests?user=nobody`)
  const { page: found } = (await answer.json()) as { page: { rows: { principal: string }[] } }
  expect(new Set(found.rows.map(({ principal }) => principal))).toEqual(new Set(['mia']))
  await page.goto(`${house.url}/console/requests/${id}`)
  await expect(page.getByText('Nothing is known under')).toBeVisible()
  await page.close()
})

test('requests have nothing serious for axe, in both themes and widths', async ({
  admin: page,
  house,
}) => {
  await call(house)
  await call(house, { model: 'nobody:1b' })
  await page.goto(`${house.url}/console/requests`)
  const link = page.locator('[data-row-link]').first()
  await expectNothingSerious(page, link)
  await link.click()
  await expectNothingSerious(page, sheetOf(page).getByText('Where the time went'))
})

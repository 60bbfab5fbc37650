import type { Locator, Page } from '@playwright/test'
import { ask, askToTheEnd } from './support/ask'
import { expectNothingSerious } from './support/axe'
import { createKey, createPerson, expect, openAs, test } from './support/house'

const gigabyte = 1_000_000_000
const models = [{ name: 'llama3.2:3b', sizeBytes: 2 * gigabyte }]
/** An answer without a limit lasts for minutes. */
const machine = { models, tokensPerSecond: 40, answerTokens: 20_000 }
test.use({ houseOptions: { machines: [machine, machine] } })

test.beforeAll(async ({ house }) => {
  for (const [name, value] of [
    ['healthIntervalMs', '300'],
    ['healthDownAfter', '1'],
    ['healthUpAfter', '1'],
  ]) {
    await house.corral('settings', 'set', name ?? '', value ?? '')
  }
  await askToTheEnd(house, { tokens: 5 })
})

test('a server that dies is seen without a reload, and so is its return', async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console?range=15m`)
  const servers = admin.getByRole('region', { name: 'Servers' }).getByRole('listitem')
  await expect(servers).toHaveCount(2)
  await expect(servers.filter({ hasText: 'Healthy' })).toHaveCount(2)
  const heights = await cardTops(admin)
  const [, second] = house.machines
  await second?.kill()
  const dead = servers.filter({ hasText: 'Down' })
  await expect(dead).toHaveCount(1)
  await expect(dead).toContainText('refused the connection')
  await expect(admin).toHaveTitle(/^1 down · Overview/)
  await expect(admin.getByRole('banner').getByRole('status').first()).toContainText('down')
  // What stands above and beside it did not move.
  expect(await cardTops(admin)).toEqual(heights)
  await dead.getByRole('link').hover()
  await expect(dead.getByRole('link')).toHaveAttribute('href', /^\/console\/servers\/\w+/)
  await second?.restart()
  await expect(servers.filter({ hasText: 'Healthy' })).toHaveCount(2)
  await expect(admin).toHaveTitle(/^Overview/)
})

test("Stop ends a running stream: its client reads the dialect's own error, the log says who", async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console?range=15m`)
  const answer = await ask(house)
  const text = answer.text()
  const inFlight = admin.getByRole('region', { name: /^In flight/ })
  const row = inFlight.getByRole('listitem').filter({ hasText: 'llama3.2:3b' })
  await expect(row).toContainText('streams from')
  await row.getByRole('button', { name: 'Stop llama3.2:3b' }).click()
  const lines = (await text).trim().split('\n')
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
    error: expect.stringContaining('was stopped by its owner or an admin'),
  })
  await expect(row.getByText('ended')).toBeVisible()
  await admin.getByRole('heading', { name: 'Overview' }).hover()
  await expect(inFlight).toContainText('Nothing is on its way')
  const error = admin.getByRole('region', { name: 'Errors' }).getByRole('listitem')
  const stopped = error.filter({ hasText: 'gateway.stopped' })
  await expect(stopped).toBeVisible()
  await expect(stopped.getByRole('link', { name: 'gateway.stopped', exact: true })).toHaveAttribute(
    'href',
    '/console/requests?range=15m&error=gateway.stopped',
  )
})

test('figures come by themselves and lead to their rows; Pause holds them', async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console?range=1h`)
  const tile = admin.getByRole('link', { name: /^Requests/ }).filter({ hasText: /\d/ })
  await expect(tile).toHaveAttribute('href', '/console/requests?range=1h')
  const before = await figureOf(tile)
  await askToTheEnd(house, { tokens: 3 })
  await expect.poll(() => figureOf(tile)).toBe(before + 1)
  await admin.getByRole('button', { name: 'Live' }).click()
  await expect(admin.getByRole('button', { name: 'Paused' })).toBeVisible()
  const calls: string[] = []
  admin.on('request', (request) => {
    if (request.url().includes('/console/data/overview')) calls.push(request.url())
  })
  await askToTheEnd(house, { tokens: 3 })
  // The frame goes on asking for the health of the whole: two rounds of it, none of figures.
  await admin.waitForResponse(/\/console\/data\/frame/)
  await admin.waitForResponse(/\/console\/data\/frame/)
  expect(calls).toEqual([])
  expect(await figureOf(tile)).toBe(before + 1)
})

test('an answer that fails leaves what was seen, says as of when, and offers Retry', async ({
  admin,
  house,
}) => {
  for (const [path, data] of [
    ['', 'overview'],
    ['/settings', 'settings'],
    ['/users', 'users'],
  ]) {
    await admin.goto(`${house.url}/console${path}`)
    const heading = admin.getByRole('heading', { level: 1 })
    await expect(heading).toBeVisible()
    const isOurs = (url: URL) => url.pathname === `/console/data/${data}`
    await admin.route(isOurs, (route) => route.fulfill({ status: 500, json: { message: 'Full.' } }))
    const alert = admin.getByRole('alert').filter({ hasText: /Full\..* as of \d\d:\d\d/ })
    await expect(alert, path).toBeVisible()
    const asked = admin.waitForResponse((response) => isOurs(new URL(response.url())))
    await alert.getByRole('button', { name: 'Retry' }).click()
    await asked
    await expect(heading).toBeVisible()
    await admin.unroute(isOurs)
    await expect(alert, path).toBeHidden()
  }
})

test('the range and what each card shows are in the URL: reload and Back give the same view', async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console?range=24h`)
  await admin.getByRole('radio', { name: 'Keys' }).click()
  await expect(admin).toHaveURL(/top=keys/)
  await admin.getByRole('button', { name: /^Last 24 h/ }).click()
  await admin.getByRole('button', { name: 'Last 7 d' }).click()
  await expect(admin).toHaveURL(/range=7d/)
  await expect(admin.getByRole('figure', { name: 'Traffic' })).toContainText('requests by 3 h')
  await admin.reload()
  await expect(admin.getByRole('heading', { name: 'Top keys' })).toBeVisible()
  await expect(admin.getByRole('figure', { name: 'Traffic' })).toContainText('requests by 3 h')
  await admin.goBack()
  await expect(admin).toHaveURL(/range=24h/)
  await expect(admin.getByRole('figure', { name: 'Traffic' })).toContainText('requests by 15 m')
})

test('a drag over a chart zooms the whole page to that time', async ({ admin, house }) => {
  await admin.goto(`${house.url}/console?range=24h`)
  const plot = admin.getByRole('figure', { name: 'Traffic' }).locator('.recharts-surface').first()
  await plot.scrollIntoViewIfNeeded()
  const box = await plot.boundingBox()
  if (!box) throw new Error('the chart has no size')
  const y = box.y + box.height / 2
  await admin.mouse.move(box.x + box.width * 0.5, y)
  await admin.mouse.down()
  await admin.mouse.move(box.x + box.width * 0.6, y, { steps: 5 })
  await admin.mouse.move(box.x + box.width * 0.8, y, { steps: 5 })
  await admin.mouse.up()
  await expect(admin).toHaveURL(/range=\d{4}-\d\d-\d\dT[\d:.]+Z\.\.\d{4}-\d\d-\d\dT[\d:.]+Z/)
  await expect(admin.getByRole('button', { name: 'Live' })).toHaveCount(0)
  await expect(admin.getByRole('figure', { name: 'Traffic' })).toContainText(
    /requests by (1|15|60) m/,
  )
})

test('a member sees what their own key did and stops only their own; a viewer stops nothing', async ({
  browser,
  house,
}) => {
  const ana = await createPerson(house, { role: 'member', name: 'ana' })
  const key = await createKey(house, { owner: 'ana', name: 'first' })
  const foreign = await ask(house)
  const own = await ask(house, { key })
  const member = await openAs(browser, house, ana)
  await member.goto(`${house.url}/console?range=1h&first=skip`)
  await expect(member.getByText('What your own keys did')).toBeVisible()
  await expect(member.getByRole('region', { name: 'Servers' })).toHaveCount(0)
  await expect(member.getByText('Active users')).toHaveCount(0)
  const rows = member.getByRole('region', { name: /^In flight/ }).getByRole('listitem')
  await expect(rows).toHaveCount(1)
  await expect(rows).toContainText('ana')
  const viewer = await openAs(browser, house, await createPerson(house, { role: 'viewer' }))
  await viewer.goto(`${house.url}/console?range=1h`)
  const all = viewer.getByRole('region', { name: /^In flight/ }).getByRole('listitem')
  await expect(all).toHaveCount(2)
  await expect(viewer.getByRole('button', { name: /^Stop/ })).toHaveCount(0)
  await rows.getByRole('button', { name: /^Stop/ }).click()
  expect(await own.text()).toContain('was stopped by its owner or an admin')
  await foreign.body?.cancel()
  await member.close()
  await viewer.close()
})

test('markup in the name of a key is text', async ({ admin, house }) => {
  const planted = '<img src=x onerror=planted=1>'
  const key = await createKey(house, { owner: 'admin', name: planted })
  await admin.goto(`${house.url}/console?range=15m&top=keys`)
  const running = await ask(house, { key })
  const inFlight = admin.getByRole('region', { name: /^In flight/ }).getByRole('listitem')
  await expect(inFlight.filter({ hasText: `admin / ${planted}` })).toBeVisible()
  await running.body?.cancel()
  await expect(admin.getByRole('region', { name: 'Top keys' }).getByText(planted)).toBeVisible()
  expect(await admin.evaluate(() => 'planted' in window)).toBe(false)
})

test('the overview has nothing serious for axe, in both themes and widths', async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console?range=15m`)
  await expectNothingSerious(admin, admin.locator('.recharts-surface').first())
})

/** The figure of a tile, read without its spaces. */
async function figureOf(tile: Locator): Promise<number> {
  const text = (await tile.innerText()).replace(/\s/g, '')
  return Number(/^Requests(\d+)/.exec(text)?.[1])
}

/** Where each card begins, rounded: a tick of Live moves nothing. */
function cardTops(page: Page): Promise<number[]> {
  return page
    .locator('main [data-slot="card"]')
    .evaluateAll((cards) => cards.map((card) => Math.round(card.getBoundingClientRect().top)))
}

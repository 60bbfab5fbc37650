import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { askToTheEnd } from './support/ask'
import { expectNothingSerious } from './support/axe'
import { createKey, createPerson, expect, type House, openAs, test } from './support/house'

type Report = {
  sinceMs: number
  untilMs: number
  rows: { group: string; label: string; requests: number; promptTokens: number }[]
  total: { requests: number; failed: number; promptTokens: number; completionTokens: number }
}

const tableOf = (page: Page, by: string) => page.getByRole('table', { name: `Usage by ${by}` })
const cellsOf = (page: Page, by: string, name: string) =>
  tableOf(page, by).locator('tbody tr').filter({ hasText: name }).locator('td')

async function readReport(house: House, by: string): Promise<Report> {
  return JSON.parse(await house.corral('usage', '--by', by, '--json')) as Report
}

/** Records are stored a moment after the answer. */
async function untilCounted(house: House, least: number): Promise<void> {
  await expect
    .poll(async () => (await readReport(house, 'model')).total.requests)
    .toBeGreaterThanOrEqual(least)
}

function rangeOf({ sinceMs, untilMs }: Report): string {
  return `${new Date(sinceMs).toISOString()}..${new Date(untilMs).toISOString()}`
}

test('a new house says that nothing was asked yet', async ({ admin: page, house }) => {
  await page.goto(`${house.url}/console/usage`)
  await expect(page.getByText('No requests in this range')).toBeVisible()
  await page.getByRole('button', { name: 'Show the last 30 d' }).click()
  await expect(page).toHaveURL(/range=30d/)
})

test('every figure of the table is that of "corral usage --json", by every group', async ({
  admin: page,
  house,
}) => {
  for (const model of ['llama3.2:3b', 'llama3.2:3b', 'qwen3:8b', 'nobody:1b']) {
    await askToTheEnd(house, { model })
  }
  await untilCounted(house, 4)
  for (const by of ['model', 'key', 'user', 'backend', 'operation', 'outcome']) {
    const report = await readReport(house, by)
    const query = new URLSearchParams({ by, range: rangeOf(report) })
    const answer = await page.request.get(`${house.url}/console/data/usage?${query}`)
    const { table } = (await answer.json()) as {
      table: { rows: Record<string, unknown>[]; total: Record<string, unknown> }
    }
    expect(table.total).toMatchObject(report.total)
    expect(table.rows.map(({ id: group, ...row }) => ({ group, ...row }))).toMatchObject(
      report.rows,
    )
  }
  const report = await readReport(house, 'model')
  await page.goto(`${house.url}/console/usage?range=${encodeURIComponent(rangeOf(report))}`)
  for (const row of report.rows) {
    const cells = cellsOf(page, 'model', row.label)
    await expect(cells.nth(1)).toHaveText(String(row.requests))
    await expect(cells.nth(5)).toHaveText(String(row.promptTokens))
  }
  await expect(page.getByText(`In all ${report.total.requests} requests`)).toBeVisible()
})

test('the choice is the URL: group, cut, measure, comparison; Back takes one off', async ({
  admin: page,
  house,
}) => {
  await askToTheEnd(house)
  await untilCounted(house, 1)
  await page.goto(`${house.url}/console/usage?range=7d`)
  await page.getByRole('radio', { name: 'Server' }).click()
  await expect(page).toHaveURL(/by=backend/)
  await expect(page.getByRole('figure', { name: 'Requests by server' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Cut by' }).click()
  await page.getByRole('option', { name: 'Hour of day' }).click()
  await expect(page.getByText('requests by hour of day').first()).toBeVisible()
  await page.getByRole('combobox', { name: 'What is counted' }).click()
  await page.getByRole('option', { name: 'Tokens out' }).click()
  await expect(page.getByRole('figure', { name: 'Tokens out by server' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Compare' }).click()
  await page.getByRole('option', { name: 'A week earlier' }).click()
  await expect(page.getByRole('figure', { name: 'Tokens out, compared' })).toBeVisible()
  await expect(tableOf(page, 'server').getByText('new').first()).toBeVisible()
  await page.reload()
  await expect(page.getByRole('figure', { name: 'Tokens out, compared' })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('figure', { name: 'Tokens out, compared' })).toHaveCount(0)
  await expect(page.getByRole('figure', { name: 'Tokens out by server' })).toBeVisible()
})

test('a chart is saved as CSV and PNG, the table as CSV', async ({ admin: page, house }) => {
  await askToTheEnd(house)
  await untilCounted(house, 1)
  await page.goto(`${house.url}/console/usage?range=24h&per=hour-of-day`)
  const save = async (item: string) => {
    await page.getByRole('button', { name: 'Requests by model: menu' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: item }).click()
    return readFile(await (await download).path())
  }
  const [head = '', ...hours] = (await save('Save as CSV')).toString('utf8').trim().split('\r\n')
  expect(head).toMatch(/^Time of day \(.+\),.*llama3\.2:3b \(requests\)/)
  expect(hours).toHaveLength(24)
  expect(hours[0]).toMatch(/^00:00,/)
  const picture = await save('Save as PNG')
  expect(picture.subarray(1, 4).toString('latin1')).toBe('PNG')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as CSV' }).click()
  const text = await readFile(await (await download).path(), 'utf8')
  const report = await readReport(house, 'model')
  expect(text).toMatch(
    /^model,id,requests,.*,tokens in,tokens out,.*,time p95 ms,tokens\/s p50\r\n/,
  )
  expect(text).toContain(`\r\ntotal,,${report.total.requests},`)
})

test('a member sees their own, and no other’s by its address', async ({ browser, house }) => {
  const mia = await createPerson(house, { role: 'member', name: 'mia' })
  const key = await createKey(house, { owner: 'mia', name: 'first' })
  await askToTheEnd(house)
  await expect
    .poll(async () => {
      await askToTheEnd(house, { key })
      const { rows } = await readReport(house, 'user')
      return rows.find(({ label }) => label === 'mia')?.requests ?? 0
    })
    .toBeGreaterThan(0)
  const { rows } = await readReport(house, 'user')
  const own = rows.find(({ label }) => label === 'mia')
  const other = rows.find(({ label }) => label === 'admin')
  const page = await openAs(browser, house, mia)
  await page.goto(`${house.url}/console/usage?by=backend`)
  await expect(page.getByRole('button', { name: 'Usage of All of mine' })).toBeVisible()
  await expect(page.getByRole('radio', { name: 'Server' })).toHaveCount(0)
  const found = await page.request.get(`${house.url}/console/data/usage/whose`)
  const names = ((await found.json()) as { kind: string; name: string }[])
    .filter(({ kind }) => kind === 'user')
    .map(({ name }) => name)
  expect(names).toEqual(['mia'])
  const answer = await page.request.get(`${house.url}/console/data/usage?by=model`)
  const { table } = (await answer.json()) as { table: { total: { requests: number } } }
  expect(table.total.requests).toBeGreaterThanOrEqual(own?.requests ?? 0)
  const all = await readReport(house, 'model')
  expect(table.total.requests).toBeLessThan(all.total.requests)
  for (const path of ['usage', 'usage/report']) {
    await page.goto(`${house.url}/console/${path}?user=${other?.group}`)
    await expect(page.getByRole('heading', { name: 'Nothing is here' })).toBeVisible()
  }
  const refused = await page.request.get(`${house.url}/console/data/usage?user=${other?.group}`)
  expect(refused.status()).toBe(403)
  await page.close()
})

test('a month is printed of everyone, of a user, of a key, without the frame', async ({
  admin: page,
  house,
}) => {
  await askToTheEnd(house)
  await untilCounted(house, 1)
  await page.goto(`${house.url}/console/usage`)
  await page.getByRole('link', { name: 'Monthly report' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /^Usage, \w+ 20\d\d$/ })).toBeVisible()
  const { total } = JSON.parse(
    await house.corral('usage', '--by', 'user', '--since', '31d', '--json'),
  ) as Report
  const requests = page.locator('dl > div').filter({ hasText: 'Requests' }).locator('dd')
  await expect(requests).toHaveText(String(total.requests))
  await page.getByRole('button', { name: /^Usage of/ }).click()
  await page.getByRole('combobox', { name: 'Usage of' }).fill('admin')
  await page
    .getByRole('option', { name: /^admin/ })
    .first()
    .click()
  await expect(page).toHaveURL(/user=/)
  await expect(page.getByText(/^User admin ·/)).toBeVisible()
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('button', { name: 'Print report' })).toBeHidden()
  await expect(page.getByRole('navigation')).toHaveCount(0)
  await expect(page.getByRole('table', { name: 'Models' })).toBeVisible()
})

test('usage and the report have nothing serious for axe, in both themes and widths', async ({
  admin: page,
  house,
}) => {
  await askToTheEnd(house)
  await untilCounted(house, 1)
  for (const path of ['usage?compare=before', 'usage/report']) {
    await page.goto(`${house.url}/console/${path}`)
    await expectNothingSerious(page, page.locator('figure').first().locator('svg').last())
  }
})

import { askToTheEnd } from './support/ask'
import { countBoxes } from './support/count-boxes'
import { expect, test } from './support/house'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

const everyPage = [
  ...['', '/requests', '/usage', '/playground', '/keys', '/users', '/servers', '/models'],
  ...['/routing', '/settings', '/audit', '/system', '/help'],
]

test('no page is wider than the phone, and none scrolls sideways', async ({
  admin: page,
  house,
}) => {
  await askToTheEnd(house)
  await house.corral('keys', 'create', 'x'.repeat(120))
  for (const path of everyPage) {
    await page.goto(`${house.url}/console${path}`)
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width, path).toBeLessThanOrEqual(390)
    expect(await countBoxes(page), path).toBe(0)
  }
})

test('a plain table is cards on the phone: each cell is seen, and no table scrolls sideways', async ({
  admin: page,
  house,
}) => {
  await house.corral('aliases', 'add', 'gpt-4o', 'qwen3:8b', 'llama3.2:3b')
  const [backend] = JSON.parse(await house.corral('backends', 'list', '--json')) as {
    name: string
  }[]
  const server = backend?.name ?? ''
  await house.corral('assignments', 'add', 'nobody-has-this:70b-instruct', server)
  await house.corral('addresses', 'add', 'deny', '198.51.100.0/24', '--note', 'a guest network')
  const tables = [
    ...[
      ['/routing', 'Aliases', /then llama3\.2:3b$/],
      ['/routing', 'Assignments', server],
      ['/routing', 'Memory rules', /GB$/],
    ],
    ...[
      ['/settings', 'Address rules', /a guest network/],
      ['/models/llama3.2:3b', 'Servers of llama3.2:3b', /(–|\d+)$/],
    ],
  ] as const
  for (const [path, name, words] of tables) {
    await page.goto(`${house.url}/console${path}`)
    const table = page.getByRole('table', { name })
    const cell = table.getByRole('cell', { name: words }).last()
    await cell.scrollIntoViewIfNeeded()
    await expect(cell, name).toBeInViewport({ ratio: 1 })
    const width = await table.evaluate(({ scrollWidth, parentElement }) => ({
      of: scrollWidth,
      room: parentElement?.clientWidth ?? 0,
    }))
    expect(width.of, name).toBeLessThanOrEqual(width.room)
  }
})

test('on the phone a lens is chosen, and the log and the audit are exported', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/models`)
  await page.getByRole('radio', { name: 'Use' }).tap()
  await expect(page).toHaveURL(/lens=use/)
  await expect(page.getByRole('listitem').filter({ hasText: 'qwen3:8b' })).toContainText('unused')
  await page.goto(`${house.url}/console/requests`)
  await page.getByRole('button', { name: 'Export' }).tap()
  await expect(page.getByRole('menuitem', { name: /CSV/ })).toBeVisible()
  await page.goto(`${house.url}/console/audit`)
  await expect(page.getByRole('link', { name: 'Export CSV' })).toBeVisible()
})

test('on the phone a key is made, its limit changed, and its request found', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console`)
  await page.getByRole('button', { name: 'Open the navigation' }).tap()
  await page.getByRole('dialog').getByRole('link', { name: 'Keys' }).tap()
  await expect(page.getByRole('heading', { level: 1, name: 'Keys' })).toBeVisible()
  await page.getByRole('button', { name: 'Create key' }).tap()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('pocket')
  await dialog.getByRole('button', { name: 'Create key' }).tap()
  const token = await dialog
    .locator('code')
    .filter({ hasText: /^op_\w+$/ })
    .first()
    .innerText()
  await dialog.getByRole('button', { name: 'Copy key' }).tap()
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).last().tap()
  await expect(dialog).toBeHidden()
  await page.getByRole('link', { name: 'pocket' }).tap()
  await expect(page.getByRole('heading', { level: 1, name: 'pocket' })).toBeVisible()

  const id = await askToTheEnd(house, { key: token })
  await page.goto(`${house.url}/console/requests`)
  const card = page.getByRole('listitem').filter({ hasText: 'pocket' })
  await card.getByRole('link').tap()
  await page.waitForURL((url) => url.pathname.endsWith(id))
  await expect(page.getByText('Where the time went').first()).toBeVisible()
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBeLessThanOrEqual(390)
})

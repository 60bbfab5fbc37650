import { deflateSync } from 'node:zlib'
import type { Locator, Page } from '@playwright/test'
import { expectNothingSerious } from './support/axe'
import { createPerson, expect, type House, openAs, test } from './support/house'

function card(page: Page, title: string): Locator {
  return page.getByRole('form', { name: title, exact: true })
}

async function save(form: Locator): Promise<void> {
  await form.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(form.getByText('In effect on 1 of 1 node')).toBeVisible()
}

async function ask(house: House): Promise<number> {
  const answer = await fetch(`${house.url}/api/generate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'llama3.2:3b', prompt: 'Hay?', stream: false }),
  })
  await answer.text()
  return answer.status
}

test('a rate limit of one refuses the second request once it says that it is in effect, and Undo lets it pass', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/settings#rateLimitRequests`)
  const form = card(page, 'Rate limit')
  const field = form.getByRole('textbox', { name: 'Rate limit' })
  await field.fill('-1')
  await expect(form.getByRole('alert')).toHaveText('At least 0 requests.')
  await expect(form.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
  await field.fill('1')
  await save(form)
  await expect(form.getByText('Changed by admin')).toBeVisible()
  expect([await ask(house), await ask(house)]).toEqual([200, 429])
  await form.getByRole('button', { name: 'Undo the change of Rate limit' }).click()
  await expect(field).toHaveValue('100')
  await expect(form.getByText('Back to the default by admin')).toBeVisible()
  await expect(form.getByText('In effect on 1 of 1 node')).toBeVisible()
  expect(await ask(house)).toBe(200)
})

test('title, accent and logo change on every page, and the time zone changes its times', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/settings`)
  const title = card(page, 'Title')
  await title.getByRole('textbox', { name: 'Title' }).fill('Stables')
  await save(title)
  await expect(page.getByRole('navigation').first().locator('..')).toContainText('Stables')
  await expect(page).toHaveTitle(/Settings · Stables$/)

  const accent = card(page, 'Accent')
  await accent.getByRole('radio', { name: 'teal' }).click()
  await save(accent)
  await expect(page.locator('[data-accent="teal"]')).toHaveCount(1)

  const logo = card(page, 'Logo')
  const file = logo.getByLabel('Logo file')
  await file.setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') })
  await expect(logo.getByRole('alert')).toHaveText('a.pdf is not a PNG, JPEG, WebP or SVG image.')
  const large = Buffer.alloc(120 * 1024)
  await file.setInputFiles({ name: 'b.png', mimeType: 'image/png', buffer: large })
  await expect(logo.getByRole('alert')).toHaveText('b.png has 120 KB; at most 100 KB are taken.')
  await file.setInputFiles({ name: 'c.png', mimeType: 'image/png', buffer: onePixel() })
  await expect(logo.getByRole('img', { name: 'Preview of the logo' })).toBeVisible()
  await save(logo)

  expect(await ask(house)).toBe(200)
  const oldest = () => readOldest(page, house)
  await expect.poll(oldest).not.toBeNull()
  const atMs = (await oldest()) ?? 0
  const zone = card(page, 'Time zone')
  const field = zone.getByRole('combobox', { name: 'Time zone' })
  await field.fill('Mars/Base')
  await expect(zone.getByRole('alert')).toContainText('an IANA time zone')
  await field.fill('Asia/Kolkata')
  await save(zone)
  await page.goto(`${house.url}/console/system`)
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Kolkata', timeStyle: 'short' })
  await expect(page.locator('#database')).toContainText(time.format(atMs))
  await expect(page).toHaveTitle(/System · Stables$/)
  await expect(page.locator('img[src^="data:image/png"]').first()).toBeVisible()
})

test('of two admins who edit the same setting the second reads what the first made of it', async ({
  admin: page,
  house,
  browser,
}) => {
  const bea = await createPerson(house, { role: 'admin', name: 'bea' })
  const other = await openAs(browser, house, bea)
  await page.goto(`${house.url}/console/settings#attemptsMax`)
  await other.goto(`${house.url}/console/settings#attemptsMax`)
  const mine = card(page, 'Servers tried')
  const theirs = card(other, 'Servers tried')
  await mine.getByRole('textbox', { name: 'Servers tried' }).fill('7')
  await theirs.getByRole('textbox', { name: 'Servers tried' }).fill('3')
  await save(theirs)
  await expect(mine.getByText('bea made it 3 attempts while you were editing.')).toBeVisible()
  await mine.getByRole('button', { name: 'Save over it' }).click()
  await expect(mine.getByText('In effect on 1 of 1 node')).toBeVisible()
  await expect(theirs.getByRole('textbox', { name: 'Servers tried' })).toHaveValue('7')
  expect((await house.corral('settings', 'get', 'attemptsMax')).trim()).toBe('7')
  await other.close()
})

test('address rules are added in words, removed, and brought back by Undo', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/settings#addressRules`)
  const form = page.getByRole('form', { name: 'Add address rule' })
  await form.getByLabel('Network').fill('10.1')
  await form.getByRole('button', { name: 'Add rule' }).click()
  await expect(form.getByRole('alert')).toContainText('a network such as 10.0.0.0/8')
  await form.getByRole('combobox', { name: 'Effect' }).click()
  await page.getByRole('option', { name: 'Deny' }).click()
  await form.getByLabel('Network').fill('192.0.2.0/24')
  await form.getByLabel('Note').fill('guests')
  await form.getByRole('button', { name: 'Add rule' }).click()
  const row = page.getByRole('row', { name: /192\.0\.2\.0\/24/ })
  await expect(row).toContainText('guests')
  await row.getByRole('button', { name: 'Remove deny 192.0.2.0/24' }).click()
  await expect(row).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(row).toContainText('guests')
})

test('the search finds settings by what they do, is in the address, and says when nothing fits', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/settings`)
  const search = page.getByRole('searchbox', { name: 'Search settings' })
  await search.fill('left alone')
  await expect(card(page, 'How long it is left alone')).toBeVisible()
  await expect(card(page, 'Rate limit')).toHaveCount(0)
  await expect(page).toHaveURL(/search=left(\+|%20)alone/)
  await page.reload()
  await expect(search).toHaveValue('left alone')
  await expect(card(page, 'Rate limit')).toHaveCount(0)
  await search.fill('zebra')
  await expect(page.getByText('No settings fit')).toBeVisible()
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect(card(page, 'Rate limit')).toBeVisible()
})

test('a provider that does not answer is told in words, and the callback address is shown', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/settings#oidcIssuer`)
  await expect(page.getByText(`${house.url}/auth/callback/oidc`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Test provider' })).toBeDisabled()
  const form = card(page, 'Provider')
  await form.getByRole('textbox', { name: 'Provider' }).fill(house.machines[0]?.url ?? '')
  await save(form)
  await page.getByRole('button', { name: 'Test provider' }).click()
  await expect(page.getByText('Nobody could sign in by this provider')).toBeVisible()
  await expect(page.getByText(/answered 404/)).toBeVisible()
  await form.getByRole('button', { name: 'Undo the change of Provider' }).click()
  await expect(form.getByRole('textbox', { name: 'Provider' })).toHaveValue('')
})

test('a viewer reads every setting and changes none; for a member the page is not there', async ({
  house,
  browser,
}) => {
  const viewer = await openAs(browser, house, await createPerson(house, { role: 'viewer' }))
  await viewer.goto(`${house.url}/console/settings`)
  await expect(viewer.getByText('Only an admin may change it.')).toBeVisible()
  const main = viewer.getByRole('main')
  await expect(main.getByRole('textbox')).toHaveCount(0)
  await expect(main.getByRole('switch')).toHaveCount(0)
  await expect(
    main.getByRole('button', { name: /Undo|Add rule|Remove|Test|Delete|Sign/ }),
  ).toHaveCount(0)
  await viewer.close()
  const member = await openAs(browser, house, await createPerson(house, { role: 'member' }))
  await member.goto(`${house.url}/console/settings`)
  await expect(member.getByRole('heading', { level: 1, name: 'Nothing is here' })).toBeVisible()
  const answer = await member.request.get(`${house.url}/console/data/settings`)
  expect(answer.status()).toBe(403)
  await member.close()
})

test('settings have nothing serious for axe, in both themes and widths', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/settings`)
  await expectNothingSerious(page, page.getByRole('heading', { level: 1, name: 'Settings' }))
})

test('old records go only behind typed words, and everybody is signed out the same way', async ({
  admin: page,
  house,
  browser,
}) => {
  const kim = await createPerson(house, { role: 'viewer', name: 'kim' })
  const other = await openAs(browser, house, kim)
  await page.goto(`${house.url}/console/settings#pruneUsage`)
  const days = page.getByRole('textbox', { name: 'Days of records to keep' })
  await days.fill('0')
  await page.getByRole('button', { name: 'Delete records' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog.getByRole('button', { name: 'Delete records' })).toBeDisabled()
  await dialog.getByRole('textbox').fill('delete records')
  await dialog.getByRole('button', { name: 'Delete records' }).click()
  await expect(page.getByText(/\d records? deleted/)).toBeVisible()
  await expect.poll(() => readOldest(page, house)).toBeNull()

  await page.getByRole('button', { name: 'Sign everybody out' }).click()
  await dialog.getByRole('textbox').fill('sign everybody out')
  await dialog.getByRole('button', { name: 'Sign everybody out' }).click()
  await page.waitForURL(/\/console\/sign-in/)
  await other.waitForURL(/\/console\/sign-in/)
  await other.close()
})

async function readOldest(page: Page, house: House): Promise<number | null> {
  const answer = await page.request.get(`${house.url}/console/data/system`)
  const { database } = (await answer.json()) as {
    database: { usageRecords: { oldestMs: number | null } }
  }
  return database.usageRecords.oldestMs
}

/** The smallest PNG there is. */
function onePixel(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const sizes = Buffer.alloc(8)
    sizes.writeUInt32BE(data.length, 0)
    sizes.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([sizes.subarray(0, 4), body, sizes.subarray(4)])
  }
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0])
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.from([0, 90, 90, 220, 255]))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

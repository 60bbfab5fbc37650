import type { Page } from '@playwright/test'
import { startSimulator } from '../simulator/start-simulator'
import { expectNothingSerious } from './support/axe'
import { createPerson, expect, type House, openAs, test } from './support/house'

const gigabyte = 1_000_000_000

const rowOf = (page: Page, name: string) =>
  page.getByRole('table', { name: 'Servers' }).locator('tbody tr').filter({ hasText: name })

async function openServer(page: Page, house: House, name: string): Promise<void> {
  await page.goto(`${house.url}/console/servers`)
  await rowOf(page, name).getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}

async function addServer(house: House, name: string, url: string): Promise<void> {
  await house.corral('backends', 'add', name, url, '--memory', '24')
}

test('a server is added with a live test, drains, resumes, is disabled and removed behind typing', async ({
  admin: page,
  house,
}) => {
  const machine = await startSimulator({ models: [{ name: 'phi4:14b', sizeBytes: 9 * gigabyte }] })
  try {
    await page.goto(`${house.url}/console/servers`)
    await page.getByRole('button', { name: 'Add server' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add server' })
    await dialog.getByLabel('Address').fill('http://127.0.0.1:9')
    await dialog.getByRole('button', { name: 'Test address' }).click()
    await expect(dialog.getByText('The server refused the connection')).toBeVisible()
    await expect(dialog.getByText('Does Ollama run there')).toBeVisible()

    await dialog.getByLabel('Address').fill(machine.url)
    await dialog.getByRole('button', { name: 'Test address' }).click()
    await expect(dialog.getByText('1 model', { exact: true })).toBeVisible()
    await expect(dialog.getByText('phi4:14b')).toBeVisible()
    await dialog.getByLabel('Name').fill('attic')
    await dialog.getByLabel(/^Memory/).fill('24')
    await dialog.getByLabel('Slots').fill('none')
    await dialog.getByRole('button', { name: 'Add server' }).click()
    await expect(dialog.getByText('A whole number from 1 to 10,000')).toBeVisible()
    await dialog.getByLabel('Slots').fill('2')
    await dialog.getByRole('button', { name: 'As command' }).click()
    await expect(page.getByText('corral backends add attic')).toContainText('--slots 2')
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Add server' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'attic' })).toBeVisible()
    await expect(page.getByText('Healthy').first()).toBeVisible()
    await expect(page.getByRole('link', { name: 'phi4:14b' })).toBeVisible()

    await page.getByRole('button', { name: 'Drain attic', exact: true }).click()
    const drain = page.getByRole('alertdialog', { name: 'Drain attic?' })
    await expect(drain.getByText('1 model would be left without a server: phi4:14b')).toBeVisible()
    await drain.getByRole('button', { name: 'Drain attic' }).click()
    await expect(page.getByText('Draining').first()).toBeVisible()
    await page.getByRole('button', { name: 'Resume attic', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Drain attic', exact: true })).toBeVisible()

    await page.getByRole('button', { name: 'More for attic' }).click()
    await page.getByRole('menuitem', { name: 'Disable server' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disable attic' }).click()
    await expect(page.getByText('Disabled').first()).toBeVisible()
    await page.getByRole('button', { name: 'Enable attic' }).click()
    await expect(page.getByRole('button', { name: 'Drain attic', exact: true })).toBeVisible()

    await page.getByRole('button', { name: 'More for attic' }).click()
    await page.getByRole('menuitem', { name: 'Remove server' }).click()
    const remove = page.getByRole('alertdialog', { name: 'Remove attic?' })
    await expect(remove.getByText('In the last 24 h')).toBeVisible()
    await expect(remove.getByRole('button', { name: 'Remove server' })).toBeDisabled()
    await remove.getByRole('textbox').fill('attic')
    await remove.getByRole('button', { name: 'Remove server' }).click()
    await page.waitForURL(/\/console\/servers$/)
    await expect(rowOf(page, 'attic')).toHaveCount(0)
    expect(await house.corral('backends', 'list')).not.toContain('attic')
  } finally {
    await machine.stop()
  }
})

test('the palette does common acts, on things too, and closing takes only its own out of the URL', async ({
  admin: page,
  house,
}) => {
  const url = house.machines[0]?.url ?? ''
  await addServer(house, 'palette-1', url)
  const open = async (text: string) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').fill(text)
  }
  await page.goto(`${house.url}/console/keys?view=mine`)
  await open('create key')
  await page.getByRole('option', { name: 'Create key' }).press('Enter')
  const create = page.getByRole('dialog', { name: 'Create key' })
  await expect(create).toBeVisible()
  await page.goto(`${house.url}/console/keys?view=mine&do=create`)
  await expect(create).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(`${house.url}/console/keys?view=mine`)

  await open('pull')
  await page.getByRole('option', { name: 'Pull model' }).click()
  const pull = page.getByRole('dialog', { name: 'Pull model' })
  await expect(pull).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(`${house.url}/console/models`)
  await open('pull')
  await page.getByRole('option', { name: 'Pull model' }).click()
  await expect(pull).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(pull).toBeHidden()

  await open('palette-1')
  await page.getByRole('option', { name: /^palette-1/ }).click()
  await page.getByRole('button', { name: 'Back' }).press('Enter')
  await expect(page.getByRole('option', { name: 'Create key' })).toBeVisible()
  await page.getByRole('dialog').getByRole('combobox').fill('palette-1')
  await page.getByRole('option', { name: /^palette-1/ }).click()
  await page.getByRole('option', { name: 'Drain server' }).click()
  const drain = page.getByRole('alertdialog', { name: 'Drain palette-1?' })
  await drain.getByRole('button', { name: 'Drain palette-1' }).click()
  await expect(page.getByText('Draining').first()).toBeVisible()
  await open('palette-1')
  await page.getByRole('option', { name: /^palette-1/ }).click()
  await page.getByRole('option', { name: 'Resume server' }).click()
  await expect(page.getByText('palette-1 takes work again')).toBeVisible()

  await open('time zone')
  await page.getByRole('option', { name: /^Time zone/ }).click()
  await page.waitForURL(/settings#timezone$/)
  await house.corral('backends', 'remove', 'palette-1')
})

test('a console that does not answer is said so in the top bar, the palette and Connect', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/servers`)
  const silent = /\/console\/data\/(frame|search|connect)(\?|$)/
  await page.route(silent, (route) => route.abort())
  await expect(page.getByRole('banner').getByText('The console does not answer')).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('nowhere')
  await expect(page.getByText(/^The search did not answer/)).toBeVisible()
  await expect(page.getByText(/Nothing is called/)).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Connect a client' })
  await expect(dialog.getByText('What a client needs could not be read')).toBeVisible()
  await page.unroute(silent)
  await dialog.getByRole('button', { name: 'Retry' }).click()
  await expect(dialog.getByLabel('Model')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('banner').getByText('The console does not answer')).toBeHidden()
})

test('of two admins who edit the same server, the second is told and shown both', async ({
  admin: page,
  house,
  browser,
}) => {
  await addServer(house, 'shared', house.machines[0]?.url ?? '')
  await openServer(page, house, 'shared')
  await page.getByRole('button', { name: 'Edit server' }).click()
  const mine = page.getByRole('dialog', { name: 'Edit shared' })
  await mine.getByLabel('Slots').fill('8')

  const other = await openAs(browser, house, { name: 'admin', password: house.password })
  await openServer(other, house, 'shared')
  await other.getByRole('button', { name: 'Edit server' }).click()
  const theirs = other.getByRole('dialog', { name: 'Edit shared' })
  await theirs.getByLabel('Slots').fill('6')
  await theirs.getByLabel('Priority').fill('7')
  await theirs.getByRole('button', { name: 'Save server' }).click()
  await expect(theirs).toBeHidden()
  await other.close()

  await mine.getByRole('button', { name: 'Save server' }).click()
  const told = page.getByRole('dialog', { name: /admin changed shared while you were editing it/ })
  await expect(told.getByText('What admin changed')).toBeVisible()
  await expect(told.getByText('What you would change now')).toBeVisible()
  const fields = told.getByRole('term')
  await expect(fields).toHaveText(['maxParallel', 'priority', 'maxParallel'])
  await expect(told.getByRole('definition').last()).toContainText('6')
  await expect(told.getByRole('definition').last()).toContainText('8')
  await told.getByRole('button', { name: 'Save my changes over it' }).click()
  await expect(told).toBeHidden()
  const [saved] = JSON.parse(await house.corral('backends', 'list', '--json')).filter(
    (one: { name: string }) => one.name === 'shared',
  )
  expect(saved).toMatchObject({ maxParallel: 8, priority: 7 })
  await house.corral('backends', 'remove', 'shared')
})

test('pointing at a model tells where it would land', async ({ admin: page, house }) => {
  await page.goto(`${house.url}/console/servers`)
  const chip = page.getByRole('button', { name: /qwen3:8b 5 GB/ })
  await chip.focus()
  await expect(page.getByText(/qwen3:8b would be loaded on .* \(5 GB\)/)).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(chip).toHaveAttribute('aria-pressed', 'true')
})

test('a viewer sees servers without acts', async ({ house, browser }) => {
  const page = await openAs(browser, house, await createPerson(house, { role: 'viewer' }))
  await page.goto(`${house.url}/console/servers`)
  await expect(page.getByRole('table', { name: 'Servers' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add server' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^More for/ })).toHaveCount(0)
  await page.close()
})

test('a member finds no servers page', async ({ house, browser }) => {
  const page = await openAs(browser, house, await createPerson(house, { role: 'member' }))
  await page.goto(`${house.url}/console/servers`)
  await expect(page.getByRole('heading', { name: 'Nothing is here' })).toBeVisible()
  const answer = await page.request.get(`${house.url}/console/data/servers`)
  expect(answer.status()).toBe(403)
  await page.close()
})

test('servers have nothing serious for axe, in both themes and widths', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/servers`)
  await expectNothingSerious(page, page.getByRole('heading', { name: 'Memory' }))
  const [{ id }] = JSON.parse(await house.corral('backends', 'list', '--json'))
  await page.goto(`${house.url}/console/servers/${id}?edit=true`)
  await expectNothingSerious(page, page.getByRole('dialog'))
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expectNothingSerious(page, page.getByRole('heading', { name: 'Changes' }))
})

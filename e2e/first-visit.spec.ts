import { type Simulator, startSimulator } from '../simulator/start-simulator'
import { expectNothingSerious } from './support/axe'
import { createPerson, expect, openAs, test } from './support/house'

test.use({ houseOptions: { machines: [] } })

let machine: Simulator
test.beforeAll(async () => {
  machine = await startSimulator({ models: [{ name: 'llama3.2:3b', sizeBytes: 2_000_000_000 }] })
})
test.afterAll(() => machine.stop())

test('a newcomer who reads nothing gets from an address to the first recorded request', async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console`)
  await expect(admin.getByRole('heading', { name: 'Your first request' })).toBeVisible()
  await expectNothingSerious(admin, admin.getByText('refused the connection'))

  const address = admin.getByLabel('Address')
  await address.fill('http://127.0.0.1:9')
  await expect(admin.getByText('Not usable')).toBeVisible()
  await address.fill(machine.url)
  await expect(admin.getByText(/^Ollama \d/)).toBeVisible()
  await expect(admin.getByText('llama3.2:3b', { exact: true })).toBeVisible()
  await expect(admin.getByLabel('Name')).toHaveValue('local-2')
  await admin.getByRole('button', { name: 'Add server' }).click()
  await expect(admin.getByText('local-2 answers, with 1 model')).toBeVisible()

  await admin.getByRole('button', { name: 'Create key' }).click()
  const key = admin.getByText(/^op_\w{10}_\w{43}$/)
  await expect(key).toBeVisible()
  const token = await key.innerText()
  await expect(admin.getByText(`Bearer ${token}`).first()).toBeVisible()

  await admin.getByRole('button', { name: 'Send request' }).click()
  await expect(admin.getByText('It was answered and counted.')).toBeVisible()
  await expect(admin.getByRole('log', { name: 'The answer' })).not.toBeEmpty()
  await expectNothingSerious(admin, admin.getByText('It was answered and counted.'))
  expect(machine.requests.some((one) => one.path === '/api/chat')).toBe(true)

  // The key was not copied yet: whoever leaves is asked.
  await admin.getByRole('link', { name: 'Open overview' }).click()
  const question = admin.getByRole('alertdialog', { name: 'Leave without the key?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  await admin.getByRole('button', { name: 'Copy key' }).click()
  await expect(admin.getByRole('button', { name: 'Copied' })).toBeVisible()
  await admin.getByRole('link', { name: 'Open overview' }).click()
  await expect(admin.getByRole('heading', { name: 'Overview' })).toBeVisible()
  const tile = admin.getByRole('link', { name: /^Requests/ }).filter({ hasText: '1' })
  await expect(tile).toHaveAttribute('href', '/console/requests?range=1h')
})

test('a member who has no request yet is shown the way, without servers', async ({
  browser,
  house,
}) => {
  const member = await openAs(browser, house, await createPerson(house, { role: 'member' }))
  await member.goto(`${house.url}/console`)
  await expect(member.getByRole('heading', { name: 'Make a key' })).toBeVisible()
  await expect(member.getByRole('heading', { name: 'Add a server' })).toHaveCount(0)
  await member.getByRole('link', { name: 'Skip to the overview' }).click()
  await expect(member.getByText('What your own keys did')).toBeVisible()
  await expect(member.getByText('No requests in this range').first()).toBeVisible()
  await member.close()
})

import { expectNothingSerious } from './support/axe'
import { createPerson, expect, signIn, test } from './support/house'

const gigabyte = 1_000_000_000

test.use({
  houseOptions: {
    machines: [
      { models: [{ name: 'llama3.2:3b', sizeBytes: 2 * gigabyte }] },
      {
        models: [
          { name: 'llama3.2:3b', sizeBytes: 2 * gigabyte },
          { name: 'qwen3:8b', sizeBytes: 5 * gigabyte },
        ],
      },
    ],
  },
})

test('a dry run names the server, says why each other was not chosen, and stays in the URL', async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console/routing`)
  const run = admin.locator('#dry-run')
  await run.getByLabel('Model').fill('qwen3:8b')
  await run.getByRole('button', { name: 'Try route' }).click()
  const order = run.getByRole('list', { name: 'Servers in the order of trying' })
  const mark = admin.getByText('Chosen', { exact: true })
  const chosen = order.getByRole('listitem').filter({ has: mark })
  await expect(chosen).toHaveCount(1)
  await expect(order).toContainText('it does not have the model')
  const name = (await chosen.getByRole('link').textContent()) ?? ''
  await expect(run.getByText(/would go to/)).toContainText(name)
  await admin.reload()
  await expect(run.getByText(/would go to/)).toContainText(name)
  expect(house.machines.flatMap(({ requests }) => requests).filter(isInference)).toEqual([])

  // The server that it would take is drained: the same question has another answer.
  await house.corral('backends', 'drain', name)
  await run.getByRole('button', { name: 'Try route' }).click()
  await expect(run.getByText('It would be refused')).toBeVisible()
  await expect(order).toContainText('it is draining')
  await house.corral('backends', 'resume', name)
})

test('a dry run as a key from an address is refused in the words that its program reads', async ({
  admin,
  house,
}) => {
  const created = ['keys', 'create', 'office', '--owner', 'admin', '--networks', '10.0.0.0/8']
  await house.corral(...created)
  await admin.goto(`${house.url}/console/routing`)
  const run = admin.locator('#dry-run')
  await run.getByLabel('Model').fill('llama3.2:3b')
  await run.getByLabel('Key').click()
  await admin.getByRole('option', { name: /^office/ }).click()
  await run.getByLabel('From address').fill('192.0.2.7')
  await run.getByRole('button', { name: 'Try route' }).click()
  await expect(run.getByText('It would be refused')).toBeVisible()
  await expect(run.getByText('limits.key_address_denied')).toBeVisible()
})

test('an alias is made, its fallbacks are put in order by keyboard, and it serves at once', async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console/routing`)
  await admin.getByRole('button', { name: 'Create alias' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByLabel('Alias', { exact: true }).fill('gpt-4o')
  await dialog.getByLabel('Target 1', { exact: true }).fill('qwen3:8b')
  await dialog.getByRole('button', { name: 'Add fallback' }).click()
  await dialog.getByLabel('Target 2', { exact: true }).fill('llama3.2:3b')
  const up = dialog.getByRole('button', { name: 'Move target 1 up' })
  await expect(up).toBeDisabled()
  await expect(up).toHaveAttribute('title', 'It is the first already')
  // A pointer reaches it: else no browser shows why.
  await up.hover()
  await dialog.getByLabel('Target 2', { exact: true }).press('Alt+ArrowUp')
  await expect(dialog.getByLabel('Target 1', { exact: true })).toHaveValue('llama3.2:3b')
  await expect(dialog.getByLabel('Target 1', { exact: true })).toBeFocused()
  await dialog.getByRole('button', { name: 'Create alias' }).click()
  const row = admin.getByRole('row', { name: /gpt-4o/ })
  await expect(row).toContainText('llama3.2:3b then qwen3:8b')

  await expect
    .poll(async () => {
      const answer = await fetch(`${house.url}/api/generate`, {
        method: 'POST',
        headers: { authorization: `Bearer ${house.key}` },
        body: JSON.stringify({ model: 'gpt-4o', prompt: 'hi', stream: false }),
      })
      return answer.status
    })
    .toBe(200)
  await expect(admin.getByRole('list', { name: 'Models' })).toContainText('llama3.2:3b')
})

test('assignments, memory rules and the strategy take effect, and are taken back', async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console/routing`)
  const assigned = admin.locator('#assignments')
  await assigned.getByLabel('Model or glob').fill('llama*')
  await assigned.getByRole('button', { name: 'Assign model' }).click()
  await expect(assigned.getByRole('row', { name: /llama\*/ })).toBeVisible()
  await assigned.getByRole('button', { name: 'Remove the assignment of llama*' }).click()
  await expect(assigned.getByRole('row', { name: /llama\*/ })).toHaveCount(0)
  await admin.getByRole('button', { name: 'Undo' }).first().click()
  await expect(assigned.getByRole('row', { name: /llama\*/ })).toBeVisible()

  const memory = admin.locator('#memory')
  await memory.getByLabel('Model', { exact: true }).fill('qwen3:8b')
  await memory.getByLabel('GB', { exact: true }).fill('6')
  await memory.getByRole('button', { name: 'Add rule' }).click()
  await expect(memory.getByLabel('Memory for qwen3:8b, GB')).toHaveValue('6')
  expect(await house.corral('memory', 'list')).toMatch(/override\W+qwen3:8b/)

  const strategy = admin.locator('#strategy')
  await strategy.getByRole('radio', { name: /^least-busy/ }).click()
  await strategy.getByRole('button', { name: 'Save strategy' }).click()
  await expect(strategy.getByRole('button', { name: 'Save strategy' })).toBeDisabled()
  expect(await house.corral('frontends', 'list')).toContain('least-busy')
})

test('a viewer reads routing and changes nothing', async ({ page, house }) => {
  await signIn(page, house, await createPerson(house, { role: 'viewer' }))
  await page.goto(`${house.url}/console/routing`)
  await expect(page.getByRole('button', { name: 'Try route' })).toBeVisible()
  for (const name of ['Create alias', 'Assign model', 'Add rule', 'Save strategy']) {
    await expect(page.getByRole('button', { name })).toHaveCount(0)
  }
})

test('routing has nothing serious for axe, in both themes and widths', async ({ admin, house }) => {
  await admin.goto(`${house.url}/console/routing?model=llama3.2:3b`)
  await expectNothingSerious(admin, admin.getByText(/would go to/))
})

function isInference({ path }: { path: string }): boolean {
  return path === '/api/generate' || path === '/api/chat'
}

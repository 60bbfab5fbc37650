import { expectNothingSerious } from './support/axe'
import { createPerson, expect, signIn, test } from './support/house'

const planted = '<img src=x onerror=alert(1)>'

test.use({
  houseOptions: {
    machines: [
      {
        models: [
          { name: 'llama3.2:3b', sizeBytes: 2_000_000_000 },
          { name: 'qwen3:8b', sizeBytes: 5_000_000_000 },
          {
            name: 'nomic-embed-text:latest',
            sizeBytes: 300_000_000,
            capabilities: ['embedding'],
          },
        ],
      },
    ],
  },
})

test('an answer streams through the gateway as the person, and stands in the log', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/playground?model=llama3.2:3b`)
  const asking = page.waitForRequest((request) => request.url().endsWith('/api/chat'))
  await page.getByRole('textbox', { name: 'Message' }).fill(`why? ${planted}`)
  await page.getByRole('button', { name: 'Send' }).click()
  const headers = await (await asking).allHeaders()
  expect(headers.authorization).toMatch(/^Bearer op_/)
  expect(headers.cookie).toBeUndefined()
  const talk = page.getByRole('region', { name: 'Conversation with llama3.2:3b' })
  await expect(talk.getByText(planted)).toBeVisible()
  await expect(talk.getByText(/\d+ in, \d+ out/)).toBeVisible()
  expect(await house.corral('keys', 'list')).not.toContain('playground')
  await talk.getByRole('link', { name: 'Open request' }).click()
  await page.waitForURL(/\/console\/requests\//)
  await expect(page.getByText('playground').first()).toBeVisible()
})

test('Stop ends an answer, and what came of it stays', async ({ admin: page, house }) => {
  await page.goto(`${house.url}/console/playground?model=llama3.2:3b`)
  await page.getByLabel('Answer at most').fill('100000')
  await page.getByRole('textbox', { name: 'Message' }).fill('tell me everything')
  await page.route('**/api/chat', async (route) => {
    // It never ends by itself: the answer waits until it is stopped.
    await new Promise((resolve) => page.once('requestfailed', resolve))
    await route.abort().catch(() => {})
  })
  await page.keyboard.press('Enter')
  await expect(page.getByText('Waiting for the first token')).toBeVisible()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(page.getByText('stopped', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible()
})

test('two models answer beside each other, and the call is there as code', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/playground?model=llama3.2:3b&beside=qwen3:8b`)
  await page.getByLabel('System prompt').fill('Be brief.')
  await page.getByRole('textbox', { name: 'Message' }).fill('compare')
  await page.keyboard.press('Enter')
  for (const name of ['llama3.2:3b', 'qwen3:8b']) {
    const talk = page.getByRole('region', { name: `Conversation with ${name}` })
    await expect(talk.getByText(/\d+ in, \d+ out/)).toBeVisible()
  }
  await page.getByRole('button', { name: 'Copy as code' }).click()
  const dialog = page.getByRole('dialog', { name: 'Copy as code' })
  await dialog.getByRole('tab', { name: 'ollama-python' }).click()
  await expect(dialog.getByText(/"Be brief\."/)).toBeVisible()
  await expect(dialog.getByText(/op_/)).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Details of qwen3:8b' }).click()
  await expect(page.getByRole('dialog', { name: 'qwen3:8b' }).getByText('Family')).toBeVisible()
})

test('texts are compared by their embeddings', async ({ admin: page, house }) => {
  await page.goto(`${house.url}/console/playground?mode=embeddings`)
  await page.getByLabel('Texts').fill('a horse\na horse\nan invoice')
  await page.getByRole('button', { name: 'Compare texts' }).click()
  const cells = page.getByRole('table', { name: 'Similarity' }).getByRole('cell')
  await expect(cells).toHaveCount(9)
  await expect(cells.nth(1)).toHaveText('1.00')
})

test('a field takes nothing before its page is alive: what is typed is never lost', async ({
  admin: page,
  house,
}) => {
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route('**/_next/static/**/*.js', async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`${house.url}/console/playground?mode=embeddings`, { waitUntil: 'commit' })
  const texts = page.getByLabel('Texts')
  await expect(texts).not.toBeEditable()
  letGo()
  await texts.fill('a horse\nan invoice')
  await expect(texts).toHaveValue('a horse\nan invoice')
})

test('a viewer runs nothing; a member does', async ({ page, house }) => {
  for (const role of ['viewer', 'member'] as const) {
    await page.context().clearCookies()
    await signIn(page, house, await createPerson(house, { role }))
    await page.goto(`${house.url}/console/playground`)
    const message = page.getByRole('textbox', { name: 'Message' })
    if (role === 'viewer') {
      await expect(page.getByText('A viewer runs no models')).toBeVisible()
      await expect(message).toHaveCount(0)
    } else await expect(message).toBeVisible()
  }
})

test('the playground has nothing serious for axe, in both themes and widths', async ({
  admin: page,
  house,
}) => {
  await page.goto(`${house.url}/console/playground`)
  await page.getByRole('textbox', { name: 'Message' }).fill('hello')
  await page.keyboard.press('Enter')
  await expectNothingSerious(page, page.getByText(/\d+ in, \d+ out/))
})

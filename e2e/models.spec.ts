import { expectNothingSerious } from './support/axe'
import { createPerson, expect, signIn, test } from './support/house'

const gigabyte = 1_000_000_000
const library = [{ name: 'mistral:7b', sizeBytes: 4 * gigabyte, quantization: 'Q4_0' }]

test.use({
  houseOptions: {
    machines: [
      {
        models: [
          { name: 'llama3.2:3b', sizeBytes: 2 * gigabyte },
          { name: 'qwen3:8b', sizeBytes: 5 * gigabyte },
        ],
        library,
        pullMs: 12_000,
      },
      {
        models: [{ name: 'llama3.2:3b', sizeBytes: 2 * gigabyte, digest: 'f'.repeat(64) }],
        library,
        pullMs: 1000,
      },
    ],
  },
})

test('a model is pulled onto chosen servers, cancelled on one, and resumed', async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console/models`)
  await admin.getByRole('button', { name: 'Pull model' }).click()
  const dialog = admin.getByRole('dialog', { name: 'Pull model' })
  await dialog.getByLabel('Model', { exact: true }).fill('mistral:7b')
  await dialog.getByRole('button', { name: 'All' }).click()
  await dialog.getByRole('button', { name: 'Pull model' }).click()
  await expect(dialog).toBeHidden()

  const job = admin.getByRole('list', { name: 'Jobs' }).getByRole('listitem').first()
  await expect(job).toContainText('mistral:7b')
  await expect(job).toContainText(/of \d(\.\d)? GB/)
  // The slower one is stopped on its way; the other is not disturbed.
  const cancel = job.getByRole('button', { name: /^Cancel pull of mistral:7b on / })
  await expect(cancel).toHaveCount(1)
  await cancel.click()
  const resume = job.getByRole('button', { name: /^Resume pull of mistral:7b on / })
  await expect(resume).toBeVisible()
  await expect(job).toContainText('Done')

  await admin.reload()
  await expect(resume).toBeVisible()
  await resume.click()
  await expect(resume).toBeHidden()
  await expect(job.getByText('Done', { exact: true })).toHaveCount(3, { timeout: 30_000 })
  const row = admin.getByRole('row', { name: /mistral:7b/ })
  await expect(row.getByText('on disk')).toHaveCount(2)
  expect(house.machines.map((machine) => machine.requests.some(isPull))).toEqual([true, true])
})

test('lenses keep their place, and the URL keeps the lens and the filter', async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console/models`)
  const table = admin.getByRole('table', { name: 'Models' })
  const place = await table.getByRole('link', { name: 'qwen3:8b' }).boundingBox()
  await admin.getByRole('radio', { name: 'Use' }).click()
  await expect(table.getByText('unused').first()).toBeVisible()
  expect(await table.getByRole('link', { name: 'qwen3:8b' }).boundingBox()).toEqual(place)
  await admin.goto(`${house.url}/console/models?lens=use&state=differs`)
  await expect(table.getByRole('link', { name: 'llama3.2:3b' })).toBeVisible()
  await expect(table.getByRole('link', { name: 'qwen3:8b' })).toHaveCount(0)
  await expect(admin.getByRole('radio', { name: 'Use' })).toBeChecked()
})

test('a model is loaded, shown with its template, and deleted by its typed name', async ({
  admin,
  house,
}) => {
  await admin.goto(`${house.url}/console/models`)
  await admin.getByRole('link', { name: 'qwen3:8b' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'qwen3:8b' })).toBeVisible()
  await expect(admin.getByRole('tab', { name: 'Template' })).toBeVisible()

  await admin.getByRole('button', { name: 'Load model', exact: true }).click()
  await admin.getByRole('dialog').getByRole('button', { name: 'Load model' }).click()
  await expect(admin.getByText('Loaded on 1')).toBeVisible({ timeout: 20_000 })

  await admin.getByRole('button', { name: 'Delete model', exact: true }).click()
  const question = admin.getByRole('alertdialog')
  await expect(question).toContainText('No server would have it')
  const button = question.getByRole('button', { name: 'Delete model' })
  await expect(button).toBeDisabled()
  await question.getByLabel(/^Type/).fill('qwen3:8b')
  await button.click()
  await expect(question).toBeHidden()
  await admin.goto(`${house.url}/console/models`)
  await expect(admin.getByRole('link', { name: 'llama3.2:3b' })).toBeVisible()
  await expect(admin.getByRole('link', { name: 'qwen3:8b' })).toHaveCount(0)
})

test('a viewer sees every model and no act, a member finds no such page', async ({
  page,
  house,
}) => {
  await signIn(page, house, await createPerson(house, { role: 'viewer' }))
  await page.goto(`${house.url}/console/models`)
  await expect(page.getByRole('link', { name: 'llama3.2:3b' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Pull model' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^llama3\.2:3b on / })).toHaveCount(0)
  await page.context().clearCookies()
  await signIn(page, house, await createPerson(house, { role: 'member' }))
  await page.goto(`${house.url}/console/models`)
  await expect(page.getByRole('link', { name: 'llama3.2:3b' })).toHaveCount(0)
})

test('models have nothing serious for axe, in both themes and widths', async ({ admin, house }) => {
  for (const path of ['/console/models', '/console/models/llama3.2%3A3b']) {
    await admin.goto(house.url + path)
    await expectNothingSerious(admin, admin.getByRole('heading', { level: 1 }))
  }
})

function isPull({ path }: { path: string }): boolean {
  return path === '/api/pull'
}

import { askToTheEnd } from './support/ask'
import { countBoxes } from './support/count-boxes'
import { expect, test } from './support/house'

test.use({ viewport: { width: 1024, height: 768 } })

test('at 1024 px every list fits its page: columns that may yield are not there', async ({
  admin: page,
  house,
}) => {
  await askToTheEnd(house)
  for (const path of ['requests', 'usage', 'keys', 'users', 'servers', 'models', 'audit']) {
    await page.goto(`${house.url}/console/${path}`)
    await expect(page.getByRole('columnheader').first(), path).toBeVisible()
    await expect.poll(() => countBoxes(page), { message: path }).toBe(0)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width, path).toBeLessThanOrEqual(1024)
  }
})

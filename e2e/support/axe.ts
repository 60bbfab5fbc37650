import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Locator, type Page } from '@playwright/test'

const wide = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }

/** Each look differs from the one before in one thing. */
const looks = [
  { size: wide, theme: 'light' },
  { size: wide, theme: 'dark' },
  { size: phone, theme: 'dark' },
  { size: phone, theme: 'light' },
] as const
type Look = (typeof looks)[number]

/**
 * Nothing that axe calls serious or critical, and nothing that scrolls sideways: wide and on a
 * phone, light and dark. The page is not loaded again: its theme follows the system's, its layout
 * the width. `sign` is what shows that it is there; afterwards it is wide and light.
 */
export async function expectNothingSerious(page: Page, sign: Locator): Promise<void> {
  for (const look of looks) {
    await show(page, look)
    await expect(sign).toBeVisible()
    const name = `${page.url()}, ${look.theme}, ${look.size.width} px wide`
    expect.soft(await listSeriousIssues(page), name).toEqual([])
    expect.soft(await page.evaluate(countPixelsSideways), `${name}: scrolls sideways`).toBe(0)
  }
  await show(page, looks[0])
}

async function show(page: Page, { size, theme }: Look): Promise<void> {
  await page.setViewportSize(size)
  await page.emulateMedia({ colorScheme: theme })
  await expect(page.locator('html')).toHaveClass(new RegExp(`\\b${theme}\\b`))
  await page.evaluate(untilDrawn)
}

async function listSeriousIssues(page: Page): Promise<string[]> {
  // In the page itself, as no page has frames, and only what is wrong: a third of the time.
  const axe = new AxeBuilder({ page, ...((await hasAxe(page)) && { axeSource: 'void 0' }) })
  const { violations } = await axe
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze()
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return grave.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes
        .slice(0, 3)
        .map(({ html }) => `  ${html.slice(0, 300)}`)
        .join('\n')}`,
  )
}

/** Half a megabyte that a page needs to read once only. */
function hasAxe(page: Page): Promise<boolean> {
  return page.evaluate(() => 'axe' in window)
}

/** What listens to the size answers in the next frame, what it changes is drawn in the one after. */
function untilDrawn(): Promise<void> {
  return new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() => resolve())),
  )
}

function countPixelsSideways(): number {
  const { scrollWidth, clientWidth } = document.documentElement
  return scrollWidth - clientWidth
}

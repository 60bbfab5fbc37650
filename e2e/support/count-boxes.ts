import type { Page } from '@playwright/test'

/** How many lists of the page scroll in a box of their own: nobody scrolls a page and a list. */
export function countBoxes(page: Page): Promise<number> {
  return page
    .locator('[data-rows-box]')
    .evaluateAll(
      (boxes) => boxes.filter((box) => getComputedStyle(box).overflowY === 'auto').length,
    )
}

import type { Locator } from '@playwright/test'
import { expect, newPassword, test } from './support/house'

/** More than any page has places to stop at. */
const stepsMost = 80

test('from the sign-in to a revoked key without a pointer', async ({ page, house }) => {
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  /** Goes on with one key until the focus is there. */
  const walkTo = async (place: Locator, key = 'Tab') => {
    await expect(place).toBeVisible()
    const isThere = () => place.evaluate((one) => one === document.activeElement)
    for (let step = 0; step < stepsMost && !(await isThere()); step++) await press(key)
    await expect(place).toBeFocused()
  }
  await page.goto(`${house.url}/console/sign-in`)
  await expect(page.getByLabel('User name')).toBeFocused()
  await page.keyboard.type('admin')
  await press('Tab')
  await page.keyboard.type(house.password)
  await press('Enter')
  await page.waitForURL(/new-password/)
  await expect(page.getByLabel('New password', { exact: true })).toBeFocused()
  await page.keyboard.type(newPassword)
  await press('Enter')
  await page.waitForURL((url) => url.pathname === '/console')

  await press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await expect(async () => {
    await press('?')
    await expect(page.getByRole('dialog', { name: 'Shortcuts' })).toBeVisible({ timeout: 1000 })
  }).toPass()
  await press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await press('Control+k')
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
  await page.keyboard.type('keys')
  await expect(page.getByRole('option', { name: /^Keys/ })).toBeVisible()
  await press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await press('g', 'k')
  await page.waitForURL(/\/console\/keys$/)
  const create = page.getByRole('button', { name: 'Create key' })
  await walkTo(create)
  await press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused()
  await page.keyboard.type('hands')
  await press('Enter')
  await expect(dialog.getByRole('button', { name: 'Copy key' })).toBeFocused()
  await press('Enter')
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible()
  await expect(dialog.getByRole('status').filter({ hasText: 'Copied' })).toHaveCount(1)
  await press('Escape')
  await expect(dialog).toBeHidden()
  // Whoever closes a dialog is back where it was opened.
  await expect(create).toBeFocused()

  const link = page.getByRole('link', { name: 'hands' })
  await walkTo(link, 'j')
  await press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'hands' })).toBeVisible()
  const more = page.getByRole('button', { name: 'More acts' })
  await walkTo(more)
  await press('Enter')
  const item = page.getByRole('menuitem', { name: 'Revoke key' })
  await walkTo(item, 'ArrowDown')
  await press('Enter')
  const question = page.getByRole('alertdialog')
  await expect(question).toBeVisible()
  const prefix = /op_[0-9A-Za-z]{10}/.exec(await question.innerText())?.[0] ?? ''
  await walkTo(question.getByRole('textbox'))
  await page.keyboard.type(prefix)
  await expect(question.getByRole('button', { name: 'Revoke key' })).toBeEnabled()
  await press('Enter')
  await expect(question).toBeHidden()
  await expect(page.getByText('Revoked').first()).toBeVisible()
})

import { gzipSync } from 'node:zlib'
import type { Page, Response } from '@playwright/test'
import { expect, type House, signIn, test } from './support/house'

// What arrives this long after the load event belongs to the first load: charts do.
const quietMs = 1500

test('the sign-in page weighs less than 200 KB of scripts', async ({ page, house }) => {
  expect(await weigh(page, `${house.url}/console/sign-in`)).toBeLessThan(200)
})

// The framework alone is 138 KB, recharts 105. Help meets the budget; the others stand at what they
// weigh now, so that nothing is added unseen.
test('no page of the console grows heavier', async ({ page, house }) => {
  await signIn(page, house)
  await answerOnce(house)
  for (const [path, most] of [
    ['help', 200],
    ['keys', 225],
    ['', 325],
    ['usage', 390],
  ] as const) {
    const weight = await weigh(page, `${house.url}/console/${path}`)
    expect.soft(weight, `KB of /console/${path}`).toBeLessThan(most)
  }
})

/** A record, so that there are charts. */
async function answerOnce(house: House): Promise<void> {
  const answer = await fetch(`${house.url}/api/generate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.key}` },
    body: JSON.stringify({ model: 'llama3.2:3b', prompt: 'Weigh this', stream: false }),
  })
  expect(answer.status).toBe(200)
}

/** KB of scripts, each compressed as gzip does: what a browser on plain http is sent. */
async function weigh(page: Page, url: string): Promise<number> {
  const scripts = new Map<string, Response>()
  const keep = (response: Response) => {
    if (/\.js(\?|$)/.test(response.url())) scripts.set(response.url(), response)
  }
  page.on('response', keep)
  await page.goto(url, { waitUntil: 'load' })
  await page.waitForTimeout(quietMs)
  page.off('response', keep)
  const bodies = await Promise.all([...scripts.values()].map((script) => script.body()))
  expect(bodies.length).toBeGreaterThan(5)
  return bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) / 1000
}

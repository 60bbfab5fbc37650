import type { BrowserContext } from '@playwright/test'
import { expect, type House, signIn, test } from './support/house'

// What arrives this long after the load event belongs to the first load: charts do.
const quietMs = 1500
const plainMost = 200
const chartsMost = 300

test('the sign-in page loads less than 200 KB of scripts', async ({ context, house }) => {
  expect(await weigh(context, `${house.url}/console/sign-in`)).toBeLessThan(plainMost)
})

test('a page loads less than 200 KB of scripts, with charts less than 300 KB', async ({
  page,
  context,
  house,
}) => {
  await signIn(page, house)
  await answerOnce(house)
  for (const [path, most] of [
    ['help', plainMost],
    ['keys', plainMost],
    ['requests', plainMost],
    ['servers', plainMost],
    ['settings', plainMost],
    ['', chartsMost],
    ['usage', chartsMost],
  ] as const) {
    const weight = await weigh(context, `${house.url}/console/${path}`)
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

/**
 * KB of scripts as Chromium was sent them, heads and compression included: in a new tab, so that
 * nothing of the page before is counted, and without its cache.
 */
async function weigh(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage()
  const browser = await context.newCDPSession(page)
  const scripts = new Set<string>()
  const bytes: number[] = []
  browser.on('Network.responseReceived', ({ requestId, response }) => {
    if (/\.js(\?|$)/.test(response.url)) scripts.add(requestId)
  })
  browser.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes.push(encodedDataLength)
  })
  await browser.send('Network.enable')
  await browser.send('Network.setCacheDisabled', { cacheDisabled: true })
  await page.goto(url, { waitUntil: 'load' })
  await page.waitForTimeout(quietMs)
  await page.close()
  expect(bytes.length).toBeGreaterThan(5)
  return bytes.reduce((sum, size) => sum + size, 0) / 1000
}

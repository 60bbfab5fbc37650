import type { BrowserContext } from '@playwright/test'
import { expect, type House, signIn, test } from './support/house'

const plainMost = 200
const chartsMost = 300
const chart = 'figure .recharts-surface'
const plainPages = [
  ...[
    'help',
    'keys',
    'requests',
    'servers',
    'settings',
    'users',
    'models',
    'routing',
    'playground',
  ],
  ...['audit', 'system', 'models/llama3.2:3b'],
]

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
  for (const path of plainPages) {
    const weight = await weigh(context, `${house.url}/console/${path}`)
    expect.soft(weight, `KB of /console/${path}`).toBeLessThan(plainMost)
  }
  const keys = JSON.parse(await house.corral('keys', 'list', '--json')) as { id: string }[]
  for (const path of ['', 'usage', `keys/${keys[0]?.id}`]) {
    const weight = await weigh(context, `${house.url}/console/${path}`, chart)
    expect.soft(weight, `KB of /console/${path}`).toBeLessThan(chartsMost)
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
 * nothing of the page before is counted, and without its cache. Charts come after the first paint
 * and belong to the first load: with `drawn`, until that is there.
 */
async function weigh(context: BrowserContext, url: string, drawn = 'h1'): Promise<number> {
  const page = await context.newPage()
  const browser = await context.newCDPSession(page)
  const coming = new Set<string>()
  const bytes: number[] = []
  browser.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (/\.js(\?|$)/.test(request.url)) coming.add(requestId)
  })
  browser.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (coming.delete(requestId)) bytes.push(encodedDataLength)
  })
  browser.on('Network.loadingFailed', ({ requestId }) => coming.delete(requestId))
  await browser.send('Network.enable')
  await browser.send('Network.setCacheDisabled', { cacheDisabled: true })
  await page.goto(url, { waitUntil: 'load' })
  await expect(page.locator(drawn).first()).toBeVisible()
  // A page that is idle has asked for all that it loads by itself.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
  await expect.poll(() => coming.size).toBe(0)
  await page.close()
  expect(bytes.length).toBeGreaterThan(5)
  return bytes.reduce((sum, size) => sum + size, 0) / 1000
}

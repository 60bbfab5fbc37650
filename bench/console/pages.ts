import type { Page } from '@playwright/test'
import { median } from '../statistics'
import type { House } from './open-house'

const pages = [
  ['overview, 24 h', '/console'],
  ['overview, 30 d', '/console?range=30d'],
  ['requests', '/console/requests'],
  ['requests, 30 d, 5xx', '/console/requests?range=30d&status=5xx'],
  ['requests, 30 d, an address', '/console/requests?range=30d&address=192.0.2.1'],
  ['usage, 30 d', '/console/usage?range=30d'],
  ['usage, 30 d, hour of day by user', '/console/usage?range=30d&by=user&per=hour-of-day'],
  ['keys', '/console/keys'],
  ['users', '/console/users'],
  ['servers', '/console/servers'],
  ['models', '/console/models'],
  ['routing', '/console/routing'],
  ['playground', '/console/playground'],
  ['settings', '/console/settings'],
  ['audit', '/console/audit'],
  ['system', '/console/system'],
  ['help', '/console/help'],
] as const

export type PageLoad = {
  /** From the question to the last byte of the page itself. */
  documentMs: number
  largestPaintMs: number
  documentBytes: number
  scriptBytes: number
  /** Of everything, as it came over the wire. */
  bytes: number
}

const settledMs = 1000
const waitMs = 20_000

/** Each page as somebody opens it for the first time: nothing is kept from another. */
export async function measurePages(
  house: House,
  rounds: number,
  tell: (name: string, load: PageLoad) => void,
): Promise<void> {
  for (const [name, path] of pages) {
    const loads: PageLoad[] = []
    for (let round = 0; round <= rounds; round++) loads.push(await loadPage(house, path))
    // The first load of all pays for what the server reads once.
    const counted = loads.slice(1)
    const middle = (field: keyof PageLoad) => median(counted.map((load) => load[field]))
    tell(name, {
      documentMs: middle('documentMs'),
      largestPaintMs: middle('largestPaintMs'),
      documentBytes: middle('documentBytes'),
      scriptBytes: middle('scriptBytes'),
      bytes: middle('bytes'),
    })
  }
}

async function loadPage(house: House, path: string): Promise<PageLoad> {
  const context = await house.openBrowser()
  try {
    const page = await context.newPage()
    const sizes = await watchSizes(page)
    await page.addInitScript(keepPaints)
    await page.goto(`${house.url}${path}`, { waitUntil: 'load' })
    await page.waitForFunction(
      (quietMs) => {
        const { largest, seenAt } = (window as PaintedWindow).painted ?? { largest: 0, seenAt: 0 }
        return largest > 0 && performance.now() - seenAt > quietMs
      },
      settledMs,
      { timeout: waitMs },
    )
    const times = await page.evaluate(() => {
      const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
      return {
        documentMs: entry === undefined ? 0 : entry.responseEnd - entry.requestStart,
        largestPaintMs: (window as PaintedWindow).painted?.largest ?? 0,
      }
    })
    return { ...times, ...sizes() }
  } finally {
    await context.close()
  }
}

type PaintedWindow = Window & { painted?: { largest: number; seenAt: number } }

/** Runs in the page, before everything else. */
function keepPaints(): void {
  const painted = { largest: 0, seenAt: 0 }
  ;(window as PaintedWindow).painted = painted
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) painted.largest = entry.startTime
    painted.seenAt = performance.now()
  }).observe({ type: 'largest-contentful-paint', buffered: true })
}

async function watchSizes(page: Page) {
  const session = await page.context().newCDPSession(page)
  const kinds = new Map<string, string>()
  const sums = { documentBytes: 0, scriptBytes: 0, bytes: 0 }
  session.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId)
    sums.bytes += encodedDataLength
    if (kind === 'Document') sums.documentBytes += encodedDataLength
    if (kind === 'Script') sums.scriptBytes += encodedDataLength
  })
  await session.send('Network.enable')
  return () => ({ ...sums })
}

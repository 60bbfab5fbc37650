import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { type Browser, chromium, type Page } from '@playwright/test'
import playwright from '@/playwright.config'
import { seedBackends, seedModels } from '@/seed/world'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { renameTables } from '@/tests/support/rename-tables'
import { ask, askToTheEnd } from '../support/ask'
import { createPerson, type House, openHouse, signIn } from '../support/house'
import { findDetailScreens, listScreens, type Screen } from './pages'

const usage = `npm run screens -- [--only keys] [--records 60000]
  Pictures of every page into screens/: empty, full, loading and failed; light and dark; at 1440,
  1024 and 390 px and at 200 % zoom; with names of 120 characters.`

/** How a page is looked at. Zoomed by two is half the window at twice the density. */
const looks = {
  wide: { width: 1440, height: 900, scale: 1 },
  middle: { width: 1024, height: 768, scale: 1 },
  phone: { width: 390, height: 844, scale: 1 },
  zoomed: { width: 720, height: 450, scale: 2 },
} as const
type Look = keyof typeof looks
type Theme = 'light' | 'dark'

const root = path.resolve(import.meta.dirname, '../..')
const folder = path.join(root, 'screens')
const gigabyte = 1_000_000_000
const slowLine = { latency: 100, downloadThroughput: 12_000, uploadThroughput: 100_000 }
const fastLine = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
const skeletons = '[data-slot="skeleton"]'
const longName = 'Machine-learning platform team, Karlsruhe laboratory, second building, '
  .concat('third floor: nightly summaries of invoices and letters')
  .slice(0, 120)

/** These go on for as long as pictures are taken: an answer that nobody holds is cancelled. */
const onTheirWay: Response[] = []

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    records: { type: 'string', default: '60000' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(usage)
else await takeAll()

async function takeAll(): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const machines = await startMachines()
  const house = await openHouse({ machines: [] })
  const browser = await chromium.launch(playwright.use?.launchOptions)
  try {
    await takeOpenPages(browser, house)
    await takePagesOnTheWayIn(browser, house)
    await takeFace(browser, house, {
      face: 'empty',
      screens: listScreens,
      looks: ['wide', 'phone'],
    })
    await fill(house, machines)
    const screens = [...listScreens, ...(await findDetailScreens(house))]
    await takeFace(browser, house, {
      face: 'full',
      screens,
      looks: ['wide', 'middle', 'phone', 'zoomed'],
    })
    await takeLoading(browser, house, screens)
    await renameTables(house.dataFolder, ['usage_records', 'usage_rollups', 'audit', 'catalogue'])
    await takeFace(browser, house, { face: 'failed', screens, looks: ['wide', 'phone'] })
  } finally {
    await browser.close()
    await house.stop()
    for (const machine of machines) await machine.stop()
  }
}

async function takeOpenPages(browser: Browser, house: House): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    for (const look of ['wide', 'phone'] as const) {
      const page = await openPage(browser, { theme, look })
      await page.goto(`${house.url}/console/sign-in`)
      await take(page, { name: 'sign-in', face: 'empty', theme, look })
      await page.context().close()
    }
  }
}

/** What somebody sees before they are in: by an invitation, or by a password that was given them. */
async function takePagesOnTheWayIn(browser: Browser, house: House): Promise<void> {
  const made = await house.corral('invitations', 'create', 'invited', '--json')
  const { path: link } = JSON.parse(made) as { path: string }
  const person = await createPerson(house, { role: 'member', name: 'new' })
  for (const theme of ['light', 'dark'] as const) {
    for (const look of ['wide', 'phone'] as const) {
      const page = await openPage(browser, { theme, look })
      await page.goto(house.url + link)
      await take(page, { name: 'invitation', face: 'full', theme, look })
      await page.goto(`${house.url}/console/sign-in`)
      await page.getByLabel('User name').fill(person.name)
      await page.getByLabel('Password', { exact: true }).fill(person.password)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.waitForURL(/\/new-password$/)
      await take(page, { name: 'new-password', face: 'full', theme, look })
      await page.context().close()
    }
  }
}

async function takeFace(
  browser: Browser,
  house: House,
  options: { face: string; screens: readonly Screen[]; looks: readonly Look[] },
): Promise<void> {
  const { face } = options
  for (const theme of ['light', 'dark'] as const) {
    for (const look of options.looks) {
      const page = await openPage(browser, { theme, look, house })
      for (const { name, path: target } of options.screens.filter(isAsked)) {
        await page.goto(house.url + target)
        await untilQuiet(page)
        await take(page, { name, face, theme, look })
      }
      await page.context().close()
    }
  }
}

/** A page on the way: over a line so slow that its frame stands before its data. */
async function takeLoading(
  browser: Browser,
  house: House,
  screens: readonly Screen[],
): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    for (const look of ['wide', 'phone'] as const) {
      const page = await openPage(browser, { theme, look, house })
      const line = await page.context().newCDPSession(page)
      for (const { name, path: target } of screens.filter(isAsked)) {
        // Styles and scripts are there from the first time.
        await page.goto(house.url + target)
        await untilQuiet(page)
        await line.send('Network.emulateNetworkConditions', { ...slowLine, offline: false })
        await page.goto(house.url + target, { waitUntil: 'commit' })
        const isLoading = await page
          .locator(skeletons)
          .first()
          .waitFor({ timeout: 10_000 })
          .then(
            () => true,
            () => false,
          )
        if (isLoading) await take(page, { name, face: 'loading', theme, look })
        await line.send('Network.emulateNetworkConditions', { ...fastLine, offline: false })
      }
      await page.context().close()
    }
  }
}

async function openPage(
  browser: Browser,
  { theme, look, house }: { theme: Theme; look: Look; house?: House },
): Promise<Page> {
  const { width, height, scale } = looks[look]
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    colorScheme: theme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  if (!house) return page
  if (house.adminCookies.length === 0) {
    await signIn(page, house)
    house.adminCookies = await context.cookies()
  }
  await context.addCookies(house.adminCookies)
  return page
}

/** Charts and figures come after the first paint; live pages never stop asking. */
async function untilQuiet(page: Page): Promise<void> {
  await page.waitForLoadState('load')
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined)
  const isDrawn = page.waitForFunction((part) => !document.querySelector(part), skeletons, {
    timeout: 10_000,
  })
  await isDrawn.catch(() => undefined)
}

async function take(
  page: Page,
  { name, face, theme, look }: { name: string; face: string; theme: Theme; look: Look },
): Promise<void> {
  const file = path.join(folder, `${name}-${face}-${theme}-${look}.png`)
  await page.screenshot({ path: file, fullPage: true, animations: 'disabled' })
}

function isAsked({ name }: Screen): boolean {
  return name.startsWith(values.only)
}

/** What the seed tells of, as machines that answer; and one with a name of 120 characters. */
function startMachines(): Promise<Simulator[]> {
  const long = { ...seedBackends[0], name: `rack ${longName}`.slice(0, 120), maxMemoryGb: 8 }
  return Promise.all(
    [...seedBackends, long].map(({ name = '', maxMemoryGb, models = [] }) =>
      startSimulator({
        name,
        memoryBytes: maxMemoryGb * gigabyte,
        tokensPerSecond: 20,
        loadMs: 500,
        answerTokens: 100_000,
        models: seedModels.filter((model) => models.includes(model.name)),
      }),
    ),
  )
}

/** A month of records, machines that answer, names of 120 characters, and answers on their way. */
async function fill(house: House, machines: readonly Simulator[]): Promise<void> {
  const run = promisify(execFile)
  const args = ['--import', 'tsx', path.join(root, 'seed/run.ts'), '--records', values.records]
  await run(process.execPath, args, {
    cwd: root,
    env: { ...process.env, CORRAL_DATA: house.dataFolder, DATABASE_URL: '' },
  })
  for (const { name } of JSON.parse(await house.corral('backends', 'list', '--json')) as {
    name: string
  }[]) {
    if (!seedBackends.some((one) => one.name === name)) {
      await house.corral('backends', 'remove', name)
    }
  }
  for (const [index, { name }] of seedBackends.entries()) {
    await house.corral('backends', 'update', name, '--url', machines[index]?.url ?? '')
  }
  const long = machines.at(-1)?.url ?? ''
  await house.corral('backends', 'add', `rack ${longName}`.slice(0, 120), long, '--memory', '8')
  await house.corral('teams', 'create', `Team ${longName}`.slice(0, 120))
  await house.corral('users', 'create', `Dr. ${longName}`.slice(0, 120), '--no-key')
  await house.corral('keys', 'create', `key ${longName}`.slice(0, 120))
  await house.corral('aliases', 'add', 'fast', 'llama3.2:3b', 'qwen3:8b')
  await house.corral('assignments', 'add', 'mistral:*', 'gpu-2')
  for (const model of ['llama3.2:3b', 'qwen3:8b', 'fast', 'nobody-has-it']) {
    await askToTheEnd(house, { model, tokens: 8 })
  }
  for (const model of ['llama3.2:3b', 'qwen3:8b', 'qwen3:32b', 'gemma3:27b']) {
    onTheirWay.push(await ask(house, { model, tokens: 100_000 }))
  }
}

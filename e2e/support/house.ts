import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Browser, test as base, type Cookie, expect, type Page } from '@playwright/test'
import type { Role } from '@/lib/schemas/permissions'
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../simulator/start-simulator'
import { findFreePort } from '../../tests/support/find-free-port'

/** A whole Corral with its data in a temporary folder, and the machines behind it. */
export type House = {
  url: string
  dataFolder: string
  machines: Simulator[]
  /** The first admin's password, as it is now. */
  password: string
  /** The admin's session, once there is one. */
  adminCookies: Cookie[]
  /** The first key, of clients. */
  key: string
  /** `corral …` on the same data; its standard output. Throws with what it said when it fails. */
  corral(...args: string[]): Promise<string>
  /** What the process wrote so far. */
  output(): string
  stop(): Promise<void>
}

export type HouseOptions = {
  /** One plain machine with two models unless told; none is an empty list. */
  machines?: SimulatorOptions[]
  env?: Record<string, string>
}

const gigabyte = 1_000_000_000
const plainMachine: SimulatorOptions = {
  models: [
    { name: 'llama3.2:3b', sizeBytes: 2 * gigabyte },
    { name: 'qwen3:8b', sizeBytes: 5 * gigabyte },
  ],
}
const root = path.resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

/** As `npm start` runs it, on what `npm test` has built. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const machines = await Promise.all((options.machines ?? [plainMachine]).map(startSimulator))
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'corral-e2e-'))
  const port = await findFreePort()
  const { PATH = '', HOME = '' } = process.env
  const env: NodeJS.ProcessEnv = {
    PATH,
    HOME,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    CORRAL_DATA: dataFolder,
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_FORMAT: 'json',
    OLLAMA_HOST: machines.map(({ url }) => url).join(',') || 'http://127.0.0.1:9',
    ...options.env,
  }
  const child = spawn(process.execPath, ['dist/server.mjs'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = keepOutput(child)
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    await end(child)
    for (const machine of machines) await machine.stop()
    await rm(dataFolder, { recursive: true, force: true })
  }
  try {
    await untilServing(url, child)
    const text = await readFile(path.join(dataFolder, 'first-run.txt'), 'utf8')
    return {
      url,
      dataFolder,
      machines,
      password: find(text, /^Password\s+(\S+)/m),
      key: find(text, /(op_[0-9A-Za-z]{10}_[0-9A-Za-z]{43})/),
      adminCookies: [],
      output,
      stop,
      async corral(...args) {
        const { stdout } = await run(process.execPath, ['dist/cli.mjs', ...args], {
          cwd: root,
          env,
        })
        return stdout
      },
    }
  } catch (error) {
    await stop()
    throw new Error(`the house did not open:\n${output()}`, { cause: error })
  }
}

type Fixtures = { house: House; houseOptions: HouseOptions; admin: Page }
type WorkerFixtures = { houses: { of(file: string, options: HouseOptions): Promise<House> } }

/** A house of its own for each file, for all its tests; and the admin signed in. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  houseOptions: [{}, { option: true }],
  houses: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted here
    async ({}, use) => {
      let open: { file: string; house: House } | null = null
      await use({
        async of(file, options) {
          if (open?.file !== file) {
            await open?.house.stop()
            open = null
            open = { file, house: await openHouse(options) }
          }
          return open.house
        },
      })
      // What a callback sets is not seen by the types.
      await (open as { house: House } | null)?.house.stop()
    },
    { scope: 'worker' },
  ],
  house: async ({ houses, houseOptions }, use, { file }) => {
    await use(await houses.of(file, houseOptions))
  },
  page: async ({ page }, use) => {
    visitAlive(page)
    await use(page)
  },
  admin: async ({ page, context, house }, use) => {
    // A session that still holds is taken up again; the form itself is tried by its own tests.
    await context.addCookies(house.adminCookies)
    const mine = await context.request.get(`${house.url}/console/data/session`)
    if (!mine.ok()) {
      await signIn(page, house)
      house.adminCookies = await context.cookies()
    }
    await use(page)
  },
})
export { expect }

/** The newest password that was set at a first sign-in. */
export const newPassword = 'quiet horses drink at dusk'

/** As a person does; where a new password is asked for, that is set too. */
export async function signIn(
  page: Page,
  house: Pick<House, 'url' | 'password'>,
  who: Person = { name: 'admin', password: house.password },
): Promise<void> {
  await page.goto(`${house.url}/console/sign-in`)
  await page.getByLabel('User name').fill(who.name)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'))
  if (!page.url().endsWith('/new-password')) return
  await page.getByLabel('New password', { exact: true }).fill(newPassword)
  await page.getByRole('button', { name: 'Save password' }).click()
  await page.waitForURL((url) => !url.pathname.endsWith('/new-password'))
  if (who.name === 'admin') house.password = newPassword
}

/** Who signs in: the name, and the password as it is now. */
export type Person = { name: string; password: string }

/** Somebody new, named after their role unless told, who has no key yet. */
export async function createPerson(
  house: House,
  { role, name = role }: { role: Role; name?: string },
): Promise<Person> {
  const made = await house.corral('users', 'create', name, '--role', role, '--no-key', '--json')
  const { password } = JSON.parse(made) as { password: string }
  return { name, password }
}

/** A browser of their own, signed in; closing the page closes it. */
export async function openAs(browser: Browser, house: House, person: Person): Promise<Page> {
  const page = await browser.newPage()
  visitAlive(page)
  await signIn(page, house, person)
  return page
}

/**
 * A robot is quicker than a page's script, and what it presses before that is lost: a visit ends
 * when the page answers, unless it says itself how far it goes.
 */
function visitAlive(page: Page): void {
  const goto = page.goto.bind(page)
  const reload = page.reload.bind(page)
  page.goto = async (url, options) => {
    const response = await goto(url, options)
    if (!options?.waitUntil) await untilAlive(page)
    return response
  }
  page.reload = async (options) => {
    const response = await reload(options)
    if (!options?.waitUntil) await untilAlive(page)
    return response
  }
}

/** Asked by the page itself, and not in every frame: it has enough to do. */
async function untilAlive(page: Page): Promise<void> {
  await page.waitForFunction(isAlive, undefined, { polling: 50, timeout: 30_000 })
}

/** React marks each element that it has taken over; what still streams in is not marked. */
function isAlive(): boolean {
  const places = 'a, button, input:not([type=hidden]), textarea'
  return [...document.querySelectorAll(places)].every((element) =>
    Object.keys(element).some((name) => name.startsWith('__reactProps')),
  )
}

/** A new key of somebody; its whole secret. */
export async function createKey(
  house: House,
  { owner, name }: { owner: string; name: string },
): Promise<string> {
  const made = await house.corral('keys', 'create', name, '--owner', owner, '--json')
  const { key } = JSON.parse(made) as { key: string }
  return key
}

function keepOutput(child: ChildProcess): () => string {
  let text = ''
  const keep = (bytes: Buffer) => {
    text = (text + bytes.toString('utf8')).slice(-1_000_000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return () => text
}

async function untilServing(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + 120_000
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    const pages = await fetch(`${url}/console/sign-in`).catch(() => null)
    await pages?.arrayBuffer()
    if (pages?.status === 200) return
    if (performance.now() > deadline) throw new Error('no sign-in page within 120 s')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(timer)
}

function find(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1]
  if (!found) throw new Error(`first-run.txt has no ${pattern}`)
  return found
}

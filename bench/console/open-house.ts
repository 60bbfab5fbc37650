import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BrowserContext, chromium } from '@playwright/test'
import type { AdminContext } from '@/lib/admin/actor'
import { createBackend, removeBackend } from '@/lib/admin/backends'
import { createKey, revokeKey } from '@/lib/admin/keys'
import { createUser, removeUser } from '@/lib/admin/users'
import { findFreePort } from '@/tests/support/find-free-port'
import packageFile from '../../package.json' with { type: 'json' }
import playwrightConfig from '../../playwright.config'
import { startBackend } from '../backend-process'
import type { Target } from '../load-contract'
import { startMeasured } from '../measured-process'

/** A whole Corral on the database that is measured, a machine for its streams, and who signs in. */
export type House = {
  url: string
  /** Of a key that streams may use. */
  target: Target
  /** A browser without anything kept, signed in. */
  openBrowser(): Promise<BrowserContext>
  stop(): Promise<void>
}

const root = path.resolve(import.meta.dirname, '../..')
const waitReadyMs = 120_000
const passwords = ['made for the first sign-in', 'made for the second sign-in'] as const

/** Its user, key and server are gone again when it stops; their audit rows stay. */
export async function openHouse(context: AdminContext): Promise<House> {
  const machine = await startBackend()
  const name = `bench-${process.pid}`
  const [first] = passwords
  const { user } = await createUser(context, { name, role: 'admin', password: first })
  const rateLimit = { requests: 100_000, windowSeconds: 60 }
  const made = await createKey(context, { name, owner: name, rateLimit })
  const backend = await createBackend(context, {
    name,
    url: `http://127.0.0.1:${machine.port}`,
    maxParallel: 1000,
  })
  const folder = mkdtempSync(path.join(tmpdir(), 'corral-bench-'))
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const server = startMeasured({
    program: path.join(root, 'dist/server.mjs'),
    nodeFlags: packageFile.scripts.start.split(' ').filter((word) => word.startsWith('--')),
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_FORMAT: 'json',
      LOG_DESTINATION: `file:${path.join(folder, 'corral.log')}`,
    },
  })
  const browser = await chromium.launch(playwrightConfig.use?.launchOptions ?? {})
  const stop = async () => {
    await browser.close()
    await server.stop()
    await machine.stop()
    await removeBackend(context, backend.name)
    await revokeKey(context, made.key.id)
    await removeUser(context, user.id)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const target = { port, headers: { Authorization: `Bearer ${made.token}` } }
    await untilAnswering(`${url}/console/sign-in`, {})
    await untilAnswering(`${url}/api/tags`, target.headers)
    const storageState = await signIn(await browser.newContext(), { url, name })
    return { url, target, openBrowser: () => browser.newContext({ storageState }), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** As a person does, who is asked for a new password the first time. */
async function signIn(context: BrowserContext, { url, name }: { url: string; name: string }) {
  const page = await context.newPage()
  const [first, second] = passwords
  await page.goto(`${url}/console/sign-in`)
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(first)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByLabel('New password', { exact: true }).fill(second)
  await page.getByRole('button', { name: 'Save password' }).click()
  await page.waitForURL((at) => at.pathname === '/console')
  const state = await context.storageState()
  await context.close()
  return state
}

async function untilAnswering(url: string, headers: Record<string, string>): Promise<void> {
  const untilMs = performance.now() + waitReadyMs
  for (;;) {
    const status = await fetch(url, { headers, signal: AbortSignal.timeout(waitReadyMs) }).then(
      async (answer) => answer.text().then(() => answer.status),
      () => 0,
    )
    if (status === 200) return
    if (performance.now() > untilMs) throw new Error(`${url} does not answer`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BrowserContext, chromium } from '@playwright/test'
import { signIn } from '@/e2e/support/house'
import type { AdminContext } from '@/lib/admin/actor'
import { createBackend, removeBackend } from '@/lib/admin/backends'
import { createKey, revokeKey } from '@/lib/admin/keys'
import { createUser, removeUser } from '@/lib/admin/users'
import { findFreePort } from '@/tests/support/find-free-port'
import playwrightConfig from '../../playwright.config'
import { startBackend } from '../backend-process'
import type { Target } from '../load-contract'
import { startMeasured } from '../measured-process'
import { untilReady } from '../until-ready'
import { goBeforeOthers } from './go-before-others'

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
/** A person is asked for another one the first time. */
const password = 'made for the first sign-in'

/** Its user, key and server are gone again when it stops; their audit rows stay. */
export async function openHouse(context: AdminContext): Promise<House> {
  const machine = await startBackend()
  goBeforeOthers(machine.pid)
  const name = `bench-${process.pid}`
  const { user } = await createUser(context, { name, role: 'admin', password })
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
    await untilReady({ port, headers: {} }, '/console/sign-in')
    await untilReady(target, '/api/tags')
    const page = await browser.newPage()
    await signIn(page, { url, password }, { name, password })
    const storageState = await page.context().storageState()
    await page.close()
    return { url, target, openBrowser: () => browser.newContext({ storageState }), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

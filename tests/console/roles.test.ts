import { spawn } from 'node:child_process'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInvitation } from '@/lib/admin/invitations'
import { updateSettings } from '@/lib/admin/settings'
import { createUser } from '@/lib/admin/users'
import { findFreePort } from '../support/find-free-port'
import { type Corral, startCorral } from '../support/start-corral'
import { waitFor } from '../support/wait-for'
import { type Browser, openBrowser, untilConsole } from './open-browser'

const password = 'a sentence to sign in with'
const root = path.resolve(import.meta.dirname, '../..')
let gateway: Corral
let consoleUrl: string
let stopConsole: () => Promise<void>

beforeAll(async () => {
  gateway = await startCorral({
    door: 'server',
    backends: [],
    env: { CORRAL_ROLE: 'gateway', ADMIN_PASSWORD: password },
  })
  const port = await findFreePort()
  consoleUrl = `http://127.0.0.1:${port}`
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, ['dist/server.mjs'], {
    cwd: root,
    env: {
      PATH,
      HOME,
      NODE_ENV: 'production',
      CORRAL_ROLE: 'console',
      CORRAL_DATA: gateway.dataFolder,
      HOST: '127.0.0.1',
      PORT: String(port),
    },
    stdio: 'ignore',
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  stopConsole = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(timer)
  }
  await untilConsole(consoleUrl)
}, 180_000)
afterAll(async () => {
  await stopConsole?.()
  await gateway?.stop()
})

const statusOf = async (url: string) => (await fetch(url, { redirect: 'manual' })).status

describe('CORRAL_ROLE (L8)', () => {
  test('a gateway answers its own paths, and 404 where the console would be', async () => {
    expect(await statusOf(`${gateway.url}/healthz`)).toBe(200)
    for (const path of ['/console', '/console/keys', '/auth/csrf', '/_next/static/x.js']) {
      expect(await statusOf(gateway.url + path), path).toBe(404)
    }
    const root = await fetch(gateway.url, { headers: { accept: 'text/html' } })
    expect(await root.text()).toBe('Ollama is running')
  })

  test('a console signs people in over the same database, and 404 where the gateway would be', async () => {
    const browser = openBrowser({ url: consoleUrl })
    expect((await browser.signIn('admin', password)).status).toBe(200)
    expect((await browser.session()).status).toBe(200)
    expect(await statusOf(`${consoleUrl}/healthz`)).toBe(200)
    for (const path of ['/api/tags', '/v1/models', '/k/x/api/tags', '/metrics']) {
      expect(await statusOf(consoleUrl + path), path).toBe(404)
    }
    const nodes = await gateway.context.database.listNodeReports({ seenSinceMs: 0 })
    expect(nodes.map((node) => node.role).sort()).toEqual(['console', 'gateway'])
  })

  test('publicGatewayUrl: a console hands calls on to the gateway, and its pages may call it', async () => {
    const tags = () =>
      fetch(`${consoleUrl}/api/tags`, { headers: { authorization: `Bearer ${gateway.key}` } })
    expect((await tags()).status).toBe(404)
    await updateSettings(gateway.context, { publicGatewayUrl: gateway.url })
    await waitFor(async () => (await tags()).status === 200, { what: 'the forwarded call' })
    expect(await (await tags()).json()).toEqual({ models: [] })
    expect((await fetch(`${consoleUrl}/api/tags`)).status).toBe(401)
    const page = await openBrowser({ url: consoleUrl }).ask('/console/sign-in')
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain(`connect-src 'self' ${gateway.url}`)
    await updateSettings(gateway.context, { publicGatewayUrl: null })
  })

  test('publicGatewayUrl: an address that leads back, or nowhere, is told in the dialect', async () => {
    const chat = () => fetch(`${consoleUrl}/v1/chat/completions`, { method: 'POST', body: '{}' })
    const untilStatus = (status: number) =>
      waitFor(async () => (await chat()).status === status, { what: `a ${status}` })
    await updateSettings(gateway.context, { publicGatewayUrl: consoleUrl })
    await untilStatus(508)
    expect(await (await chat()).json()).toMatchObject({ error: { code: 'http.loop_detected' } })
    const nobody = `http://127.0.0.1:${await findFreePort()}`
    await updateSettings(gateway.context, { publicGatewayUrl: nobody })
    await untilStatus(502)
    expect(await (await chat()).json()).toMatchObject({ error: { code: 'backends.unreachable' } })
    await updateSettings(gateway.context, { publicGatewayUrl: null })
  })
})

describe('a socket that is no trusted proxy', () => {
  test('cannot say that it is TLS, where it comes from, or what we are called', async () => {
    const forged = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-for': '203.0.113.9',
      'x-corral-client-scheme': 'https',
      'x-corral-client-host': 'evil.example',
      'x-corral-client-address': '203.0.113.9',
    }
    const { user } = await createUser(gateway.context, { name: 'forger', password })
    const browser = openBrowser({ url: consoleUrl, host: 'gate.example', headers: forged })
    const answer = await browser.signIn('forger', password)
    expect(answer.json()).toEqual({ url: 'http://gate.example' })
    const cookie = answer.cookies.find((one) => one.startsWith('corral.session='))
    expect(cookie).toBeDefined()
    expect(cookie).not.toMatch(/secure/i)
    const page = await browser.ask('/console/sign-in')
    expect(page.headers['strict-transport-security']).toBeUndefined()
    const [last] = await gateway.context.database.listSignIns({ userId: user.id, limit: 1 })
    expect(last?.address).toBe('127.0.0.1')
  })
})

describe('forms, without a script', () => {
  test('the first sign-in asks for a new password, which ends the other sessions', async () => {
    await createUser(gateway.context, { name: 'fresh', password })
    const [browser, other] = [openBrowser({ url: consoleUrl }), openBrowser({ url: consoleUrl })]
    await browser.signIn('fresh', password)
    await other.signIn('fresh', password)
    const same = await submit(browser, '/console/new-password', { password })
    expect(same.text).toContain('choose another one than before')
    const short = await submit(browser, '/console/new-password', { password: 'short' })
    expect(short.text).toContain('expected 12 to 256 characters')
    const saved = await submit(browser, '/console/new-password', {
      password: 'another sentence of mine',
    })
    expect([saved.status, pathOf(saved.location)]).toEqual([303, '/console'])
    expect((await browser.session()).json()).toMatchObject({ mustChangePassword: false })
    expect((await other.session()).status).toBe(401)
    expect((await other.signIn('fresh', password)).status).toBe(401)
  })

  test('an invitation makes a user who is signed in, once', async () => {
    const { token } = await createInvitation(gateway.context, { role: 'viewer' })
    const page = `/console/invitation/${token}`
    const browser = openBrowser({ url: consoleUrl })
    const taken = await submit(browser, page, { name: 'admin', password })
    expect(taken.text).toContain('exists already')
    const joined = await submit(browser, page, { name: 'guest', password })
    expect([joined.status, pathOf(joined.location)]).toEqual([303, '/console'])
    expect((await browser.session()).json()).toMatchObject({ name: 'guest', role: 'viewer' })
    expect((await openBrowser({ url: consoleUrl }).ask(page)).text).toContain('This link is over')
  })

  test('an action that another origin sends is refused', async () => {
    const { token } = await createInvitation(gateway.context, {})
    const page = `/console/invitation/${token}`
    const browser = openBrowser({ url: consoleUrl })
    const forged = await submit(
      browser,
      page,
      { name: 'crossed', password },
      { origin: 'https://evil.example' },
    )
    expect(forged.status).toBeGreaterThanOrEqual(400)
    expect(await gateway.context.database.findUserByName('crossed')).toBeNull()
  })
})

/** As a browser sends the form of a page: with its hidden fields. */
async function submit(
  browser: Browser,
  page: string,
  fields: Record<string, string>,
  headers: Record<string, string> = { origin: consoleUrl },
) {
  const { text } = await browser.ask(page)
  const form = new FormData()
  for (const [tag] of text.matchAll(/<input type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1]
    if (name) form.append(name, decodeEntities(/value="([^"]*)"/.exec(tag)?.[1] ?? ''))
  }
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const encoded = new Response(form)
  return browser.ask(page, {
    method: 'POST',
    headers: { ...headers, 'content-type': encoded.headers.get('content-type') ?? '' },
    body: await encoded.text(),
  })
}

function decodeEntities(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
}

function pathOf(address: string | null): string {
  return new URL(address ?? '/none', consoleUrl).pathname
}

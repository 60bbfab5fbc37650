import { hash as hashBcrypt } from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInvitation } from '@/lib/admin/invitations'
import {
  activateUser,
  deactivateUser,
  resetUserPassword,
  signOutEverywhere,
  updateUser,
} from '@/lib/admin/users'
import { type Corral, startCorral } from '../support/start-corral'
import { addUser, audit, password } from './add-user'
import { openBrowser, untilConsole } from './open-browser'

let corral: Corral
let addresses = 0

beforeAll(async () => {
  corral = await startCorral({
    door: 'server',
    backends: [],
    env: { CORRAL_ROLE: 'all', TRUSTED_PROXIES: '127.0.0.1', ADMIN_PASSWORD: password },
  })
  await untilConsole(corral.url)
}, 120_000)
afterAll(() => corral?.stop())

/** Behind a proxy that is trusted: each browser has an address of its own. */
function browse(headers: Record<string, string> = {}, host = 'gate.team.example:8443') {
  const address = `198.51.100.${++addresses}`
  return openBrowser({
    url: corral.url,
    host,
    headers: { 'x-forwarded-for': address, 'user-agent': 'a test', ...headers },
  })
}

async function signedIn(name: string) {
  const browser = browse()
  expect((await browser.signIn(name, password)).status).toBe(200)
  expect((await browser.session()).status).toBe(200)
  return browser
}

describe('a stranger', () => {
  test('is sent to the sign-in page, and back to where they wanted to go', async () => {
    const browser = browse()
    const page = await browser.ask('/console/keys?state=active')
    expect(page.status).toBe(307)
    expect(page.location).toBe('/console/sign-in?from=%2Fconsole%2Fkeys%3Fstate%3Dactive')
    const form = await browser.ask(page.location ?? '')
    expect(form.status).toBe(200)
    expect(form.text).toContain('Sign in')
    expect((await browser.session()).status).toBe(401)
  })

  test('with a cookie that is not ours is a stranger', async () => {
    const browser = browse()
    browser.jar.set('corral.session', 'eyJhbGciOiJkaXIifQ.not.ours')
    expect((await browser.session()).status).toBe(401)
  })
})

describe('a password', () => {
  test('signs in under a host name that is not localhost', async () => {
    await addUser(corral.context, 'ana', { role: 'viewer' })
    const browser = browse()
    const answer = await browser.signIn('ana', password)
    expect(answer.status).toBe(200)
    expect((answer.json() as { url: string }).url).toBe('http://gate.team.example:8443')
    expect((await browser.session()).json()).toMatchObject({ name: 'ana', role: 'viewer' })
    const [last] = (
      await corral.context.database.listSignIns({
        userId: (await corral.context.database.findUserByName('ana'))?.id ?? '',
        limit: 1,
      })
    ).map(({ ok, method, userAgent, address }) => ({ ok, method, userAgent, address }))
    expect(last).toMatchObject({ ok: true, method: 'password', userAgent: 'a test' })
    expect(last?.address).toMatch(/^198\.51\.100\./)
  })

  test('that is wrong, of nobody, or too long is 401 with the same words', async () => {
    await addUser(corral.context, 'tom')
    const answers = [
      await browse().signIn('tom', 'wrong'),
      await browse().signIn('nobody', password),
      await browse().signIn('tom', 'x'.repeat(5000)),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(401)
      expect(answer.json()).toMatchObject({
        error: { code: 'auth.sign_in_failed', message: 'Wrong name or password.' },
      })
      expect(answer.cookies.join()).not.toContain('corral.session')
    }
  })

  test('is refused after 5 failures for one account with 429 and when, the right one too', async () => {
    await addUser(corral.context, 'locked')
    for (let n = 0; n < 5; n++) expect((await browse().signIn('locked', 'wrong')).status).toBe(401)
    const refused = await browse().signIn('locked', password)
    expect(refused.status).toBe(429)
    const seconds = Number(refused.headers['retry-after'])
    expect(seconds).toBeGreaterThan(250)
    expect(seconds).toBeLessThanOrEqual(300)
    expect(refused.json()).toMatchObject({
      error: { message: `Too many failed sign-ins. Try again in ${seconds} seconds.` },
    })
  })

  test('is refused after 5 failures from one address, for every account', async () => {
    await addUser(corral.context, 'bystander')
    const browser = browse()
    for (let n = 0; n < 5; n++) await browser.signIn(`guess-${n}`, 'wrong')
    expect((await browser.signIn('bystander', password)).status).toBe(429)
    expect((await browse().signIn('bystander', password)).status).toBe(200)
  })

  test('of an older proxy, a bcrypt hash, signs in once and is hashed anew', async () => {
    const { id } = await addUser(corral.context, 'older')
    const { database } = corral.context
    await database.updateUserPasswordHash(id, await hashBcrypt(password, 4), audit)
    expect((await browse().signIn('older', password)).status).toBe(200)
    const stored = await database.findUserWithPasswordHash('older')
    expect(stored?.passwordHash).toMatch(/^\$argon2id\$/)
    expect((await browse().signIn('older', password)).status).toBe(200)
  })

  test('of a deactivated user is told so, and only to who knows it', async () => {
    await addUser(corral.context, 'gone')
    await deactivateUser(corral.context, 'gone')
    expect((await browse().signIn('gone', 'wrong')).status).toBe(401)
    const told = await browse().signIn('gone', password)
    expect(told.status).toBe(403)
    expect(told.json()).toMatchObject({ error: { code: 'auth.user_inactive' } })
  })

  test('without the token of the form signs nobody in', async () => {
    await addUser(corral.context, 'forged')
    const browser = browse()
    await browser.ask('/auth/csrf')
    const answer = await browser.ask('/auth/callback/credentials', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ name: 'forged', password, csrfToken: 'guess' }).toString(),
    })
    expect(answer.cookies.join()).not.toContain('corral.session')
    expect((await browser.session()).status).toBe(401)
  })
})

describe('a password that somebody else set', () => {
  test('leads to nothing but the page that asks for another', async () => {
    const browser = browse()
    expect((await browser.signIn('admin', password)).status).toBe(200)
    expect((await browser.session()).json()).toMatchObject({ mustChangePassword: true })
    const page = await browser.ask('/console')
    expect(page.text + (page.location ?? '')).toContain('/console/new-password')
    const form = await browser.ask('/console/new-password')
    expect(form.status).toBe(200)
    expect(form.text).toContain('Choose your password')
  })
})

describe('a session ends at once', () => {
  test('when the password changes', async () => {
    await addUser(corral.context, 'changes')
    const browser = await signedIn('changes')
    await resetUserPassword(corral.context, 'changes')
    expect((await browser.session()).status).toBe(401)
  })

  test('when the user is deactivated, and does not live again with them', async () => {
    await addUser(corral.context, 'deactivated')
    const browser = await signedIn('deactivated')
    await deactivateUser(corral.context, 'deactivated')
    expect((await browser.session()).status).toBe(401)
    await activateUser(corral.context, 'deactivated')
    expect((await browser.session()).status).toBe(401)
  })

  test('when the user is signed out everywhere, in every browser', async () => {
    await addUser(corral.context, 'everywhere')
    const browsers = [await signedIn('everywhere'), await signedIn('everywhere')]
    await signOutEverywhere(corral.context, 'everywhere')
    for (const browser of browsers) expect((await browser.session()).status).toBe(401)
  })

  test('and goes on with the new role when the role changes', async () => {
    await addUser(corral.context, 'promoted')
    const browser = await signedIn('promoted')
    await updateUser(corral.context, 'promoted', { role: 'operator' })
    expect((await browser.session()).json()).toMatchObject({ role: 'operator' })
  })

  test('when the browser signs out', async () => {
    await addUser(corral.context, 'leaves')
    const browser = await signedIn('leaves')
    await browser.post('/auth/signout', {})
    expect(browser.jar.has('corral.session')).toBe(false)
  })
})

describe('behind a trusted proxy with TLS', () => {
  test('cookies are for TLS only, addresses are https, and HSTS is sent', async () => {
    await addUser(corral.context, 'secure')
    const proxied = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'corral.team.example',
    }
    const browser = browse(proxied, 'internal:8080')
    const answer = await browser.signIn('secure', password)
    expect((answer.json() as { url: string }).url).toBe('https://corral.team.example')
    const cookie = answer.cookies.find((one) => one.startsWith('corral.session='))
    expect(cookie).toMatch(/; Secure/)
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; SameSite=Lax/i)
    expect((await browser.session()).status).toBe(200)
    const page = await browser.ask('/console/sign-in')
    expect(page.headers['strict-transport-security']).toMatch(/max-age=\d+/)
  })
})

describe('an invitation', () => {
  test('opens its page, and says when it is over', async () => {
    const { token } = await createInvitation(corral.context, { role: 'operator' })
    const page = await browse().ask(`/console/invitation/${token}`)
    expect(page.status).toBe(200)
    expect(page.text).toContain('an operator')
    expect((await browse().ask('/console/invitation/unknown')).text).toContain('This link is over')
  })
})

describe('every page of the console (C5)', () => {
  test('has a policy with a nonce of its own, and may not be framed', async () => {
    const nonces = new Set<string>()
    for (const path of ['/console/sign-in', '/console/sign-in', '/console', '/console/none/here']) {
      const { headers } = await browse().ask(path)
      const policy = String(headers['content-security-policy'])
      const nonce = /script-src 'self' 'nonce-([\w+/=]+)' 'strict-dynamic';/.exec(policy)?.[1]
      expect(nonce, path).toBeDefined()
      nonces.add(nonce ?? '')
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("style-src 'self' 'unsafe-inline'")
      expect(headers['x-frame-options']).toBe('DENY')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('same-origin')
      expect(headers['cache-control']).toContain('no-store')
    }
    expect(nonces.size).toBe(4)
  })

  test('every script of a page carries the nonce of that answer', async () => {
    await addUser(corral.context, 'reader', { role: 'viewer' })
    const reader = await signedIn('reader')
    for (const [browser, path, status] of [
      [browse(), '/console/sign-in', 200],
      [reader, '/console/none/here', 404],
    ] as const) {
      const page = await browser.ask(path)
      expect(page.status, path).toBe(status)
      const policy = String(page.headers['content-security-policy'])
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
      const scripts = page.text.match(/<script\b[^>]*>/g) ?? []
      expect(scripts.length, path).toBeGreaterThan(0)
      for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`)
      expect(page.text).not.toMatch(/<[^>]+\son\w+="/)
    }
  })
})

describe('the bare address', () => {
  test('leads a browser to the console, and tells every other client its text', async () => {
    const page = await browse().ask('/')
    expect([page.status, page.location]).toEqual([302, '/console'])
    const plain = await browse().ask('/', { headers: { accept: '*/*' } })
    expect(plain.text).toBe('Ollama is running')
  })
})

describe('compression', () => {
  test('is for pages and their scripts, never for the gateway', async () => {
    const headers = { 'accept-encoding': 'gzip' }
    const page = await browse().ask('/console/sign-in')
    const script = /src="(\/_next\/static\/[^"]+\.js)"/.exec(page.text)?.[1] ?? ''
    expect((await browse().ask(script, { headers })).headers['content-encoding']).toBe('gzip')
    const zipped = await browse().ask('/console/sign-in', { headers })
    expect(zipped.headers['content-encoding']).toBe('gzip')
    const authorization = `Bearer ${corral.key}`
    const tags = await browse().ask('/api/tags', { headers: { ...headers, authorization } })
    expect(tags.status).toBe(200)
    expect(tags.headers['content-encoding']).toBeUndefined()
  })
})

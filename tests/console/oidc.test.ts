import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { updateSettings } from '@/lib/admin/settings'
import { createUser, deactivateUser } from '@/lib/admin/users'
import { type Corral, startCorral } from '../support/start-corral'
import { openBrowser, untilConsole } from './open-browser'

type Person = { sub: string; [claim: string]: unknown }
/** Who stands at the provider's keyboard; null refuses. */
let person: Person | null = { sub: 'nobody' }
let server: Server
let issuer: string
let corral: Corral
/** By the environment, which wins over settings. */
let byEnvironment: Corral

const secret = 'a secret that the provider and Corral share'
const host = 'gate.team.example'

beforeAll(async () => {
  server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = (name: string, clientSecret: string) => ({
    client_id: name,
    client_secret: clientSecret,
    redirect_uris: [`http://${host}/auth/callback/oidc`],
  })
  const provider = new Provider(issuer, {
    clients: [client('corral', secret), client('by-environment', `${secret} too`)],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: claimNames },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    cookies: { keys: ['a key of a test'] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ ...person, sub }) }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  })
  const answer = provider.callback()
  server.on('request', async (incoming, outgoing) => {
    if (!incoming.url?.startsWith('/interaction/')) return answer(incoming, outgoing)
    const { prompt, params, grantId } = await provider.interactionDetails(incoming, outgoing)
    if (person === null) {
      const refusal = { error: 'access_denied', error_description: '<b>no</b>' }
      return provider.interactionFinished(incoming, outgoing, refusal)
    }
    if (prompt.name === 'login') {
      const login = { login: { accountId: person.sub } }
      return provider.interactionFinished(incoming, outgoing, login)
    }
    const clientId = String(params.client_id)
    const known = grantId ? await provider.Grant.find(grantId) : undefined
    const grant = known ?? new provider.Grant({ accountId: person.sub, clientId })
    grant.addOIDCScope('openid profile email')
    const consent = { consent: { grantId: await grant.save() } }
    return provider.interactionFinished(incoming, outgoing, consent, {
      mergeWithLastSubmission: true,
    })
  })
  corral = await startCorral({ door: 'server', backends: [], env: { CORRAL_ROLE: 'all' } })
  byEnvironment = await startCorral({
    door: 'server',
    backends: [],
    env: {
      CORRAL_ROLE: 'all',
      AUTH_OIDC_ISSUER: issuer,
      AUTH_OIDC_CLIENT_ID: 'by-environment',
      AUTH_OIDC_CLIENT_SECRET: `${secret} too`,
    },
  })
  await untilConsole(corral.url)
  await untilConsole(byEnvironment.url)
  await updateSettings(corral.context, {
    oidcIssuer: issuer,
    oidcClientId: 'corral',
    oidcClientSecret: secret,
  })
}, 180_000)
afterAll(async () => {
  await corral?.stop()
  await byEnvironment?.stop()
  server?.closeAllConnections()
  server?.close()
})

const claimNames = ['name', 'preferred_username', 'groups', 'realm_access']

/** From the button to the page after it, over the provider; where it ends. */
async function signInAs(
  who: Person | null,
  { at = corral, from = '/console/data/session' }: { at?: Corral; from?: string } = {},
) {
  person = who
  const browser = openBrowser({ url: at.url, host })
  const begun = await browser.post('/auth/signin/oidc', { callbackUrl: from })
  let next = new URL((begun.json() as { url: string }).url)
  const atProvider = openBrowser({ url: issuer })
  for (let steps = 0; next.origin === issuer; steps++) {
    if (steps > 10) throw new Error('the provider sends in circles')
    const page = await atProvider.ask(next.pathname + next.search)
    if (page.location === null)
      throw new Error(`the provider answered ${page.status}: ${page.text}`)
    next = new URL(page.location, issuer)
  }
  const back = await browser.ask(next.pathname + next.search)
  const session = await browser.session()
  return {
    browser,
    end: back.location,
    status: session.status,
    who: session.status === 200 ? (session.json() as { name: string; role: string }) : null,
  }
}

describe('a person of the provider', () => {
  test('becomes a user at the first sign-in, and is the same one at the next', async () => {
    const ada = { sub: 'ada-1', preferred_username: 'ada', email: 'ada@team.example' }
    const first = await signInAs(ada)
    expect(first.end).toBe(`http://${host}/console/data/session`)
    expect(first.who).toMatchObject({ name: 'ada', role: 'member', mustChangePassword: false })
    expect((await signInAs({ ...ada, preferred_username: 'countess' })).who?.name).toBe('ada')
    const user = await corral.context.database.findUserByName('ada')
    expect(user).toMatchObject({ hasOidc: true, hasPassword: false, email: null })
    const [last] = await corral.context.database.listSignIns({ userId: user?.id ?? '', limit: 1 })
    expect(last).toMatchObject({ ok: true, method: 'oidc' })
    expect(JSON.stringify(await corral.context.database.listAudit({ limit: 20 }))).not.toContain(
      secret,
    )
  })

  test('is the user with their verified address, and never with one that is not verified', async () => {
    await createUser(corral.context, { name: 'grace', email: 'grace@team.example', role: 'viewer' })
    const unverified = { sub: 'mallory', email: 'grace@team.example', email_verified: false }
    expect((await signInAs(unverified)).who?.name).not.toBe('grace')
    const verified = { sub: 'grace-1', email: 'Grace@team.example', email_verified: true }
    expect((await signInAs(verified)).who).toMatchObject({ name: 'grace', role: 'viewer' })
    const another = { sub: 'grace-2', email: 'grace@team.example', email_verified: true }
    expect((await signInAs(another)).who?.name).not.toBe('grace')
  })

  test('who is deactivated here stays out, and is told', async () => {
    await signInAs({ sub: 'out-1', preferred_username: 'out' })
    await deactivateUser(corral.context, 'out')
    const refused = await signInAs({ sub: 'out-1' })
    expect(refused.status).toBe(401)
    expect(refused.end).toContain('/console/sign-in?error=auth.user_inactive')
    const page = await refused.browser.ask(pathOf(refused.end))
    expect(page.text).toContain('This account is deactivated. Ask an admin.')
  })

  test('whom the provider refuses comes back to the page with words of ours', async () => {
    const refused = await signInAs(null)
    expect(refused.status).toBe(401)
    const page = await refused.browser.ask(pathOf(refused.end))
    expect(page.status).toBe(200)
    expect(page.text).toContain('The sign-in provider broke off.')
    expect(page.text).not.toContain('<b>no</b>')
  })
})

describe('settings of the sign-in', () => {
  test('oidcRoleClaim, oidcRoles: the claim decides the role, at each sign-in', async () => {
    await updateSettings(corral.context, {
      oidcRoleClaim: 'realm_access.roles',
      oidcRoles: { gpu: 'operator', boss: 'admin' },
    })
    const roles = (...names: string[]) => ({ realm_access: { roles: names } })
    const lin = { sub: 'lin-1', preferred_username: 'lin' }
    expect((await signInAs({ ...lin, ...roles('x', 'gpu') })).who?.role).toBe('operator')
    expect((await signInAs({ ...lin, ...roles('gpu', 'boss') })).who?.role).toBe('admin')
    expect((await signInAs({ ...lin, ...roles('x') })).who?.role).toBe('admin')
    await updateSettings(corral.context, { oidcRoleClaim: 'groups', oidcRoles: null })
    expect((await signInAs({ ...lin, groups: ['viewer'] })).who?.role).toBe('viewer')
    await updateSettings(corral.context, { oidcRoleClaim: null })
  })

  test('oidcDefaultRole: the role of somebody new, or nobody new', async () => {
    await updateSettings(corral.context, { oidcDefaultRole: 'viewer' })
    expect((await signInAs({ sub: 'new-1' })).who?.role).toBe('viewer')
    await updateSettings(corral.context, { oidcDefaultRole: 'none' })
    const refused = await signInAs({ sub: 'new-2' })
    expect(refused.end).toContain('error=auth.provider_refused&reason=no_role')
    const page = await refused.browser.ask(pathOf(refused.end))
    expect(page.text).toContain('no role here is meant for you')
    expect((await signInAs({ sub: 'new-1' })).status).toBe(200)
    await updateSettings(corral.context, { oidcDefaultRole: null })
  })

  test('oidcDomains: only a verified address of a domain comes in', async () => {
    await updateSettings(corral.context, { oidcDomains: ['team.example'] })
    const email = (address: string, verified = true) => ({
      sub: address,
      email: address,
      email_verified: verified,
    })
    expect((await signInAs(email('a@team.example'))).status).toBe(200)
    expect((await signInAs(email('b@team.example', false))).end).toContain('reason=unverified')
    expect((await signInAs(email('c@team.example.evil.test'))).end).toContain('reason=domain')
    await updateSettings(corral.context, { oidcDomains: null })
  })

  test('oidcIssuer, oidcClientId, oidcClientSecret: without one of them there is no provider', async () => {
    const offered = async () => {
      const page = await openBrowser({ url: corral.url }).ask('/console/sign-in')
      return page.text.includes('Sign in with')
    }
    expect(await offered()).toBe(true)
    for (const name of ['oidcIssuer', 'oidcClientId', 'oidcClientSecret']) {
      const before = { oidcIssuer: issuer, oidcClientId: 'corral', oidcClientSecret: secret }
      await updateSettings(corral.context, { [name]: null })
      expect(await offered(), name).toBe(false)
      await updateSettings(corral.context, before)
    }
    const stored = JSON.stringify(await corral.context.database.readSettings())
    expect(stored).not.toContain(secret)
  })

  test('brandTitle, brandLogo, brandAccent stand on the sign-in page', async () => {
    const logo = 'data:image/png;base64,iVBORw0KGgo='
    const brand = { brandTitle: 'Pasture', brandLogo: logo, brandAccent: 'teal' }
    await updateSettings(corral.context, brand)
    const { text } = await openBrowser({ url: corral.url }).ask('/console/sign-in')
    expect(text).toContain('Pasture')
    expect(text).toContain(logo)
    expect(text).toContain('data-accent="teal"')
  })
})

describe('AUTH_OIDC_ISSUER, AUTH_OIDC_CLIENT_ID, AUTH_OIDC_CLIENT_SECRET', () => {
  test('make a provider without any setting, and win over the settings', async () => {
    const ada = { sub: 'ada-1', preferred_username: 'ada' }
    expect((await signInAs(ada, { at: byEnvironment })).who).toMatchObject({ name: 'ada' })
    await updateSettings(byEnvironment.context, {
      oidcIssuer: 'https://other.example',
      oidcClientId: 'other',
      oidcClientSecret: 'other',
    })
    expect((await signInAs(ada, { at: byEnvironment })).status).toBe(200)
  })
})

function pathOf(address: string | null): string {
  const { pathname, search } = new URL(address ?? '/', 'http://none')
  return pathname + search
}

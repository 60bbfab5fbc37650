import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import { checkOidcProvider } from './check-oidc-provider'

let test: TestContext
let server: Server
let issuer: string
let document: unknown

beforeAll(async () => {
  test = await openTestContext()
  server = createServer((request, response) => {
    const isThere = request.url === '/.well-known/openid-configuration'
    response.statusCode = isThere ? 200 : 404
    response.end(typeof document === 'string' ? document : JSON.stringify(document))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await test.close()
})

const whole = () => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  code_challenge_methods_supported: ['S256'],
  claims_supported: ['sub', 'groups'],
})
async function check(address = issuer) {
  const signal = AbortSignal.timeout(10_000)
  return checkOidcProvider(test, address, { signal })
}

describe('checkOidcProvider', () => {
  it('finds nothing wrong with a provider that can be signed in with', async () => {
    document = whole()
    expect(await check()).toMatchObject({ problem: null, claims: ['sub', 'groups'] })
  })

  it('says in words what is wrong with one that cannot', async () => {
    document = { ...whole(), issuer: 'https://other.test' }
    expect((await check()).problem).toContain('calls itself https://other.test')
    document = { ...whole(), code_challenge_methods_supported: ['plain'] }
    expect((await check()).problem).toContain('PKCE')
    document = '<html>'
    expect((await check()).problem).toContain('no document of an OpenID provider')
    expect((await check(`${issuer}/nowhere`)).problem).toContain('answered 404')
    expect((await check('http://127.0.0.1:1')).problem).toContain('cannot be reached')
    document = `"${'x'.repeat(300_000)}"`
    expect((await check()).problem).toContain('more than 256 KiB')
  })
})

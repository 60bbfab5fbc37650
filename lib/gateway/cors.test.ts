import { expect, test } from 'vitest'
import type { GatewayRequest } from './contract'
import { checkOrigin, compileOrigins } from './cors'

function from(origin: string, host: string): GatewayRequest {
  const headers: Record<string, string> = { origin, host }
  return {
    method: 'POST',
    target: '/api/chat',
    httpVersion: '1.1',
    header: (name) => headers[name] ?? null,
    rawHeaders: [],
    peer: '127.0.0.1',
    secure: false,
    body: null,
    onGone: () => {},
  }
}

const keyed = compileOrigins(['http://localhost:*', 'app://*'], { keyed: true })
const open = compileOrigins(['http://localhost:*', 'app://*'], { keyed: false })

test('an origin that fits a pattern may call, any other may not', () => {
  expect(checkOrigin(from('http://localhost:3000', 'x'), keyed).kind).toBe('allowed')
  expect(checkOrigin(from('APP://obsidian.md', 'x'), keyed).kind).toBe('allowed')
  expect(checkOrigin(from('http://localhost.evil.com', 'x'), keyed).kind).toBe('foreign')
  expect(checkOrigin(from('https://evil.com', 'corral.lan:8080'), keyed).kind).toBe('foreign')
})

test('a page of our own host may call', () => {
  expect(checkOrigin(from('http://10.0.0.5:8080', '10.0.0.5:8080'), keyed).kind).toBe('allowed')
  expect(checkOrigin(from('http://corral.lan', 'corral.lan'), keyed).kind).toBe('allowed')
})

test('where no key is needed, a name that leads here is not believed to be ours', () => {
  expect(checkOrigin(from('http://evil.com:8080', 'evil.com:8080'), open).kind).toBe('foreign')
  expect(checkOrigin(from('http://10.0.0.5:8080', '10.0.0.5:8080'), open).kind).toBe('allowed')
  expect(checkOrigin(from('http://[::1]:8080', '[::1]:8080'), open).kind).toBe('allowed')
})

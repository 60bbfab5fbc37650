import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { gatewayPaths } from '@/lib/gateway/gateway-paths'

const folder = path.resolve(import.meta.dirname, '../../app/(gateway)')
const routeFiles = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => path.posix.basename(file) === 'route.ts')

test('the list of gateway paths is the list of route files, no more and no less', () => {
  const exact = gatewayPaths.exact.map((each) => `${each.slice(1)}/route.ts`.replace(/^\//, ''))
  const prefixes = gatewayPaths.prefixes.map((each) => `${each.slice(1)}/[...path]/route.ts`)
  expect(routeFiles.sort()).toEqual([...exact, ...prefixes].sort())
})

test('each route file hands every method to the one handler, on Node, for each request anew', () => {
  const [first = '', ...others] = routeFiles.map((file) =>
    readFileSync(path.join(folder, file), 'utf8'),
  )
  for (const other of others) expect(other).toBe(first)
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    expect(first).toContain(`answer as ${method},`)
  }
  expect(first).toContain("from '@/lib/gateway/next-door'")
  expect(first).toContain("runtime = 'nodejs'")
  expect(first).toContain("dynamic = 'force-dynamic'")
})

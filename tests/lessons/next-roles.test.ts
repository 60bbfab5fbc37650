import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureBuilt } from '../support/ensure-built'
import {
  type CorralProcess,
  removeDataFolder,
  startCorralProcess,
  statusOf,
} from '../support/start-corral-process'

const root = path.resolve(import.meta.dirname, '../..')
const command = ['node_modules/next/dist/bin/next', 'start']
let gateway: CorralProcess
let consoleOnly: CorralProcess

beforeAll(async () => {
  await ensureBuilt()
  const start = (role: string, more: Partial<Parameters<typeof startCorralProcess>[0]> = {}) =>
    startCorralProcess({ command, workingFolder: root, env: { CORRAL_ROLE: role }, ...more })
  gateway = await start('gateway')
  const { dataFolder } = gateway
  consoleOnly = await start('console', { dataFolder, joins: gateway })
}, 600_000)
afterAll(async () => {
  await consoleOnly?.kill()
  await gateway?.kill()
  if (gateway) removeDataFolder(gateway.dataFolder)
})

describe('CORRAL_ROLE through the Next door (L8)', () => {
  test('a gateway answers its own paths, and 404 where the console would be', async () => {
    expect(await statusOf(`${gateway.url}/healthz`)).toBe(200)
    expect(await statusOf(`${gateway.url}/api/version`)).toBe(401)
    for (const asked of ['/console', '/console/keys', '/auth/csrf']) {
      expect(await statusOf(gateway.url + asked), asked).toBe(404)
    }
    const bare = await fetch(gateway.url, { headers: { accept: 'text/html' } })
    expect(await bare.text()).toBe('Ollama is running')
  })

  test('a console says that it lives, and 404 where the gateway would be', async () => {
    expect(await statusOf(`${consoleOnly.url}/healthz`)).toBe(200)
    expect(await statusOf(`${consoleOnly.url}/console/sign-in`)).toBe(200)
    for (const asked of ['/api/version', '/v1/models', '/k/x/api/tags', '/readyz']) {
      expect(await statusOf(consoleOnly.url + asked), asked).toBe(404)
    }
  })
})

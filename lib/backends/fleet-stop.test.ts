import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = `
import net from 'node:net'
import { createFleet } from './lib/backends/fleet.ts'
import { settingDefinitions } from './lib/schemas/settings.ts'

const settings = Object.fromEntries(
  Object.entries(settingDefinitions).map(([name, { default: value }]) => [name, value]),
)
const silent = net.createServer((socket) => socket.on('error', () => {}))
silent.listen(0, '127.0.0.1', () => {
  const port = silent.address().port
  const fleet = createFleet({
    clock: { nowMs: Date.now, monotonicMs: () => performance.now() },
    random: Math.random,
  })
  const backends = ['http://127.0.0.1:' + port, 'http://127.0.0.1:9'].map((url, i) => ({
    id: 'b' + i, name: 'b' + i, kind: 'ollama', url, credential: null, hasCredential: false,
    priority: 1, weight: 1, maxMemoryGb: null, maxParallel: 4, labels: {}, operations: null,
    models: { allow: ['*'], deny: [] }, requestsPerMinute: null, healthMethod: 'GET',
    healthPath: '/', enabled: true, draining: false,
  }))
  fleet.update({ backends, settings })
  fleet.takeAttempt('b0', 'm')
  fleet.refreshCatalogue('b0')
  setTimeout(() => {
    fleet.update({ backends: backends.slice(1), settings })
    fleet.stop()
    silent.close()
    console.log('stopped')
  }, 300)
})
`

test('a process ends by itself once its fleet is stopped, open questions or not', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  let stoppedAtMs = 0
  child.stdout.once('data', () => {
    stoppedAtMs = performance.now()
  })
  const deadline = setTimeout(() => child.kill('SIGKILL'), 15_000)
  const code = await new Promise((resolve) => child.once('exit', resolve))
  clearTimeout(deadline)
  expect({ code, ...output }).toEqual({ code: 0, out: 'stopped\n', err: '' })
  // The bounded wait of a refresh is 5 s, a reading's is 10 s: none of them holds the process.
  expect(performance.now() - stoppedAtMs).toBeLessThan(4000)
})

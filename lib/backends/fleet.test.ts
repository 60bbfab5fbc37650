import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '@/lib/core/clock'
import type { CatalogueModel } from '@/lib/db/contract'
import type { BackendView } from '@/lib/routing/contract'
import type { Fleet, FleetBackend, FleetSettings, FleetUpdate, HealthChange } from './contract'
import { createFleet } from './fleet'

const settings: FleetSettings = {
  healthIntervalMs: 50,
  healthTimeoutMs: 400,
  healthDegradedMs: 200,
  healthDownAfter: 2,
  healthUpAfter: 2,
  circuitFailures: 5,
  circuitOpenMs: 30_000,
  catalogueIntervalMs: 600_000,
  loadedIntervalMs: 60_000,
  connectTimeoutMs: 1000,
}
/** The first check decides: a busy machine gets time for it. */
const rare = {
  ...settings,
  healthIntervalMs: 3_600_000,
  healthTimeoutMs: 8000,
  healthDegradedMs: 7000,
}

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

type Answers = Record<
  string,
  (response: http.ServerResponse, request: http.IncomingMessage) => void
>

async function startServer(answers: Answers, port = 0) {
  const seen: { path: string; method: string; headers: http.IncomingHttpHeaders }[] = []
  const server = http.createServer((request, response) => {
    const path = request.url ?? ''
    seen.push({ path, method: request.method ?? '', headers: request.headers })
    const answer = answers[path]
    if (answer) answer(response, request)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  endings.push(stop)
  const { port: taken } = server.address() as AddressInfo
  const count = (path: string) => seen.filter((one) => one.path === path).length
  return { url: `http://127.0.0.1:${taken}`, port: taken, seen, count, stop, answers }
}

const json = (value: unknown) => (response: http.ServerResponse) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(value))
}

function ollamaAnswers(): Answers {
  return {
    '/': (response) => response.end('Ollama is running'),
    '/api/tags': json({
      models: [{ name: 'Llama3', size: 4_000, digest: 'd', modified_at: '2026-01-01T00:00:00Z' }],
    }),
    '/api/ps': json({ models: [{ name: 'llama3:latest', size: 5_000, size_vram: 5_000 }] }),
    '/api/version': json({ version: '0.32.15' }),
  }
}

function backend(url: string, more: Partial<FleetBackend> = {}): FleetBackend {
  return {
    id: 'a',
    name: 'gpu-a',
    kind: 'ollama',
    url,
    credential: null,
    hasCredential: false,
    priority: 100,
    weight: 1,
    maxMemoryGb: null,
    maxParallel: 4,
    labels: {},
    operations: null,
    models: { allow: ['*'], deny: [] },
    requestsPerMinute: null,
    healthMethod: 'GET',
    healthPath: '/',
    enabled: true,
    draining: false,
    ...more,
  }
}

function startFleet(first: Partial<FleetUpdate> = {}) {
  const changes: HealthChange[] = []
  const catalogues: { id: string; models: CatalogueModel[] }[] = []
  const fleet = createFleet({
    clock: systemClock,
    random: Math.random,
    onHealthChange: (change) => changes.push(change),
    onCatalogue: (id, models) => catalogues.push({ id, models }),
  })
  endings.push(() => fleet.stop())
  fleet.update({ backends: [], settings, ...first })
  return { fleet, changes, catalogues }
}

function viewOf(fleet: Fleet, id = 'a'): BackendView {
  const view = fleet.views().find((one) => one.id === id)
  if (view === undefined) throw new Error(`no view of ${id}`)
  return view
}

const reportOf = (fleet: Fleet) => fleet.reports()[0]
const until = <T>(check: () => T) => vi.waitFor(check, { timeout: 8000, interval: 10 })
const untilHealth = (fleet: Fleet, health: string, id = 'a') =>
  until(() => expect(viewOf(fleet, id).health).toBe(health))

describe('health', () => {
  test('a backend is checked at once, and its models are read', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet, catalogues } = startFleet({ backends: [backend(server.url)], settings: rare })
    expect(viewOf(fleet).health).toBe('unknown')
    await untilHealth(fleet, 'healthy')
    await until(() => {
      expect(viewOf(fleet).catalogue?.get('llama3:latest')?.sizeBytes).toBe(4_000)
      expect(viewOf(fleet).loaded.get('llama3:latest')).toEqual({ sizeBytes: 5_000 })
      expect(reportOf(fleet)?.version).toBe('0.32.15')
    })
    expect(catalogues).toHaveLength(1)
    expect(fleet.loadedEntries()[0]?.entries[0]).toMatchObject({ name: 'llama3:latest' })
    expect(reportOf(fleet)).toMatchObject({ id: 'a', circuit: 'closed', downSinceMs: null })
  })

  test('a machine that is lost becomes unhealthy and is used again when it comes back', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet, changes } = startFleet({ backends: [backend(server.url)] })
    await untilHealth(fleet, 'healthy')
    await until(() => expect(viewOf(fleet).catalogue?.size).toBe(1))
    await server.stop()
    for (let i = 0; i < 50; i++) {
      fleet.takeAttempt('a', 'llama3').finish({ kind: 'failed', error: 'broke off the connection' })
    }
    expect(viewOf(fleet).circuitAllows).toBe(false)
    await untilHealth(fleet, 'unhealthy')
    await until(() => expect(reportOf(fleet)?.lastError).toBe('refused the connection'))
    expect(reportOf(fleet)?.downSinceMs).toBeGreaterThan(Date.now() - 10_000)
    expect(viewOf(fleet).catalogue?.size).toBe(1)
    expect(viewOf(fleet).loaded.size).toBe(0)
    await startServer(
      { ...ollamaAnswers(), '/api/tags': json({ models: [{ name: 'x' }, { name: 'y' }] }) },
      server.port,
    )
    await untilHealth(fleet, 'healthy')
    expect(viewOf(fleet).circuitAllows).toBe(true)
    await until(() => expect(viewOf(fleet).catalogue?.size).toBe(2))
    expect(reportOf(fleet)?.downSinceMs).toBeNull()
    expect(reportOf(fleet)?.downtimeTotalMs).toBeGreaterThan(0)
    expect(changes.map((change) => change.to)).toContain('unhealthy')
  })

  test('a machine that accepts and never answers is told in plain words, one question at a time', async () => {
    let asked = 0
    let open = 0
    let mostOpen = 0
    const silent = net.createServer((socket) => {
      let isCheck = false
      socket.on('error', () => {})
      socket.once('data', (head) => {
        isCheck = head.toString().startsWith('GET / ')
        if (!isCheck) return
        asked++
        mostOpen = Math.max(mostOpen, ++open)
      })
      socket.on('close', () => {
        if (isCheck) open--
      })
    })
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    endings.push(() => new Promise((resolve) => silent.close(resolve)))
    const { port } = silent.address() as AddressInfo
    const { fleet } = startFleet({
      backends: [backend(`http://127.0.0.1:${port}`)],
      settings: { ...settings, healthIntervalMs: 20, healthTimeoutMs: 250 },
    })
    await untilHealth(fleet, 'unhealthy')
    expect(reportOf(fleet)?.lastError).toBe('did not answer in 250 ms')
    await until(() => expect(asked).toBeGreaterThanOrEqual(5))
    // The server may see the next connection before the end of the last.
    expect(mostOpen).toBeLessThanOrEqual(2)
  })

  test('what is no HTTP or no TLS is told in plain words', async () => {
    const chatty = net.createServer((socket) => {
      socket.on('error', () => {}).resume()
      socket.end('220 mail ready\r\n')
    })
    await new Promise<void>((resolve) => chatty.listen(0, '127.0.0.1', resolve))
    endings.push(() => new Promise((resolve) => chatty.close(resolve)))
    const { port } = chatty.address() as AddressInfo
    const { fleet } = startFleet({
      backends: [
        backend(`http://127.0.0.1:${port}`),
        backend(`https://127.0.0.1:${port}`, { id: 'b' }),
      ],
      settings: rare,
    })
    await until(() =>
      expect(fleet.reports().map((one) => one.lastError)).toEqual([
        'did not answer in HTTP',
        'did not answer in TLS',
      ]),
    )
  })

  test('a 503 is a bad check, a redirect is not followed, a slow answer is degraded', async () => {
    const server = await startServer(ollamaAnswers())
    server.answers['/'] = (response) => response.writeHead(503).end()
    const { fleet } = startFleet({ backends: [backend(server.url)] })
    await untilHealth(fleet, 'unhealthy')
    expect(reportOf(fleet)?.lastError).toBe('answered 503')
    server.answers['/'] = (response) => response.writeHead(302, { location: '/elsewhere' }).end()
    await untilHealth(fleet, 'healthy')
    expect(server.count('/elsewhere')).toBe(0)
    server.answers['/'] = (response) => {
      setTimeout(() => response.end('Ollama is running'), 300)
    }
    await untilHealth(fleet, 'degraded')
    server.answers['/'] = (response) => response.end('Ollama is running')
    await untilHealth(fleet, 'healthy')
  })

  test('method and path of the check are the ones that were set, under the base path', async () => {
    const server = await startServer({ '/base/ready': (response) => response.end() })
    const { fleet } = startFleet({
      backends: [backend(`${server.url}/base/`, { healthMethod: 'HEAD', healthPath: '/ready' })],
    })
    await untilHealth(fleet, 'healthy')
    expect(server.seen.find((one) => one.path === '/base/ready')?.method).toBe('HEAD')
    expect(server.count('/base/api/tags')).toBeGreaterThan(0)
  })

  test('a failed request brings the check forward and counts with it', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet } = startFleet({ backends: [backend(server.url)], settings: rare })
    await untilHealth(fleet, 'healthy')
    await server.stop()
    let told = 0
    fleet.onUnhealthy('a', () => told++)
    fleet.takeAttempt('a', 'llama3').finish({ kind: 'failed', error: 'refused the connection' })
    await untilHealth(fleet, 'unhealthy')
    expect(told).toBe(1)
    expect(viewOf(fleet).health).toBe('unhealthy')
  })

  test('a request that succeeds on an unhealthy backend counts as a good check', async () => {
    const server = await startServer(ollamaAnswers())
    server.answers['/'] = (response) => response.writeHead(500).end()
    const { fleet } = startFleet({ backends: [backend(server.url)], settings: rare })
    await untilHealth(fleet, 'unhealthy')
    for (let i = 0; i < 2; i++) {
      fleet.takeAttempt('a', 'llama3').finish({ kind: 'answered', timeToFirstTokenMs: 5 })
    }
    expect(viewOf(fleet).health).toBe('healthy')
  })

  test('a drained backend stays watched, a disabled one is left alone', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet } = startFleet({ backends: [backend(server.url)] })
    await untilHealth(fleet, 'healthy')
    fleet.update({ backends: [backend(server.url, { draining: true })], settings })
    expect(viewOf(fleet).health).toBe('draining')
    const before = server.count('/')
    await until(() => expect(server.count('/')).toBeGreaterThan(before + 1))
    fleet.update({ backends: [backend(server.url, { enabled: false })], settings })
    expect(viewOf(fleet).health).toBe('disabled')
    fleet.update({ backends: [backend(server.url)], settings })
    expect(viewOf(fleet).health).toBe('healthy')
  })

  test('an OpenAI kind lives by any answer that is no refusal of the credential', async () => {
    const server = await startServer({
      '/v1/models': (response, request) =>
        request.headers.authorization === 'Bearer s3cret'
          ? json({ object: 'list', data: [{ id: 'gpt-x', created: 1_700_000_000 }, { id: 7 }] })(
              response,
            )
          : response.writeHead(401).end(),
    })
    const openai = backend(`${server.url}/v1`, { kind: 'openai', credential: 's3cret' })
    const { fleet } = startFleet({ backends: [openai] })
    await untilHealth(fleet, 'healthy')
    await until(() => expect(viewOf(fleet).catalogue?.has('gpt-x:latest')).toBe(true))
    expect(server.count('/api/tags') + server.count('/api/ps')).toBe(0)
    server.answers['/'] = (response) => response.writeHead(401).end()
    await untilHealth(fleet, 'unhealthy')
    expect(reportOf(fleet)?.lastError).toBe('answered 401')
  })

  test('an address that cannot be used is shown as down and breaks nothing', async () => {
    const { fleet } = startFleet({ backends: [backend('http://169.254.169.254/')] })
    await untilHealth(fleet, 'unhealthy')
    expect(reportOf(fleet)?.lastError).toBe('has an address that cannot be used')
  })
})

describe('attempts', () => {
  test('fifty requests after one poll are seen at once, by backend and by model', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet } = startFleet({ backends: [backend(server.url)], settings: rare })
    const view = viewOf(fleet)
    const leases = Array.from({ length: 50 }, (_, i) =>
      fleet.takeAttempt('a', i % 2 === 0 ? 'Llama3' : null),
    )
    expect(view.inFlight).toBe(50)
    expect(view.inFlightOfModel('llama3:latest')).toBe(25)
    for (const lease of leases) {
      lease.finish({ kind: 'neutral' })
      lease.finish({ kind: 'failed', error: 'twice' })
    }
    expect(view.inFlight).toBe(0)
    expect(view.inFlightOfModel('llama3:latest')).toBe(0)
    expect(view.circuitAllows).toBe(true)
  })

  test('a backend that answers 503 at once gets under 5 % of the traffic', async () => {
    const good = await startServer(ollamaAnswers())
    const hole = await startServer(ollamaAnswers())
    const { fleet } = startFleet({
      backends: [backend(good.url), backend(hole.url, { id: 'b', name: 'gpu-b' })],
    })
    await until(() =>
      expect(fleet.views().map((one) => one.health)).toEqual(['healthy', 'healthy']),
    )
    let atHole = 0
    for (let i = 0; i < 1000; i++) {
      const least = fleet
        .views()
        .filter((one) => one.circuitAllows)
        .sort((a, b) => b.id.localeCompare(a.id) || a.inFlight - b.inFlight)[0]
      const lease = fleet.takeAttempt(least?.id ?? '', 'llama3')
      if (least?.id === 'b') {
        atHole++
        lease.finish({ kind: 'failed', error: 'answered 503' })
      } else lease.finish({ kind: 'answered', timeToFirstTokenMs: 1 })
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(atHole).toBe(5)
    await until(() => expect(hole.count('/')).toBeGreaterThan(8))
    // Checks that go well do not close what traffic opened.
    expect(viewOf(fleet, 'b')).toMatchObject({ health: 'healthy', circuitAllows: false })
  })

  test('clients that hang up a hundred times change nothing', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet } = startFleet({ backends: [backend(server.url)], settings: rare })
    await untilHealth(fleet, 'healthy')
    for (let i = 0; i < 100; i++) fleet.takeAttempt('a', 'm').finish({ kind: 'neutral' })
    expect(viewOf(fleet)).toMatchObject({ health: 'healthy', circuitAllows: true })
    expect(server.count('/')).toBe(1)
  })

  test('an answer closes a half-open circuit when its header comes, not when its stream ends', async () => {
    const server = await startServer(ollamaAnswers())
    const quick = { ...rare, circuitOpenMs: 20 }
    const { fleet } = startFleet({ backends: [backend(server.url)], settings: quick })
    await untilHealth(fleet, 'healthy')
    const view = viewOf(fleet)
    for (let i = 0; i < 5; i++) {
      fleet.takeAttempt('a', null).finish({ kind: 'failed', error: 'answered 503' })
    }
    expect(view.circuitAllows).toBe(false)
    await until(() => expect(view.circuitAllows).toBe(true))
    const trial = fleet.takeAttempt('a', null)
    expect(view.circuitAllows).toBe(false)
    trial.noteAnswer()
    expect(view.circuitAllows).toBe(true)
    trial.finish({ kind: 'answered', timeToFirstTokenMs: null })
    expect(reportOf(fleet)?.circuit).toBe('closed')
  })

  test('out of memory opens only that pair', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet } = startFleet({ backends: [backend(server.url)], settings: rare })
    fleet.takeAttempt('a', 'Big').finish({ kind: 'out_of_memory', error: 'out of memory' })
    const view = viewOf(fleet)
    expect(view.circuitAllowsModel('big:latest')).toBe(false)
    expect(view.circuitAllowsModel('llama3:latest')).toBe(true)
    expect(view.circuitAllows).toBe(true)
  })

  test('requests a minute are bounded where that is set', async () => {
    const { fleet } = startFleet({
      backends: [backend('http://127.0.0.1:9', { requestsPerMinute: 3 })],
    })
    const view = viewOf(fleet)
    for (let i = 0; i < 3; i++) {
      expect(view.rateAllows).toBe(true)
      fleet.takeAttempt('a', null).finish({ kind: 'neutral' })
    }
    expect(view.rateAllows).toBe(false)
  })

  test('times are learned from traffic, the newest counts for a fifth', async () => {
    const { fleet } = startFleet({ backends: [backend('http://127.0.0.1:9')], settings: rare })
    const view = viewOf(fleet)
    expect(view.timeToFirstTokenMs).toBeNull()
    fleet.takeAttempt('a', null).finish({ kind: 'answered', timeToFirstTokenMs: 100 })
    fleet.takeAttempt('a', null).finish({ kind: 'answered', timeToFirstTokenMs: 200 })
    fleet.takeAttempt('a', null).finish({ kind: 'answered', timeToFirstTokenMs: null })
    expect(view.timeToFirstTokenMs).toBeCloseTo(120)
    expect(view.requestMs).not.toBeNull()
  })
})

describe('models', () => {
  test('a generation marks its model as loaded before the next poll', async () => {
    const server = await startServer({ ...ollamaAnswers(), '/api/ps': json({ models: [] }) })
    const { fleet } = startFleet({ backends: [backend(server.url)], settings: rare })
    await untilHealth(fleet, 'healthy')
    await until(() => expect(viewOf(fleet).catalogue?.size).toBe(1))
    server.answers['/api/ps'] = () => {}
    fleet.takeAttempt('a', 'LLAMA3').finish({ kind: 'answered', timeToFirstTokenMs: 10 })
    expect(viewOf(fleet).loaded.get('llama3:latest')).toEqual({ sizeBytes: 4_000 })
  })

  test('a reading that fails, is no JSON, or has no end keeps the last good catalogue', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet, catalogues } = startFleet({ backends: [backend(server.url)], settings: rare })
    await until(() => expect(viewOf(fleet).catalogue?.size).toBe(1))
    const errors: unknown[] = []
    const bad: Answers[string][] = [
      (response) => response.writeHead(500).end(),
      (response) => response.end('<html>'),
      (response) => {
        const junk = Buffer.alloc(1024 * 1024, ' ')
        const write = () => {
          while (!response.destroyed && response.write(junk));
        }
        response.on('drain', write)
        write()
      },
    ]
    for (const answer of bad) {
      server.answers['/api/tags'] = answer
      await fleet.refreshCatalogue('a')
      expect(viewOf(fleet).catalogue?.size).toBe(1)
      errors.push(reportOf(fleet)?.lastError)
    }
    expect(errors).toEqual([
      'answered 500 to /api/tags',
      'did not answer in JSON to /api/tags',
      'sent more than 33554432 bytes',
    ])
    expect(server.count('/api/tags')).toBe(4)
    expect(catalogues).toHaveLength(1)
  })

  test('forced refreshes are joined, and one that follows a change sees it', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet } = startFleet({ backends: [backend(server.url)], settings: rare })
    await until(() => expect(viewOf(fleet).catalogue?.size).toBe(1))
    await Promise.all(Array.from({ length: 100 }, () => fleet.refreshCatalogue()))
    expect(server.count('/api/tags')).toBe(1)
    server.answers['/api/tags'] = json({ models: [{ name: 'new' }] })
    const pulled = fleet.refreshCatalogue('a')
    await Promise.all([pulled, ...Array.from({ length: 100 }, () => fleet.refreshCatalogue())])
    expect(viewOf(fleet).catalogue?.has('new:latest')).toBe(true)
    expect(server.count('/api/tags')).toBe(2)
  })

  test('a forced refresh does not wait for a backend that is down', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet } = startFleet({
      backends: [backend(server.url), backend('http://127.0.0.1:9', { id: 'b', name: 'b' })],
    })
    await untilHealth(fleet, 'unhealthy', 'b')
    await fleet.refreshCatalogue()
    expect(viewOf(fleet).catalogue?.size).toBe(1)
  })

  test('loaded models are read often while a backend is busy and seldom while it is not', async () => {
    const server = await startServer(ollamaAnswers())
    const busy = { ...rare, loadedIntervalMs: 30 }
    const { fleet } = startFleet({ backends: [backend(server.url)], settings: busy })
    await until(() => expect(server.count('/api/tags')).toBe(1))
    await until(() => expect(viewOf(fleet).loaded.size).toBe(1))
    expect(server.count('/api/ps')).toBe(1)
    const lease = fleet.takeAttempt('a', null)
    await until(() => expect(server.count('/api/ps')).toBeGreaterThanOrEqual(3))
    lease.finish({ kind: 'neutral' })
  })

  test('what an earlier process read serves until the first reading', async () => {
    const model: CatalogueModel = {
      name: 'Old',
      digest: null,
      sizeBytes: 1,
      modifiedAt: null,
      capabilities: null,
      entry: { name: 'Old' },
    }
    const { fleet } = startFleet({
      backends: [backend('http://127.0.0.1:9')],
      catalogues: new Map([['a', [model]]]),
    })
    await untilHealth(fleet, 'unhealthy')
    expect(viewOf(fleet).catalogue?.get('old:latest')).toEqual(model)
  })
})

describe('changes while it runs', () => {
  test('a renamed backend keeps what is known of it, another address starts over', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet } = startFleet({ backends: [backend(server.url)], settings: rare })
    await untilHealth(fleet, 'healthy')
    await until(() => expect(viewOf(fleet).catalogue?.size).toBe(1))
    const view = viewOf(fleet)
    const lease = fleet.takeAttempt('a', 'llama3')
    fleet.update({ backends: [backend(server.url, { name: 'new', weight: 7 })], settings: rare })
    expect(viewOf(fleet)).toBe(view)
    expect(view).toMatchObject({ name: 'new', weight: 7, health: 'healthy', inFlight: 1 })
    fleet.update({ backends: [backend('http://127.0.0.1:9')], settings: rare })
    expect(view).toMatchObject({ health: 'unknown', catalogue: null, inFlight: 1 })
    await untilHealth(fleet, 'unhealthy')
    // The old machine's answer says nothing about the new one.
    lease.finish({ kind: 'answered', timeToFirstTokenMs: 5 })
    expect(view).toMatchObject({ health: 'unhealthy', inFlight: 0, timeToFirstTokenMs: null })
    expect(fleet.find('a')?.url).toBe('http://127.0.0.1:9')
  })

  test('a backend that is removed while it works is watched until its last request ends', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet } = startFleet({ backends: [backend(server.url)] })
    await untilHealth(fleet, 'healthy')
    const lease = fleet.takeAttempt('a', 'llama3')
    let told = 0
    fleet.onUnhealthy('a', () => told++)
    fleet.update({ backends: [], settings })
    expect(fleet.views()).toEqual([])
    expect(fleet.find('a')).toBeNull()
    await server.stop()
    await until(() => expect(told).toBe(1))
    lease.finish({ kind: 'failed', error: 'broke off the connection' })
    lease.finish({ kind: 'neutral' })
    expect(fleet.views()).toEqual([])
    fleet.takeAttempt('a', 'llama3').finish({ kind: 'neutral' })
  })

  test('probes carry the credential and nothing of a client', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet } = startFleet({ backends: [backend(server.url, { credential: 'tok' })] })
    await until(() => expect(viewOf(fleet).catalogue?.size).toBe(1))
    for (const { headers } of server.seen) {
      expect(Object.keys(headers).sort()).toEqual(
        ['accept', 'authorization', 'connection', 'host', 'user-agent'].sort(),
      )
      expect(headers.authorization).toBe('Bearer tok')
    }
  })

  test('a shorter interval holds at once', async () => {
    const server = await startServer(ollamaAnswers())
    const { fleet } = startFleet({ backends: [backend(server.url)], settings: rare })
    await untilHealth(fleet, 'healthy')
    fleet.update({ backends: [backend(server.url)], settings })
    await until(() => expect(server.count('/')).toBeGreaterThan(3))
  })
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NodeReport } from '@/lib/db/contract'
import { type FiguresContext, openFiguresContext } from '@/tests/admin/open-figures-context'
import { createTestDatabases } from '@/tests/support/test-databases'
import { updateBackend } from './backends'
import { healthInWords } from './health-in-words'
import { readMemoryShelf } from './memory-shelf'
import { editServer, findServerPage, lastChangeOf, readServersPage, testServer } from './servers'

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`servers on ${engine}`, () => {
    const nowMs = Date.UTC(2026, 9, 26, 12, 7, 30)
    let test: FiguresContext

    beforeAll(async () => {
      test = await openFiguresContext({ url: url ?? '', nowMs })
      const { big, small } = test.backendIds
      const large = ['llama3.3:70b', 'mistral:7b', 'qwen3:32b'].map((name) => model(name, 42e9))
      await test.database.replaceCatalogue(big, [...large, model('phi4:14b', 9e9)], nowMs)
      await test.database.replaceCatalogue(small, [model('gemma3:4b', 3e9)], nowMs)
      await test.database.writeNodeReport(report(test, nowMs))
    })
    afterAll(() => test?.close())

    it('tells of each what its gateways say, and how the day went', async () => {
      const { servers, gateways } = await readServersPage(test)
      expect(gateways).toBe(1)
      expect(servers).toMatchObject([
        { name: 'big', health: 'healthy', modelCount: 4, loadedCount: 2, inFlight: 1 },
        { name: 'small', health: 'unhealthy', lastError: 'refused the connection' },
      ])
      expect(servers[0]?.uptime.parts).toHaveLength(48)
      expect(servers[0]?.uptime.upShare).toBe(1)
      expect(servers[1]?.uptime.downMs).toBe(240_000)
      const page = await findServerPage(test, test.backendIds.big)
      expect(page?.models[0]).toMatchObject({ name: 'llama3.3:70b', loaded: true })
      expect(page?.changes.map((row) => row.action)).toEqual(['backend.create'])
      expect(await findServerPage(test, 'none')).toBeNull()
    })

    it('tells what still holds, and until when what a gateway said that is gone', async () => {
      const { big, small } = test.backendIds
      const gone = { ...report(test, nowMs), id: 'node-0', seenAtMs: nowMs - 600_000 }
      await test.database.writeNodeReport({
        ...gone,
        backends: gone.backends.map((one) => ({ ...one, sinceMs: nowMs - 3_600_000 })),
      })
      const history = (await findServerPage(test, small))?.history
      expect(history).toMatchObject([
        { nodeId: 'node-1', health: 'unhealthy', isCurrent: true, untilMs: null },
        { nodeId: 'node-0', isCurrent: false, untilMs: nowMs - 600_000 },
      ])
      expect((await findServerPage(test, big))?.history).toHaveLength(2)
    })

    it('shows where a model would land, and what it would push out', async () => {
      const { shelves, landings } = await readMemoryShelf(test)
      const big = shelves.find(({ name }) => name === 'big')
      expect(big).toMatchObject({ capacityBytes: 80e9, usedBytes: 52e9 })
      expect(big?.blocks).toMatchObject([
        { model: 'llama3.3:70b', cpuShare: 0.25, inFlight: 1 },
        { model: 'mistral:7b', isKept: true, expiresAtMs: null },
      ])
      const landing = (name: string) => landings.find((one) => one.model === name)
      expect(landing('llama3.3:70b')).toMatchObject({ addsBytes: 0, pushesOut: [] })
      expect(landing('phi4:14b')).toMatchObject({ addsBytes: 9e9, pushesOut: [] })
      // The idle one goes first, although it is kept: the other is at work.
      expect(landing('qwen3:32b')?.pushesOut).toEqual(['mistral:7b', 'llama3.3:70b'])
      expect(landing('qwen3:32b')?.words).toMatch(/once llama3.3:70b has finished its work/)
      expect(landing('gemma3:4b')?.words).toMatch(/served by nobody now/)
    })

    it('refuses an edit that meets a change of somebody else, and says whose', async () => {
      const { big } = test.backendIds
      const before = { priority: 100, weight: 1, labels: {} }
      await updateBackend(test, 'big', { priority: 5 })
      const edit = editServer(test, big, { change: { weight: 3 }, before })
      await expect(edit).rejects.toMatchObject({ code: 'admin.changed_meanwhile' })
      const { backend, by } = await lastChangeOf(test, big)
      expect(backend).toMatchObject({ priority: 5, weight: 1 })
      expect(by).toBe('operator')
      await editServer(test, big, { change: { weight: 3 }, before: { ...before, priority: 5 } })
      const after = (await lastChangeOf(test, big)).backend
      expect(after).toMatchObject({ priority: 5, weight: 3 })
    })

    it('counts in the health of the whole only servers that are wanted', async () => {
      await updateBackend(test, 'small', { enabled: false })
      expect(await healthInWords(test)).toEqual({ state: 'ok', words: '1 server well', down: 0 })
      await updateBackend(test, 'small', { enabled: true })
    })

    it('sends a stored credential to no address but its own', async () => {
      const [own, other] = await Promise.all([listen(), listen()])
      try {
        const { small } = test.backendIds
        await updateBackend(test, 'small', { url: own.url, credential: 's3cret' })
        const options = { timeoutMs: 2000, signal: AbortSignal.timeout(10_000) }
        const ask = (url: string) => testServer(test, { url, kind: 'ollama', id: small }, options)
        expect((await ask(own.url)).problem).toBeNull()
        expect((await ask(other.url)).problem).toBeNull()
        expect(new Set(own.sent)).toEqual(new Set(['Bearer s3cret']))
        expect(new Set(other.sent)).toEqual(new Set([undefined]))
      } finally {
        own.stop()
        other.stop()
      }
    })
  })
}

/** What an Ollama answers to a test, and which credential it was sent. */
async function listen(): Promise<{ url: string; sent: (string | undefined)[]; stop(): void }> {
  const sent: (string | undefined)[] = []
  const server = createServer((incoming, outgoing) => {
    sent.push(incoming.headers.authorization)
    outgoing.setHeader('Content-Type', 'application/json')
    outgoing.end('{"version":"0.32.15","models":[]}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}`, sent, stop: () => void server.close() }
}

function model(name: string, sizeBytes: number) {
  const capabilities = ['completion']
  return { name, digest: null, sizeBytes, modifiedAt: null, capabilities, entry: {} }
}

function report({ backendIds }: FiguresContext, nowMs: number): NodeReport {
  const backend = {
    sinceMs: nowMs - 30 * 3_600_000,
    downSinceMs: null,
    downtimeTotalMs: 0,
    latencyMs: 12,
    lastError: null,
    version: '0.32.15',
    inFlight: 0,
    circuit: 'closed' as const,
    loaded: [],
  }
  return {
    id: 'node-1',
    role: 'all',
    version: '0.1.0',
    startedAtMs: nowMs - 30 * 3_600_000,
    seenAtMs: nowMs - 500,
    inFlight: 1,
    journalLagRecords: 0,
    eventLoopDelayMs: 0,
    backends: [
      {
        ...backend,
        id: backendIds.big,
        health: 'healthy',
        inFlight: 1,
        loaded: [
          {
            name: 'llama3.3:70b',
            sizeBytes: 42e9,
            sizeVramBytes: 31.5e9,
            expiresAt: new Date(nowMs + 60_000).toISOString(),
            contextLength: 8192,
          },
          {
            name: 'mistral:7b',
            sizeBytes: 10e9,
            sizeVramBytes: 10e9,
            expiresAt: '2318-11-21T12:00:00Z',
            contextLength: null,
          },
        ],
      },
      {
        ...backend,
        id: backendIds.small,
        health: 'unhealthy',
        sinceMs: nowMs - 240_000,
        downSinceMs: nowMs - 240_000,
        latencyMs: null,
        lastError: 'refused the connection',
      },
    ],
    exchanges: [
      {
        id: 'req_1',
        startedAtMs: nowMs - 3000,
        keyId: null,
        keyName: null,
        userId: null,
        model: 'llama3.3:70b',
        backendName: 'big',
        operation: 'chat',
        state: 'streaming',
      },
    ],
  }
}

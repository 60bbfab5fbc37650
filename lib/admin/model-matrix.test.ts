import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackendReport, CatalogueModel } from '@/lib/db/contract'
import { parseFilters } from '@/lib/ui/filters'
import { modelFilterFields } from '@/lib/ui/model-list'
import { type FiguresContext, openFiguresContext } from '@/tests/admin/open-figures-context'
import { createTestDatabases } from '@/tests/support/test-databases'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { updateBackend } from './backends'
import { createModelJob } from './model-jobs'
import { listModelFilterValues, readModelMatrix } from './model-matrix'
import { findModelPage } from './models-page'
import { listRequests, requestFilterFields } from './requests'
import { searchAnything } from './search-anything'
import { showModel } from './show-model'
import { usageReport } from './usage-report'

const dayMs = 86_400_000
const nowMs = Date.UTC(2026, 9, 26, 12, 7, 30)
const all = { filters: [], sort: null, limit: 100 }

for (const { engine, url } of await createTestDatabases()) {
  describe.skipIf(url === null)(`the models on ${engine}`, () => {
    let test: FiguresContext

    beforeAll(async () => {
      test = await openFiguresContext({ url: url ?? '', nowMs })
      const { big, small } = test.backendIds
      await test.database.replaceCatalogue(
        big,
        [model('Llama3.3:70B', 42e9, 'aa'), model('qwen3:8b', 5e9, 'bb')],
        1,
      )
      await test.database.replaceCatalogue(
        small,
        [model('qwen3:8b', 5e9, 'cc', '2020-01-01'), model('mistral', 4e9, 'dd')],
        1,
      )
      const served = (modelServed: string, backendId: string, startedAtMs = nowMs - 3_600_000) =>
        makeUsageRecord({ modelServed, backendId, backendName: backendId, startedAtMs })
      await test.ingest([
        served('qwen3:8b', big),
        served('qwen3:8b', big),
        served('QWEN3:8b', small),
        served('mistral', small, nowMs - 50 * dayMs),
      ])
      await test.database.writeNodeReport({
        id: 'node-1',
        role: 'all',
        version: '1',
        startedAtMs: nowMs,
        seenAtMs: nowMs,
        inFlight: 0,
        journalLagRecords: 0,
        eventLoopDelayMs: 0,
        backends: [loadedOn(big, 'qwen3:8b')],
      })
    })
    afterAll(() => test?.close())

    it('shows equal names as one row, with a cell of each server in their order', async () => {
      const { servers, rows } = await readModelMatrix(test, all)
      const at = (name: string) => servers.findIndex((server) => server.name === name)
      expect(rows.map((row) => row.name)).toEqual(['Llama3.3:70B', 'mistral', 'qwen3:8b'])
      const [llama, mistral, qwen] = rows
      expect(llama?.cells[at('small')]).toBeNull()
      expect(mistral?.quantisation).toBe('Q4_K_M')
      expect(qwen?.cells[at('big')]?.loaded).toMatchObject({ cpuShare: 0.25, isKept: false })
      expect(qwen?.cells[at('small')]?.loaded).toBeNull()
    })

    it('says which copy is another than the newest where no digest is in the majority', async () => {
      const { servers, rows } = await readModelMatrix(test, all)
      const cells = rows.find((row) => row.id === 'qwen3:8b')?.cells ?? []
      expect(cells.map((cell) => cell?.differs)).toEqual(
        servers.map((server) => server.name === 'small'),
      )
    })

    it('counts use as corral usage does, and tells earlier use from none', async () => {
      const { servers, rows } = await readModelMatrix(test, all)
      const report = await usageReport(test, {
        by: 'model',
        sinceMs: nowMs - 30 * dayMs,
        untilMs: nowMs,
      })
      const ofQwen = report.rows.filter((row) => row.group.toLowerCase() === 'qwen3:8b')
      const qwen = rows.find((row) => row.id === 'qwen3:8b')
      expect(qwen?.requests30d).toBe(ofQwen.reduce((sum, row) => sum + row.requests, 0))
      expect(qwen?.requests30d).toBe(3)
      expect(qwen?.cells[servers.findIndex((one) => one.name === 'big')]?.requests30d).toBe(2)
      expect(rows.map((row) => row.use)).toEqual(['never', 'earlier', '30d'])
    })

    it('leads to the rows that it counts, by each spelling that clients use', async () => {
      const page = await findModelPage(test, 'qwen3:8b')
      const [found] = (await searchAnything(test, 'qwen3')).filter(({ kind }) => kind === 'model')
      const asked = new URLSearchParams(found?.actions[0]?.href.split('?')[1])
      const [filter] = parseFilters(asked, requestFilterFields)
      expect(filter?.values).toEqual(page?.spellings)
      const rows = await listRequests(test, { is: { modelServed: page?.spellings ?? [] } })
      expect(rows.rows).toHaveLength(page?.usage.requests ?? 0)
      expect(rows.rows).toHaveLength(3)
    })

    it('tells what a model did in the 30 days before', async () => {
      const page = await findModelPage(test, 'mistral')
      expect(page?.usage).toMatchObject({ requests: 0, before: { requests: 1, failed: 0 } })
    })

    it('filters, sorts, and counts the values of a filter under the others', async () => {
      const filters = parseFilters(new URLSearchParams('state=differs'), modelFilterFields)
      const found = await readModelMatrix(test, { ...all, filters })
      expect(found.rows.map((row) => row.id)).toEqual(['qwen3:8b'])
      expect(found).toMatchObject({ count: 1, total: 3 })
      const bySize = await readModelMatrix(test, {
        ...all,
        sort: { column: 'size', isDescending: true },
      })
      expect(bySize.rows.map((row) => row.sizeBytes)).toEqual([42e9, 5e9, 4e9])
      const servers = await listModelFilterValues(test, 'server', { filters: [] })
      expect(servers).toEqual([
        { value: 'big', label: 'big', count: 2 },
        { value: 'small', label: 'small', count: 2 },
      ])
    })

    it('has a row for a model that no server has yet and one pulls', async () => {
      await createModelJob(test, {
        kind: 'pull',
        model: 'gemma3:27b',
        backendIds: [test.backendIds.big],
      })
      const { rows } = await readModelMatrix(test, all)
      const pulled = rows.find((row) => row.id === 'gemma3:27b')
      expect(pulled?.cells.filter((cell) => cell?.pull && cell.copy === null)).toHaveLength(1)
    })

    it('asks a server for the card of a model, and says in words why there is none', async () => {
      const { big } = test.backendIds
      const signal = AbortSignal.timeout(10_000)
      const asked = { model: 'qwen3:8b', backendId: big, signal }
      const server = createServer((request, response) => {
        let body = ''
        request.on('data', (bytes) => {
          body += bytes
        })
        request.on('end', () => {
          const { model } = JSON.parse(body)
          const info = { 'general.architecture': 'qwen3', 'tokenizer.ggml.tokens': ['a'] }
          response.end(JSON.stringify({ template: `<b>${model}</b>`, model_info: info }))
        })
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      await updateBackend(test, 'big', { url: `http://127.0.0.1:${port}` })
      const { card } = await showModel(test, asked)
      expect(card).toMatchObject({ server: 'big', template: '<b>qwen3:8b</b>', license: null })
      expect(card?.info).toEqual({ 'general.architecture': 'qwen3' })
      await new Promise((resolve) => server.close(resolve))
      const gone = await showModel(test, asked)
      expect(gone.problem).toMatch(/^big refused the connection/)
      await expect(showModel(test, { model: 'none', signal })).rejects.toMatchObject({
        code: 'admin.not_found',
      })
    })

    it('shows nothing of it to a member', async () => {
      const member = test.asUser(test.ana)
      const refused = { code: 'admin.forbidden' }
      await expect(readModelMatrix(member, all)).rejects.toMatchObject(refused)
      const signal = AbortSignal.timeout(1000)
      await expect(showModel(member, { model: 'mistral', signal })).rejects.toMatchObject(refused)
    })
  })
}

function model(name: string, sizeBytes: number, digest: string, modifiedAt = '2026-01-01') {
  const details = { family: 'llama', quantization_level: 'Q4_K_M', context_length: 32_768 }
  const entry = { name, details }
  const found: CatalogueModel = {
    name,
    digest,
    sizeBytes,
    modifiedAt,
    capabilities: ['completion'],
    entry,
  }
  return found
}

function loadedOn(id: string, name: string): BackendReport {
  return {
    id,
    health: 'healthy',
    sinceMs: 1,
    downSinceMs: null,
    downtimeTotalMs: 0,
    latencyMs: 3,
    lastError: null,
    version: '0.32.15',
    inFlight: 0,
    circuit: 'closed',
    loaded: [
      {
        name,
        sizeBytes: 8e9,
        sizeVramBytes: 6e9,
        expiresAt: new Date(nowMs + 60_000).toISOString(),
        contextLength: 4096,
      },
    ],
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type AdminContext, commandLineOperator } from '@/lib/admin/actor'
import { createBackend } from '@/lib/admin/backends'
import { createKey, type KeyFields } from '@/lib/admin/keys'
import { updateSettings } from '@/lib/admin/settings'
import { createUser } from '@/lib/admin/users'
import { systemClock } from '@/lib/core/clock'
import { deriveSealKey } from '@/lib/core/seal'
import type { Database } from '@/lib/db/contract'
import { openDatabase } from '@/lib/db/open-database'
import type { Gateway } from '@/lib/gateway/gateway'
import { startGateway } from '@/lib/gateway/start-gateway'
import type { Settings } from '@/lib/schemas/settings'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { settingDefaults } from '@/lib/settings/parse-settings'
import { serveRequests, serverOptions } from '@/server/serve-requests'
import { waitFor } from './wait-for'

export type TestGateway = {
  url: string
  port: number
  /** A key of an admin, with every permission but `admin` itself. */
  key: string
  gateway: Gateway
  database: Database
  context: AdminContext
  dataFolder: string
  addBackend(url: string, fields?: Record<string, unknown>): Promise<string>
  addKey(fields?: KeyFields & { owner?: string }): Promise<string>
  set(settings: Partial<Settings>): Promise<void>
  /** Waits until the running gateway has taken everything that was changed so far. */
  settled(): Promise<void>
  /** Waits until a record fits, and gives every record of this gateway, oldest first. */
  records(fits?: (records: UsageRecord[]) => boolean): Promise<UsageRecord[]>
  stop(): Promise<void>
}

/** A whole gateway on a real socket and a real SQLite file, in this process: the `server.ts` door. */
export async function startTestGateway(
  options: { backends?: string[]; settings?: Partial<Settings>; trustedProxies?: string[] } = {},
): Promise<TestGateway> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'corral-test-'))
  const database = await openDatabase({ url: `file:${path.join(dataFolder, 'corral.db')}` })
  await database.migrate()
  await database.ensureDefaultFrontend()
  const sealKey = deriveSealKey('a secret of tests, long enough to be one')
  const context: AdminContext = {
    database,
    actor: commandLineOperator,
    clock: systemClock,
    sealKey,
  }
  await createUser(context, { name: 'admin', role: 'admin', password: 'a long test password' })
  const settings = { rateLimitRequests: 0, ...options.settings }
  await updateSettings(context, settings)
  const names: string[] = []
  const addBackend = async (url: string, fields: Record<string, unknown> = {}) => {
    const name = String(fields.name ?? `gpu-${names.length + 1}`)
    names.push(name)
    await createBackend(context, { name, url, ...fields })
    return name
  }
  for (const url of options.backends ?? []) await addBackend(url)
  const addKey = async ({ owner = 'admin', ...fields }: KeyFields & { owner?: string } = {}) => {
    const made = await createKey(context, { owner, name: `key-${Math.random()}`, ...fields })
    return made.token
  }
  const key = await addKey({
    name: 'main',
    permissions: ['inference', 'embeddings', 'models:read', 'models:manage', 'backend:pin'],
  })
  const started = await startGateway({
    database,
    sealKey,
    dataFolder,
    trustedProxies: options.trustedProxies ?? [],
    defaults: settingDefaults,
    version: 'test',
    role: 'all',
  })
  const { gateway } = started
  const server = createServer(serverOptions)
  const door = serveRequests(server, { trustedProxies: options.trustedProxies ?? [] })
  door.open(gateway, { address: () => null, stop: async () => {} })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await waitFor(() => gateway.fleet.views().every((view) => view.health !== 'unknown'))

  const settled = async () => {
    const { config } = await database.readRevision()
    await waitFor(() => (gateway.snapshot?.revision.config ?? -1) >= config)
    await waitFor(() => gateway.fleet.views().every((view) => view.health !== 'unknown'))
  }

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    key,
    gateway,
    database,
    context,
    dataFolder,
    async addBackend(url, fields) {
      const name = await addBackend(url, fields)
      await settled()
      return name
    },
    addKey,
    async set(change) {
      await updateSettings(context, change)
      await settled()
    },
    settled,
    async records(fits = (records) => records.length > 0) {
      let records: UsageRecord[] = []
      await waitFor(async () => {
        records = (await database.listUsageRecords({ limit: 1000 })).reverse()
        return fits(records)
      })
      return records
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await started.stop()
      await database.close()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

import { log, setLogLevel } from '@/lib/core/log'
import type { SealKey } from '@/lib/core/seal'
import { waitUnlessAborted } from '@/lib/core/wait-unless-aborted'
import type { CatalogueModel, Database, GatewayConfig, Revision } from '@/lib/db/contract'
import type { Settings } from '@/lib/schemas/settings'
import { parseSettings } from '@/lib/settings/parse-settings'
import { stopExchange } from './exchange'
import type { Gateway } from './gateway'
import { makeSnapshot, openBackends } from './snapshot'

type Options = {
  database: Database
  sealKey: SealKey
  defaults: Settings
  signal: AbortSignal
}

/** A change is seen within a second: half of it is the poll, the rest is room. */
const pollMs = 400

/**
 * Reads the configuration, then polls the one small revision row and takes a new snapshot when it
 * has risen. What people want stopped comes with it. A lost database leaves the last snapshot in force.
 */
export async function followConfig(
  gateway: Gateway,
  options: Options,
): Promise<{ stopped: Promise<void> }> {
  const catalogues = await readCatalogues(options.database)
  takeConfig(gateway, options, await options.database.readGatewayConfig(), catalogues)
  return { stopped: poll(gateway, options) }
}

async function poll(gateway: Gateway, options: Options): Promise<void> {
  let seen: Revision = gateway.snapshot?.revision ?? { config: -1, keys: -1 }
  while (await waitUnlessAborted(pollMs, options.signal)) {
    try {
      const changes = await options.database.readChanges()
      const revision = { config: changes.config, keys: changes.keys }
      if (revision.keys !== seen.keys) gateway.authenticator.forget()
      if (revision.config !== seen.config) {
        takeConfig(gateway, options, await options.database.readGatewayConfig())
      }
      seen = revision
      gateway.openModelJobs = changes.openModelJobs
      stopAsked(gateway, changes.stops)
      noteDatabase(gateway, null)
    } catch (error) {
      noteDatabase(gateway, error)
    }
  }
}

/** Another node may hold them; an id that nobody holds is of a request that has ended. */
function stopAsked(gateway: Gateway, ids: readonly string[]): void {
  if (ids.length === 0) return
  const asked = new Set(ids)
  const found = [...gateway.exchanges].filter((exchange) => asked.has(exchange.id))
  for (const exchange of found) stopExchange(exchange)
}

function takeConfig(
  gateway: Gateway,
  options: Options,
  config: GatewayConfig,
  catalogues?: ReadonlyMap<string, readonly CatalogueModel[]>,
): void {
  const backends = openBackends(config.backends, options.sealKey)
  const before = gateway.snapshot?.settings
  const settings = parseSettings(config.settings, options.defaults)
  gateway.fleet.update({ backends, settings, ...(catalogues && { catalogues }) })
  const snapshot = makeSnapshot({ config, settings, backends, views: gateway.fleet.views() })
  gateway.dialer.update({
    origins: [...snapshot.targets.values()].map((target) => target.origin),
    connectTimeoutMs: settings.connectTimeoutMs,
  })
  if (before?.logLevel !== settings.logLevel) setLogLevel(settings.logLevel)
  gateway.snapshot = snapshot
}

async function readCatalogues(
  database: Database,
): Promise<ReadonlyMap<string, readonly CatalogueModel[]>> {
  const rows = await database.listCatalogue()
  return new Map(rows.map((row) => [row.backendId, row.models]))
}

function noteDatabase(gateway: Gateway, error: unknown): void {
  const lost = error !== null
  if (lost === gateway.databaseLost) return
  gateway.databaseLost = lost
  if (lost) log.error({ err: error }, 'the database is lost: the last configuration stays in force')
  else log.info('the database is back')
}

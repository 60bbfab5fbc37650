import path from 'node:path'
import { log } from '@/lib/core/log'
import type { SealKey } from '@/lib/core/seal'
import type { Database } from '@/lib/db/contract'
import type { Settings } from '@/lib/schemas/settings'
import { startIngest } from '@/lib/usage/ingest'
import { startPruning } from '@/lib/usage/prune'
import { startStoringContent } from '@/lib/usage/store-content'
import { followConfig } from './follow-config'
import { type Gateway, setTheGateway } from './gateway'
import { startHeartbeat } from './heartbeat'
import { makeGateway } from './make-gateway'
import { startModelJobs } from './model-jobs'

export type GatewayOptions = {
  database: Database
  /** Under which credentials of backends are sealed. */
  sealKey: SealKey
  dataFolder: string
  trustedProxies: readonly string[]
  /** What holds where no setting is stored. */
  defaults: Settings
  version: string
  role: 'all' | 'gateway'
}

export type StartedGateway = { gateway: Gateway; stop(): Promise<void> }

/**
 * Starts what a gateway does besides answering: it follows the configuration, watches its
 * backends, feeds the journal to the database, forgets what is old, and says once a second how it
 * is. Ready when it returns. `stop` writes what is held and ends every timer and socket.
 */
export async function startGateway(options: GatewayOptions): Promise<StartedGateway> {
  const { database } = options
  const journalFolder = path.join(options.dataFolder, 'journal')
  const gateway = makeGateway({ ...options, journalFolder })
  const settings = () => gateway.snapshot?.settings ?? options.defaults
  const abort = new AbortController()
  const { signal } = abort
  const following = await followConfig(gateway, { ...options, signal })
  const ingest = startIngest({
    db: database,
    journalFolder,
    journal: gateway.journal,
    timezone: () => settings().timezone,
    onTrouble: noteIngest,
    onBadLines: (bad) => log.error(bad, 'journal lines could not be read and were left out'),
    signal,
  })
  const pruning = startPruning({
    db: database,
    settings,
    clock: gateway.clock,
    onTrouble: (error) => log.error({ err: error }, 'what is too old could not be deleted'),
    signal,
  })
  const modelJobs = startModelJobs(gateway, { database, signal })
  const storing = startStoringContent({
    queue: gateway.captured,
    db: database,
    settings,
    onLoss: (loss) => log.warn(loss, 'captured content was not kept'),
    signal,
  })
  const heartbeat = startHeartbeat(gateway, { ...options, signal })
  setTheGateway(gateway)
  return {
    gateway,
    async stop() {
      setTheGateway(null)
      abort.abort()
      gateway.fleet.stop()
      await Promise.all([
        following.stopped,
        heartbeat.stopped,
        pruning.stopped,
        storing.stopped,
        modelJobs.stopped,
        ingest.done,
      ])
      await gateway.dialer.close()
      gateway.journal.close()
      await storing.flush()
      // What the database refuses now stays in the journal for the next start.
      await ingest.flush().catch((error) => noteIngest({ failing: true, error }))
    },
  }
}

function noteIngest({ failing, error }: { failing: boolean; error?: unknown }): void {
  if (failing) log.error({ err: error }, 'usage waits in the journal: the database refuses it')
  else log.info('usage reaches the database again')
}

import { createAuthenticator } from '@/lib/auth/authenticate'
import { createDialer } from '@/lib/backends/dial'
import { createFleet } from '@/lib/backends/fleet'
import { systemClock } from '@/lib/core/clock'
import { newId } from '@/lib/core/ids'
import { LinkedList } from '@/lib/core/linked-list'
import { log } from '@/lib/core/log'
import type { Database } from '@/lib/db/contract'
import { compileNetworks } from '@/lib/http/networks'
import { createInFlight } from '@/lib/limits/in-flight'
import { createSlidingWindows } from '@/lib/limits/sliding-window'
import type { Settings } from '@/lib/schemas/settings'
import { createCaptureQueue } from '@/lib/usage/capture-queue'
import { openJournal } from '@/lib/usage/journal'
import type { Gateway } from './gateway'
import { createShowCache } from './show-cache'

/** The rooms of one gateway put together; nothing runs yet and no configuration is read. */
export function makeGateway(options: {
  database: Database
  journalFolder: string
  trustedProxies: readonly string[]
  defaults: Settings
}): Gateway {
  const { database } = options
  const clock = systemClock
  const nodeId = newId()
  return {
    nodeId,
    clock,
    random: Math.random,
    trustedProxies: compileNetworks(options.trustedProxies),
    fleet: makeFleet(database),
    dialer: createDialer({ connectTimeoutMs: options.defaults.connectTimeoutMs }),
    authenticator: createAuthenticator({
      findKey: (prefix) => database.findKeyWithSecretDigestsByPrefix(prefix),
      replaceDigest: (secretId, digest) => database.replaceSecretDigest(secretId, digest),
      clock,
    }),
    windows: createSlidingWindows({ clock }),
    inFlight: createInFlight(),
    journal: makeJournal(options.journalFolder, nodeId),
    showCache: createShowCache(),
    captured: createCaptureQueue(),
    exchanges: new LinkedList(),
    snapshot: null,
    stopping: false,
    databaseLost: false,
    openModelJobs: false,
    turn: 0,
    keyUses: new Map(),
  }
}

function makeFleet(database: Database) {
  return createFleet({
    clock: systemClock,
    random: Math.random,
    onCatalogue(backendId, models) {
      database
        .replaceCatalogue(backendId, models, systemClock.nowMs())
        .catch((error) => log.warn({ err: error, backendId }, 'a catalogue could not be stored'))
    },
    onHealthChange(change) {
      log[change.to === 'unhealthy' ? 'warn' : 'info'](change, 'a backend changed its health')
    },
  })
}

function makeJournal(folder: string, nodeId: string) {
  return openJournal({
    folder,
    nodeId,
    onTrouble({ failing, ...trouble }) {
      if (failing) log.error(trouble, 'the journal cannot be written: records wait in memory')
      else log.info(trouble, 'the journal can be written again')
    },
  })
}

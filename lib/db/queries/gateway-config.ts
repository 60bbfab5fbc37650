import type { Cellar } from '../cellar'
import type { GatewayConfig, Revision } from '../contract'
import { listAddressRules } from './address-rules'
import { listAliases } from './aliases'
import { listAssignments } from './assignments'
import { listBackendsWithSealedCredential } from './backends'
import { listFrontends } from './frontends'
import { listMemoryRules } from './memory-rules'
import { readSettings } from './settings'

export async function readRevision({ prisma }: Cellar): Promise<Revision> {
  const row = await prisma.revision.findUniqueOrThrow({ where: { id: 1 } })
  return { config: row.config, keys: row.keys }
}

const readingsMax = 5

/**
 * Every change raises the revision, so a reading between two equal revisions is consistent, and
 * needs no lock that a writer would wait for. After five restless readings the last one is given
 * under its earlier revision: the next poll sees that it is stale.
 */
export async function readGatewayConfig(cellar: Cellar): Promise<GatewayConfig> {
  let config = await readUnderRevision(cellar)
  for (let reading = 1; reading < readingsMax; reading++) {
    const { config: now } = await readRevision(cellar)
    if (now === config.revision.config) break
    config = await readUnderRevision(cellar)
  }
  return config
}

async function readUnderRevision(cellar: Cellar): Promise<GatewayConfig> {
  return {
    revision: await readRevision(cellar),
    settings: await readSettings(cellar),
    backends: await listBackendsWithSealedCredential(cellar),
    frontends: await listFrontends(cellar),
    aliases: await listAliases(cellar),
    assignments: await listAssignments(cellar),
    memoryRules: await listMemoryRules(cellar),
    addressRules: await listAddressRules(cellar),
  }
}

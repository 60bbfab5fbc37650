import { normalizeModelName } from '@/lib/core/model-name'
import type { AdminContext } from './actor'
import { mergeReports, nodeSilentMs } from './fleet-health'
import { assertAllowed, canReadEverything } from './permissions'

export type ModelRow = {
  /** As the backend with the newest copy names it. */
  name: string
  sizeBytes: number | null
  modifiedAt: string | null
  capabilities: string[] | null
  /** More than one: the copies differ. */
  digests: string[]
  backends: { name: string; loaded: boolean }[]
}

/** Every model that some backend has, by name; equal names (D1) are one. */
export async function listModels(context: AdminContext): Promise<ModelRow[]> {
  assertAllowed(canReadEverything(context.actor), 'viewer')
  const { database, clock } = context
  const [catalogue, backends, nodes] = await Promise.all([
    database.listCatalogue(),
    database.listBackends(),
    database.listNodeReports({ seenSinceMs: clock.nowMs() - nodeSilentMs }),
  ])
  const rows = new Map<string, ModelRow>()
  for (const { id, name: backend } of backends) {
    const loaded = new Set(
      mergeReports(nodes, id)?.loaded.map((model) => normalizeModelName(model.name)),
    )
    for (const model of catalogue.find((one) => one.backendId === id)?.models ?? []) {
      const equal = normalizeModelName(model.name)
      const { name, sizeBytes, modifiedAt, capabilities } = model
      const known = rows.get(equal)
      const isNewer = known !== undefined && (modifiedAt ?? '') > (known.modifiedAt ?? '')
      const row = known ?? { name, sizeBytes, modifiedAt, capabilities, digests: [], backends: [] }
      if (isNewer) Object.assign(row, { name, sizeBytes, modifiedAt })
      row.capabilities ??= capabilities
      if (model.digest !== null && !row.digests.includes(model.digest))
        row.digests.push(model.digest)
      row.backends.push({ name: backend, loaded: loaded.has(equal) })
      rows.set(equal, row)
    }
  }
  return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

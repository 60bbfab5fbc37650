import { canUseModel } from '@/lib/auth/permissions'
import type { Fleet } from '@/lib/backends/contract'
import { CorralError } from '@/lib/core/errors'
import { normalizeModelName } from '@/lib/core/model-name'
import type { CatalogueModel } from '@/lib/db/contract'
import {
  type CatalogueEntry,
  entryName,
  mergeCatalogues,
  mergeLoadedModels,
  renderOpenaiModel,
  renderOpenaiModels,
  renderPs,
  renderTags,
  renderVersion,
} from '@/lib/dialects/render-catalogue'
import type { BackendView } from '@/lib/routing/contract'
import type { BackendKind } from '@/lib/schemas/entities'
import { ownHeaders } from './answer-headers'
import type { Exchange, GatewayAnswer } from './contract'
import { requireOperation } from './require-operation'
import { settle } from './settle'

/** F2: lists come from the catalogue in milliseconds, whatever the backends do; null for others. */
export function answerFromCatalogue(exchange: Exchange): GatewayAnswer | null {
  const operation = requireOperation(exchange)
  if (operation.answeredBy !== 'catalogue') return null
  const { fleet } = exchange.gateway
  switch (operation.name) {
    case 'tags':
      return answer(
        exchange,
        charsetJson,
        renderTags(usable(exchange, knownModels(fleet, 'ollama'))),
      )
    case 'ps':
      return answer(exchange, charsetJson, renderPs(usable(exchange, loadedModels(fleet))))
    case 'version':
      return answer(exchange, charsetJson, renderVersion(lowestVersion(fleet) ?? ownVersion))
    case 'openai_models':
      return answer(exchange, plainJson, renderOpenaiModels(usable(exchange, knownModels(fleet))))
    case 'openai_model':
      return answer(
        exchange,
        plainJson,
        renderOpenaiModel(findEntry(exchange), exchange.model ?? ''),
      )
    default:
      throw new Error(`no catalogue answer for ${operation.name}`)
  }
}

const charsetJson = 'application/json; charset=utf-8'
const plainJson = 'application/json'
/** The version of Ollama's API that we implement, where no Ollama backend names one. */
const ownVersion = '0.32.15'

function answer(exchange: Exchange, contentType: string, body: string): GatewayAnswer {
  exchange.bytesOut = Buffer.byteLength(body)
  exchange.answeredMs = exchange.clock.monotonicMs()
  settle(exchange, { kind: 'completed', status: 200, observation: null })
  return {
    status: 200,
    headers: [
      'Content-Type',
      contentType,
      'Content-Length',
      String(exchange.bytesOut),
      ...ownHeaders(exchange),
    ],
    body: exchange.request.method === 'HEAD' ? null : body,
  }
}

/**
 * F2, over every kind of backend or one: an OpenAI server's models cannot be asked for in Ollama's
 * words.
 */
export function knownModels(fleet: Fleet, kind?: BackendKind): CatalogueEntry[] {
  return mergeCatalogues(
    fleet
      .views()
      .filter((view) => view.health !== 'disabled' && view.kind === (kind ?? view.kind))
      .map((view) => [...(view.catalogue?.values() ?? [])].map((model) => entryOf(view, model))),
  )
}

/** What some OpenAI servers write in `name` is a title for people. */
function entryOf({ kind }: BackendView, { name, entry }: CatalogueModel): CatalogueEntry {
  return kind === 'openai' ? { ...entry, name } : entry
}

function loadedModels(fleet: Fleet): CatalogueEntry[] {
  return mergeLoadedModels(fleet.loadedEntries().map((each) => each.entries))
}

/** A6: a model that may not be used is absent from every list. */
function usable(exchange: Exchange, entries: CatalogueEntry[]): CatalogueEntry[] {
  const { principal } = exchange
  if (principal?.kind !== 'key') return entries
  return entries.filter((entry) =>
    canUseModel(principal.models, normalizeModelName(entryName(entry))),
  )
}

function findEntry(exchange: Exchange): CatalogueEntry {
  const wanted = normalizeModelName(exchange.model ?? '')
  const entries = usable(exchange, knownModels(exchange.gateway.fleet))
  const entry = entries.find((each) => normalizeModelName(entryName(each)) === wanted)
  if (!entry) throw new CorralError('routing.model_not_found', { params: { model: wanted } })
  return entry
}

/** F2: the lowest version among healthy Ollama backends, so that clients expect no more of any. */
export function lowestVersion(fleet: Fleet): string | null {
  const versions = fleet
    .reports()
    .filter((report) => report.health === 'healthy' || report.health === 'degraded')
    .flatMap((report) => report.version ?? [])
  return versions.sort(compareVersions)[0] ?? null
}

function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}

import { canUseModel } from '@/lib/auth/permissions'
import type { Fleet } from '@/lib/backends/contract'
import { CorralError } from '@/lib/core/errors'
import { normalizeModelName } from '@/lib/core/model-name'
import {
  type CatalogueEntry,
  mergeCatalogues,
  mergeLoadedModels,
  renderOpenaiModel,
  renderOpenaiModels,
  renderPs,
  renderTags,
  renderVersion,
} from '@/lib/dialects/render-catalogue'
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
      return answer(exchange, charsetJson, renderTags(usable(exchange, knownModels(fleet))))
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

export function knownModels(fleet: Fleet): CatalogueEntry[] {
  return mergeCatalogues(
    fleet
      .views()
      .filter((view) => view.health !== 'disabled')
      .map((view) => [...(view.catalogue?.values() ?? [])].map((model) => model.entry)),
  )
}

function loadedModels(fleet: Fleet): CatalogueEntry[] {
  return mergeLoadedModels(fleet.loadedEntries().map((each) => each.entries))
}

/** A6: a model that may not be used is absent from every list. */
function usable(exchange: Exchange, entries: CatalogueEntry[]): CatalogueEntry[] {
  const { principal } = exchange
  if (principal?.kind !== 'key') return entries
  return entries.filter((entry) => canUseModel(principal.models, normalizeModelName(nameOf(entry))))
}

function findEntry(exchange: Exchange): CatalogueEntry {
  const wanted = normalizeModelName(exchange.model ?? '')
  const entries = usable(exchange, knownModels(exchange.gateway.fleet))
  const entry = entries.find((each) => normalizeModelName(nameOf(each)) === wanted)
  if (!entry) throw new CorralError('routing.model_not_found', { params: { model: wanted } })
  return entry
}

function nameOf(entry: CatalogueEntry): string {
  return typeof entry.name === 'string' ? entry.name : String(entry.id ?? '')
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

import { parseBackendUrl } from '@/lib/backends/backend-address'
import type { FleetBackend } from '@/lib/backends/contract'
import { log } from '@/lib/core/log'
import { openSecret, type SealKey } from '@/lib/core/seal'
import type {
  BackendWithSealedCredential,
  Frontend,
  GatewayConfig,
  Revision,
} from '@/lib/db/contract'
import { compileNetworks, type NetworkSet } from '@/lib/http/networks'
import { type AddressRules, compileAddressRules } from '@/lib/limits/address-rules'
import { type CompiledRouting, compileRouting } from '@/lib/routing/compile-routing'
import type { BackendView } from '@/lib/routing/contract'
import type { Settings } from '@/lib/schemas/settings'
import { compileOrigins, type OriginRules } from './cors'

/** Everything a request may ask of the configuration: immutable, replaced as a whole. */
export type Snapshot = {
  readonly revision: Revision
  readonly settings: Settings
  readonly frontend: Frontend
  readonly routing: CompiledRouting
  readonly addressRules: AddressRules
  readonly openNetworks: NetworkSet
  readonly trustedNetworks: NetworkSet
  readonly origins: OriginRules
  readonly labelHeader: string
  /** By backend id: how to dial it. */
  readonly targets: ReadonlyMap<string, DialTarget>
}

/** A backend as the request path dials it; the credential was opened and lives in memory only. */
export type DialTarget = {
  name: string
  origin: string
  basePath: string
  credential: string | null
}

export function makeSnapshot(input: {
  config: GatewayConfig
  settings: Settings
  backends: readonly FleetBackend[]
  views: readonly BackendView[]
}): Snapshot {
  const { config, settings } = input
  const frontend = defaultFrontend(config.frontends)
  return {
    revision: config.revision,
    settings,
    frontend,
    routing: compileRouting({
      frontend,
      backends: input.views,
      aliases: config.aliases,
      assignments: config.assignments,
      memoryRules: config.memoryRules,
      settings,
    }),
    addressRules: compileAddressRules(config.addressRules),
    openNetworks: compileNetworks(frontend.openNetworks),
    trustedNetworks: compileNetworks(settings.trustedNetworks),
    origins: compileOrigins(settings.corsOrigins, { keyed: frontend.access === 'keyed' }),
    labelHeader: settings.labelHeader.toLowerCase(),
    targets: new Map(input.backends.map((backend) => [backend.id, dialTarget(backend)])),
  }
}

function dialTarget({ name, url, credential }: FleetBackend): DialTarget {
  const { origin, basePath } = parseBackendUrl(url)
  return { name, origin, basePath, credential }
}

/**
 * Backends with their secrets opened, for dialling and probing only. One whose secret cannot be
 * opened (CORRAL_SECRET changed) is left out of service, and the log says why.
 */
export function openBackends(
  backends: readonly BackendWithSealedCredential[],
  sealKey: SealKey,
): FleetBackend[] {
  return backends.map(({ sealedCredential, ...backend }) => {
    if (sealedCredential === null) return { ...backend, credential: null }
    try {
      return { ...backend, credential: openSecret(sealedCredential, sealKey) }
    } catch (error) {
      log.error({ err: error, backend: backend.name }, 'a backend is out of service')
      return { ...backend, credential: null, enabled: false }
    }
  })
}

function defaultFrontend(frontends: readonly Frontend[]): Frontend {
  const frontend = frontends.find((each) => each.isDefault) ?? frontends[0]
  if (!frontend) throw new Error('the database holds no frontend')
  return frontend
}

import type { ModelRules, NetworkRules, RateLimit } from '@/lib/schemas/entities'
import type { Permission } from '@/lib/schemas/permissions'

/** Who is calling. `permissions` are already cut to the owner's role. */
export type Principal =
  | {
      kind: 'key'
      keyId: string
      keyPrefix: string
      keyName: string
      ownerId: string
      ownerName: string
      permissions: ReadonlySet<Permission>
      models: ModelRules
      frontends: readonly string[] | null
      networks: NetworkRules
      /** The key's own, else its owner's; null leaves it to the frontend and the default. */
      rateLimit: RateLimit | null
    }
  | { kind: 'anonymous'; permissions: ReadonlySet<Permission>; rateLimit: RateLimit | null }

export type Credential = { token: string; source: 'path' | 'authorization' | 'x-api-key' }

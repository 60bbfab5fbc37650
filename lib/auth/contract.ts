import type { NarrowedRules } from '@/lib/core/model-rules'
import type { NetworkRules, RateLimit } from '@/lib/schemas/entities'
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
      /** Narrowed to what the owner's teams allow. */
      models: NarrowedRules
      frontends: readonly string[] | null
      networks: NetworkRules
      /** The key's own, else its owner's, else a team's; null leaves it to the frontend and the default. */
      rateLimit: RateLimit | null
      /** H2; null leaves it to the frontend. */
      capture?: boolean | null
    }
  | { kind: 'anonymous'; permissions: ReadonlySet<Permission>; rateLimit: RateLimit | null }

export type Credential = { token: string; source: 'path' | 'authorization' | 'x-api-key' }

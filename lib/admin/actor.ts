import type { Clock } from '@/lib/core/clock'
import type { SealKey } from '@/lib/core/seal'
import type { AuditEntry, Database } from '@/lib/db/contract'
import type { Role } from '@/lib/schemas/permissions'

/** Who acts. The operator is whoever can read the data folder: the local command line. */
export type Actor = (
  | { kind: 'operator' }
  | {
      kind: 'user'
      id: string
      name: string
      role: Role
      /** Ids of the users whose keys they manage as a team admin (A7). */
      managedUserIds?: readonly string[]
    }
  | { kind: 'start'; runId: string }
  /** The OpenID provider, about a person who signs in. */
  | { kind: 'provider' }
) & { via: AuditEntry['via']; address: string | null }

/** What every verb and read model is called with. */
export type AdminContext = {
  database: Database
  actor: Actor
  clock: Clock
  /** Seals what is secret at rest (C6). */
  sealKey: SealKey
}

export const commandLineOperator: Actor = { kind: 'operator', via: 'cli', address: null }

/** The audit row of one change (C7). */
export function auditEntry(
  actor: Actor,
  change: { action: string; kind: string; id?: string | null; name: string | null },
): AuditEntry {
  return {
    actor: actorName(actor),
    actorUserId: actor.kind === 'user' ? actor.id : null,
    via: actor.via,
    address: actor.address,
    action: change.action,
    targetKind: change.kind,
    targetId: change.id ?? null,
    targetName: change.name,
  }
}

function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'operator':
      return 'operator'
    case 'user':
      return actor.name
    case 'start':
      return `start ${actor.runId}`
    case 'provider':
      return 'sign-in provider'
  }
}

import type {
  AddressRuleInput,
  AliasInput,
  BackendInput,
  FrontendInput,
  KeyInput,
  MemoryRuleInput,
  ModelRules,
  NetworkRules,
  RateLimit,
  TeamInput,
  UserInput,
} from '@/lib/schemas/entities'
import type { Permission, Role } from '@/lib/schemas/permissions'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import type { GatewayDuties } from './contract-duties'
import type { ConsoleReads } from './contract-reads'

/** Our own row types: what rooms and halls read. Instants are ms since the epoch. */
export type User = UserInput & {
  id: string
  createdAtMs: number
  keyCount: number
  /** Whether a password, or a person of the OpenID provider, opens this account. */
  hasPassword: boolean
  hasOidc: boolean
  mustChangePassword: boolean
  lastSignInAtMs: number | null
  lastVisitAtMs: number | null
}

/** What a session is checked against, at each request. */
export type SessionUser = {
  id: string
  name: string
  role: Role
  active: boolean
  sessionEpoch: number
  mustChangePassword: boolean
  lastVisitAtMs: number | null
  /** Whose keys they manage as a team admin (A7): the members of those teams. */
  managedUsers: { id: string; role: Role }[]
}

/** What sign-in needs of a user: the only read that holds a password's hash. */
export type UserWithPasswordHash = SessionUser & { passwordHash: string | null }

export type SignInMethod = 'password' | 'oidc' | 'invitation'
export type SignIn = {
  userId: string
  atMs: number
  method: SignInMethod
  ok: boolean
  reason: string | null
  address: string | null
  userAgent: string | null
}

export type Team = TeamInput & { id: string; createdAtMs: number; memberCount: number }
export type TeamMembership = {
  teamId: string
  teamName: string
  userId: string
  userName: string
  userRole: Role
  userActive: boolean
  isAdmin: boolean
  createdAtMs: number
}

export type Invitation = {
  id: string
  userName: string | null
  email: string | null
  role: Role
  /** Ids of teams. */
  teams: string[]
  createdBy: string
  createdAtMs: number
  expiresAtMs: number
  acceptedAtMs: number | null
}

export type KeyState = 'active' | 'disabled' | 'revoked'

export type Key = Omit<KeyInput, 'expiresAt'> & {
  id: string
  prefix: string
  state: KeyState
  expiresAtMs: number | null
  ownerId: string
  ownerName: string
  createdAtMs: number
  lastUsedAtMs: number | null
  /** What the console made it for; null or absent for a key that a person made. */
  purpose?: KeyPurpose | null
}
export type KeyPurpose = 'playground'

/** What authentication needs of a key: the only read that holds digests. */
export type KeyWithSecretDigests = {
  id: string
  prefix: string
  name: string
  state: KeyState
  expiresAtMs: number | null
  permissions: Permission[]
  models: ModelRules
  frontends: string[] | null
  networks: NetworkRules
  rateLimit: RateLimit | null
  capture?: boolean | null
  owner: {
    id: string
    name: string
    role: Role
    active: boolean
    rateLimit: RateLimit | null
    /** Those that the owner is in. */
    teams?: { id: string; name: string; models: ModelRules; rateLimit: RateLimit | null }[]
  }
  /** SHA-256 in hex, or a bcrypt hash; `validUntilMs` is the end of a rotation's grace. */
  secrets: { id: string; digest: string; kind: 'sha256' | 'bcrypt'; validUntilMs: number | null }[]
}

export type Backend = Omit<BackendInput, 'credential'> & { id: string; hasCredential: boolean }
/** `sealedCredential` is AES-256-GCM under CORRAL_SECRET; only the dialling room opens it. */
export type BackendWithSealedCredential = Backend & { sealedCredential: string | null }
export type Frontend = FrontendInput & { id: string; isDefault: boolean }
export type Alias = AliasInput & { id: string }
export type Assignment = { id: string; model: string; backendId: string; backendName: string }
export type MemoryRule = MemoryRuleInput & { id: string }
export type AddressRule = AddressRuleInput & { id: string }

/** Everything a gateway needs to route, in one consistent read. */
export type GatewayConfig = {
  revision: Revision
  /** Only what differs from the default; parse with the definitions. */
  settings: Record<string, unknown>
  backends: BackendWithSealedCredential[]
  frontends: Frontend[]
  aliases: Alias[]
  assignments: Assignment[]
  memoryRules: MemoryRule[]
  addressRules: AddressRule[]
}
/** `config` counts changes of what routes, `keys` those of keys and users. */
export type Revision = { config: number; keys: number }

export type CatalogueModel = {
  /** As the backend names it. */
  name: string
  digest: string | null
  sizeBytes: number | null
  modifiedAt: string | null
  capabilities: string[] | null
  /** The entry of /api/tags (or of /v1/models) as the backend sent it. */
  entry: Record<string, unknown>
}

export type BackendHealthState =
  | 'unknown'
  | 'healthy'
  | 'degraded'
  | 'unhealthy'
  | 'draining'
  | 'disabled'

/** What a node says about a backend, in its heartbeat. */
export type BackendReport = {
  id: string
  health: BackendHealthState
  sinceMs: number
  downSinceMs: number | null
  downtimeTotalMs: number
  latencyMs: number | null
  lastError: string | null
  version: string | null
  inFlight: number
  circuit: 'closed' | 'open' | 'half-open'
  loaded: {
    name: string
    sizeBytes: number
    sizeVramBytes: number
    expiresAt: string | null
    contextLength: number | null
  }[]
}
/** A request that has begun and not ended, as its node tells it. */
export type ExchangeReport = {
  id: string
  startedAtMs: number
  keyId: string | null
  keyName: string | null
  userId: string | null
  model: string | null
  backendName: string | null
  operation: string | null
  /** `queued`: no backend was dialled yet. */
  state: 'queued' | 'dialling' | 'streaming'
  tokensSoFar?: number
  keyPrefix?: string | null
  /** The owner's name, or `anonymous`. */
  principal?: string | null
  dialect?: string | null
  /** Of the answer, so far. */
  bytesOut?: number
}
/** How much of its window a key has used. */
export type KeyUseReport = { keyId: string; used: number; limit: number; windowSeconds: number }
export type NodeReport = {
  id: string
  role: 'all' | 'gateway' | 'console'
  version: string
  startedAtMs: number
  seenAtMs: number
  inFlight: number
  journalLagRecords: number
  eventLoopDelayMs: number
  backends: BackendReport[]
  /** The oldest in flight, at most 100. */
  exchanges?: ExchangeReport[]
  /** Of the keys that were used last, at most 1,000; one that is absent has used nothing. */
  keyUses?: KeyUseReport[]
  /** The configuration that it acts on. */
  configRevision?: number
}

/** Who changes something, written with every change (C7). Secrets never stand in before/after. */
export type AuditEntry = {
  actor: string
  actorUserId: string | null
  via: 'cli' | 'console' | 'api' | 'start'
  address: string | null
  action: string
  targetKind: string
  targetId: string | null
  targetName: string | null
}
export type AuditRow = AuditEntry & {
  id: string
  atMs: number
  before: unknown
  after: unknown
}

export type RollupSpan = 'minute' | 'quarter' | 'day'
export type UsageGroup = 'key' | 'model' | 'user' | 'backend' | 'operation' | 'outcome'
export type UsageTotals = {
  group: string
  label: string
  requests: number
  failed: number
  refused: number
  left: number
  promptTokens: number
  completionTokens: number
  estimatedRequests: number
  totalMsP50: number | null
  totalMsP95: number | null
  timeToFirstTokenMsP50: number | null
  timeToFirstTokenMsP95: number | null
  tokensPerSecondP50: number | null
}

export type NewUser = Omit<UserInput, 'email'> & {
  email?: string | null
  passwordHash: string | null
  mustChangePassword?: boolean
  oidc?: { issuer: string; subject: string } | null
}

/**
 * The cellar's door. Every function runs in a worker thread, never on the caller's event loop;
 * writes that take an AuditEntry change, write the audit row and raise the revision in one
 * transaction. They throw CorralError `admin.not_found`, `admin.already_exists`, `admin.in_use`.
 */
export type Database = ConsoleReads &
  GatewayDuties & {
    readonly engine: 'sqlite' | 'postgresql'
    close(): Promise<void>
    /** Applies migrations under a lock; `db.newer_version` when the database knows one we do not. */
    migrate(): Promise<{ applied: string[] }>
    readRevision(): Promise<Revision>
    readGatewayConfig(): Promise<GatewayConfig>

    listUsers(): Promise<User[]>
    findUserByName(name: string): Promise<User | null>
    countUsers(): Promise<number>
    findUser(id: string): Promise<User | null>
    createUser(input: NewUser, audit: AuditEntry): Promise<User>
    /** Deactivating ends every session. */
    updateUser(id: string, change: Partial<UserInput>, audit: AuditEntry): Promise<User>
    /** Ends every session; `sessionEpoch` is the one that holds from now on. */
    updateUserPasswordHash(
      id: string,
      passwordHash: string,
      audit: AuditEntry,
      options?: { mustChangePassword?: boolean },
    ): Promise<{ sessionEpoch: number }>
    /** For a hash of an older kind that has just verified: no change that anyone sees. */
    replaceUserPasswordHash(id: string, change: { from: string; to: string }): Promise<void>
    endUserSessions(id: string, audit: AuditEntry): Promise<void>
    removeUser(id: string, audit: AuditEntry): Promise<void>

    findSessionUser(id: string): Promise<SessionUser | null>
    findUserWithPasswordHash(name: string): Promise<UserWithPasswordHash | null>
    findUserByOidc(oidc: { issuer: string; subject: string }): Promise<User | null>
    linkUserToOidc(
      id: string,
      oidc: { issuer: string; subject: string },
      audit: AuditEntry,
    ): Promise<User>
    /** Keeps the last 20 of a user. */
    recordSignIn(signIn: SignIn): Promise<void>
    /** Newest first. */
    listSignIns(filter: { userId: string; limit: number }): Promise<SignIn[]>
    touchUserVisit(id: string, atMs: number): Promise<void>

    listTeams(): Promise<Team[]>
    /** By id, else by name. */
    findTeam(reference: string): Promise<Team | null>
    createTeam(input: TeamInput, audit: AuditEntry): Promise<Team>
    updateTeam(id: string, change: Partial<TeamInput>, audit: AuditEntry): Promise<Team>
    /** Its members stay users; what the team allowed or forbade their keys ends. */
    removeTeam(id: string, audit: AuditEntry): Promise<void>
    listTeamMemberships(filter?: { teamId?: string; userId?: string }): Promise<TeamMembership[]>
    /** Adds a member, or changes what they are in the team. */
    setTeamMember(
      member: { teamId: string; userId: string; isAdmin: boolean },
      audit: AuditEntry,
    ): Promise<void>
    removeTeamMember(member: { teamId: string; userId: string }, audit: AuditEntry): Promise<void>

    /** Open ones: neither accepted nor expired. */
    listInvitations(nowMs: number): Promise<Invitation[]>
    findInvitationByDigest(digest: string): Promise<Invitation | null>
    createInvitation(
      input: Omit<Invitation, 'id' | 'createdAtMs' | 'acceptedAtMs'> & { digest: string },
      audit: AuditEntry,
    ): Promise<Invitation>
    removeInvitation(id: string, audit: AuditEntry): Promise<void>
    /** Makes the user with their teams, once. Throws `auth.invitation_over`. */
    acceptInvitation(
      acceptance: { digest: string; userName: string; passwordHash: string; nowMs: number },
      audit: AuditEntry,
    ): Promise<User>

    /** Whether some key that works has its prompts and answers kept, whatever stands above it. */
    hasCapturingKey(nowMs: number): Promise<boolean>
    listKeys(filter?: { ownerId?: string }): Promise<Key[]>
    /** By id, whole prefix, or name when one key only has it. */
    findKey(reference: string): Promise<Key | null>
    findKeyWithSecretDigestsByPrefix(prefix: string): Promise<KeyWithSecretDigests | null>
    createKey(
      input: KeyInput & { ownerId: string; prefix: string; digest: string },
      audit: AuditEntry,
    ): Promise<Key>
    updateKey(
      id: string,
      change: Partial<KeyInput> & { state?: KeyState },
      audit: AuditEntry,
    ): Promise<Key>
    /** Adds a secret; the others end at `graceUntilMs` (at once when it is not in the future). */
    rotateKey(
      id: string,
      rotation: { digest: string; graceUntilMs: number },
      audit: AuditEntry,
    ): Promise<Key>
    /**
     * A further secret, until `untilMs`, for the key of this prefix; the key is made where there is
     * none, and ends with its last secret. Secrets of such keys whose time is over are deleted.
     */
    mintPlaygroundSecret(
      input: {
        ownerId: string
        prefix: string
        digest: string
        permissions: Permission[]
        nowMs: number
        untilMs: number
      },
      audit: AuditEntry,
    ): Promise<Key>
    /** A bcrypt hash that verified becomes a SHA-256 digest (A1). */
    replaceSecretDigest(secretId: string, digest: string): Promise<void>
    touchKeys(uses: { keyId: string; lastUsedAtMs: number }[]): Promise<void>

    listBackends(): Promise<Backend[]>
    findBackendByName(name: string): Promise<Backend | null>
    createBackend(
      input: Omit<BackendInput, 'credential'> & { sealedCredential: string | null },
      audit: AuditEntry,
    ): Promise<Backend>
    updateBackend(
      id: string,
      change: Partial<Omit<BackendInput, 'credential'>> & { sealedCredential?: string | null },
      audit: AuditEntry,
      /** Throws `admin.changed_meanwhile` where one of these is otherwise by now. */
      expected?: Partial<Backend>,
    ): Promise<Backend>
    removeBackend(id: string, audit: AuditEntry): Promise<void>

    listFrontends(): Promise<Frontend[]>
    updateFrontend(id: string, change: Partial<FrontendInput>, audit: AuditEntry): Promise<Frontend>
    ensureDefaultFrontend(): Promise<Frontend>

    listAliases(): Promise<Alias[]>
    createAlias(input: AliasInput, audit: AuditEntry): Promise<Alias>
    updateAlias(id: string, change: Pick<AliasInput, 'targets'>, audit: AuditEntry): Promise<Alias>
    removeAlias(id: string, audit: AuditEntry): Promise<void>
    listAssignments(): Promise<Assignment[]>
    createAssignment(
      input: { model: string; backendId: string },
      audit: AuditEntry,
    ): Promise<Assignment>
    removeAssignment(id: string, audit: AuditEntry): Promise<void>
    listMemoryRules(): Promise<MemoryRule[]>
    createMemoryRule(input: MemoryRuleInput, audit: AuditEntry): Promise<MemoryRule>
    updateMemoryRule(
      id: string,
      change: Partial<Pick<MemoryRuleInput, 'gb' | 'position'>>,
      audit: AuditEntry,
    ): Promise<MemoryRule>
    /** Patterns are tried in the order of these ids. */
    orderMemoryRules(ids: readonly string[], audit: AuditEntry): Promise<void>
    removeMemoryRule(id: string, audit: AuditEntry): Promise<void>
    listAddressRules(): Promise<AddressRule[]>
    createAddressRule(input: AddressRuleInput, audit: AuditEntry): Promise<AddressRule>
    removeAddressRule(id: string, audit: AuditEntry): Promise<void>

    readSettings(): Promise<Record<string, unknown>>
    /** Of those that differ from the default: who set them last, and when. */
    listSettingChanges(): Promise<{ name: string; updatedAtMs: number; updatedBy: string | null }[]>
    /** `null` goes back to the default. */
    writeSettings(
      change: Record<string, unknown>,
      audit: AuditEntry,
      /**
       * When each was last set, as its editor saw it; null at its default. Throws
       * `admin.changed_meanwhile` where that is otherwise by now.
       */
      expected?: Record<string, number | null>,
    ): Promise<{ configRevision: number }>
    listAudit(filter: { limit: number; beforeId?: string }): Promise<AuditRow[]>

    writeNodeReport(report: NodeReport): Promise<void>
    /** Nodes seen since; older ones than a day are forgotten on write. */
    listNodeReports(filter: { seenSinceMs: number }): Promise<NodeReport[]>
    replaceCatalogue(
      backendId: string,
      models: CatalogueModel[],
      observedAtMs: number,
    ): Promise<void>
    listCatalogue(): Promise<
      { backendId: string; observedAtMs: number; models: CatalogueModel[] }[]
    >

    /**
     * Reads at most `bytesMax` of a journal segment from where this database left off, writes the
     * records, their roll-ups and the new position in one transaction: twice is never counted twice.
     * `ended`: nothing of the segment is left. A torn last line of a dead writer is left out.
     */
    ingestJournalSegment(segment: {
      path: string
      name: string
      bytesMax: number
    }): Promise<{ records: number; badLines: number; ended: boolean }>
    /** Forgets the position of segments that no longer exist. */
    forgetJournalSegments(names: string[]): Promise<void>
    listUsageRecords(filter: {
      sinceMs?: number
      limit: number
      beforeId?: string
    }): Promise<UsageRecord[]>
    findUsageRecord(id: string): Promise<UsageRecord | null>
    /** Totals by group over a range, from roll-ups only. */
    reportUsage(filter: {
      by: UsageGroup
      sinceMs: number
      untilMs: number
    }): Promise<UsageTotals[]>
    /** Deletes at most `limit` rows; returns how many. Audited where a person asks for it. */
    pruneUsageRecords(
      filter: { olderThanMs: number; limit: number },
      audit?: AuditEntry,
    ): Promise<number>
    pruneRollups(filter: {
      olderThanMs: number
      limit: number
      /** Only those of one length; every one without it. */
      span?: RollupSpan
    }): Promise<number>
    /** Rolls days again from quarter hours for a zone, in bounded steps; true when done. */
    rerollDays(timezone: string): Promise<boolean>
  }

/**
 * Opens the database of `DATABASE_URL` (`file:…` or `postgresql://…`) in a worker of its own.
 * `timezone` is where days begin until `rerollDays` says another; `workerPath` is the worker's
 * bundle where it is not `dist/db-worker.mjs` above the program or the working directory.
 */
export type OpenDatabase = (options: {
  url: string
  timezone?: string
  workerPath?: string
}) => Promise<Database>

import { newId } from '@/lib/core/ids'
import type { KeyInput } from '@/lib/schemas/entities'
import type { Permission, Role } from '@/lib/schemas/permissions'
import type { Cellar, Transaction } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import { ifGiven, parseColumn, parseNullableColumn, renderNullableColumn, toMs } from '../columns'
import type { AuditEntry, Key, KeyState, KeyWithSecretDigests } from '../contract'
import type { Prisma } from '../generated/sqlite/client'
import { jsonRows } from '../json-rows'
import { alreadyExists, notFound } from '../refusals'

export async function listKeys(
  { prisma }: Cellar,
  filter: { ownerId?: string } = {},
): Promise<Key[]> {
  const rows = await prisma.key.findMany({
    select,
    where: { ownerId: filter.ownerId },
    orderBy: [{ createdAtMs: 'asc' }, { id: 'asc' }],
  })
  return rows.map(toKey)
}

export async function hasCapturingKey({ prisma }: Cellar, nowMs: number): Promise<boolean> {
  const works = [{ expiresAtMs: null }, { expiresAtMs: { gt: nowMs } }]
  const where = { capture: true, state: 'active', owner: { active: true }, OR: works }
  return (await prisma.key.findFirst({ select: { id: true }, where })) !== null
}

export async function findKey({ prisma }: Cellar, reference: string): Promise<Key | null> {
  const byIdentity = await prisma.key.findFirst({
    select,
    where: { OR: [{ id: reference }, { prefix: reference }] },
  })
  if (byIdentity !== null) return toKey(byIdentity)
  const named = await prisma.key.findMany({
    select,
    where: { name: reference, purpose: null },
    take: 2,
  })
  const [only] = named
  return only !== undefined && named.length === 1 ? toKey(only) : null
}

export async function findKeyWithSecretDigestsByPrefix(
  { prisma }: Cellar,
  prefix: string,
): Promise<KeyWithSecretDigests | null> {
  const row = await prisma.key.findUnique({
    where: { prefix },
    include: {
      owner: {
        select: {
          id: true,
          name: true,
          role: true,
          active: true,
          rateLimit: true,
          memberships: {
            select: { team: { select: { id: true, name: true, models: true, rateLimit: true } } },
          },
        },
      },
      secrets: { orderBy: { createdAtMs: 'desc' } },
    },
  })
  if (row === null) return null
  return {
    id: row.id,
    prefix: row.prefix,
    name: row.name,
    ...rulesOf(row),
    owner: {
      id: row.owner.id,
      name: row.owner.name,
      role: row.owner.role as Role,
      active: row.owner.active,
      rateLimit: parseNullableColumn(row.owner.rateLimit),
      teams: row.owner.memberships.map(({ team }) => ({
        id: team.id,
        name: team.name,
        models: parseColumn(team.models),
        rateLimit: parseNullableColumn(team.rateLimit),
      })),
    },
    secrets: row.secrets.map((secret) => ({
      id: secret.id,
      digest: secret.digest,
      kind: secret.kind === 'bcrypt' ? 'bcrypt' : 'sha256',
      validUntilMs: toMs(secret.validUntilMs),
    })),
  }
}

export function createKey(
  cellar: Cellar,
  input: KeyInput & { ownerId: string; prefix: string; digest: string },
  audit: AuditEntry,
): Promise<Key> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const owners = await tx.user.count({ where: { id: input.ownerId } })
    if (owners === 0) throw notFound('user', input.ownerId)
    const taken = await tx.key.count({ where: { prefix: input.prefix } })
    if (taken > 0) throw alreadyExists('key', input.prefix)
    const nowMs = Date.now()
    const row = await tx.key.create({
      select,
      data: {
        id: newId(nowMs),
        prefix: input.prefix,
        name: input.name,
        state: 'active',
        permissions: JSON.stringify(input.permissions),
        models: JSON.stringify(input.models),
        frontends: renderNullableColumn(input.frontends),
        networks: JSON.stringify(input.networks),
        rateLimit: renderNullableColumn(input.rateLimit),
        expiresAtMs: renderInstant(input.expiresAt),
        capture: input.capture,
        ownerId: input.ownerId,
        createdAtMs: nowMs,
        secrets: { create: newSecret(input.digest, nowMs) },
      },
    })
    const after = toKey(row)
    return { result: after, before: null, after, targetId: after.id, targetName: after.name }
  })
}

export function updateKey(
  cellar: Cellar,
  id: string,
  change: Partial<KeyInput> & { state?: KeyState },
  audit: AuditEntry,
): Promise<Key> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const before = await getKey(tx, id)
    const row = await tx.key.update({
      select,
      where: { id },
      data: {
        name: change.name,
        // Revoked is final (A4).
        state: before.state === 'revoked' ? undefined : change.state,
        permissions: ifGiven(change.permissions, JSON.stringify),
        models: ifGiven(change.models, JSON.stringify),
        frontends: ifGiven(change.frontends, renderNullableColumn),
        networks: ifGiven(change.networks, JSON.stringify),
        rateLimit: ifGiven(change.rateLimit, renderNullableColumn),
        expiresAtMs: ifGiven(change.expiresAt, renderInstant),
        capture: change.capture,
      },
    })
    const after = toKey(row)
    return { result: after, before, after, targetId: id, targetName: after.name }
  })
}

/** Earlier graces are never made longer, and secrets whose time is over are deleted. */
export function rotateKey(
  cellar: Cellar,
  id: string,
  rotation: { digest: string; graceUntilMs: number },
  audit: AuditEntry,
): Promise<Key> {
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    const before = await getKey(tx, id)
    const nowMs = Date.now()
    await tx.keySecret.updateMany({
      where: {
        keyId: id,
        OR: [{ validUntilMs: null }, { validUntilMs: { gt: rotation.graceUntilMs } }],
      },
      data: { validUntilMs: rotation.graceUntilMs },
    })
    await tx.keySecret.deleteMany({ where: { keyId: id, validUntilMs: { lte: nowMs } } })
    await tx.keySecret.create({
      select: { id: true },
      data: { keyId: id, ...newSecret(rotation.digest, nowMs) },
    })
    const after = { ...before, graceUntilMs: rotation.graceUntilMs }
    return { result: before, before, after, targetId: id, targetName: before.name }
  })
}

/** The newest secrets stay: whoever asks again and again ends their own oldest ones. */
export function mintPlaygroundSecret(
  cellar: Cellar,
  input: {
    ownerId: string
    prefix: string
    digest: string
    permissions: Permission[]
    nowMs: number
    untilMs: number
  },
  audit: AuditEntry,
): Promise<Key> {
  const { ownerId, prefix, digest, nowMs, untilMs } = input
  const fields = {
    permissions: JSON.stringify(input.permissions),
    expiresAtMs: BigInt(untilMs),
  }
  return changeWithAudit(cellar, { raises: 'keys', audit }, async (tx) => {
    await tx.keySecret.deleteMany({
      where: { validUntilMs: { lte: nowMs }, key: { purpose: playground } },
    })
    const row = await tx.key.upsert({
      select,
      where: { prefix, ownerId, purpose: playground },
      update: fields,
      create: {
        ...fields,
        id: newId(nowMs),
        prefix,
        name: playground,
        purpose: playground,
        state: 'active',
        models: JSON.stringify({ allow: ['*'], deny: [] }),
        networks: JSON.stringify({ allow: ['*'], deny: [] }),
        // Nothing of a conversation is kept, whatever a frontend says.
        capture: false,
        ownerId,
        createdAtMs: nowMs,
      },
    })
    const older = await tx.keySecret.findMany({
      select: { id: true },
      where: { keyId: row.id },
      orderBy: [{ createdAtMs: 'desc' }, { id: 'desc' }],
      skip: playgroundSecretsMax - 1,
    })
    await tx.keySecret.deleteMany({ where: { id: { in: older.map(({ id }) => id) } } })
    await tx.keySecret.create({
      select: { id: true },
      data: { keyId: row.id, ...newSecret(digest, nowMs), validUntilMs: untilMs },
    })
    const key = toKey(row)
    return {
      result: key,
      before: null,
      after: { expiresAtMs: untilMs },
      targetId: key.id,
      targetName: key.name,
    }
  })
}

export async function replaceSecretDigest(
  { prisma }: Cellar,
  secretId: string,
  digest: string,
): Promise<void> {
  await prisma.keySecret.updateMany({ where: { id: secretId }, data: { digest, kind: 'sha256' } })
}

/** One statement for all; the use that is known and later than this one stays. */
export async function touchKeys(
  { engine, prisma }: Cellar,
  uses: { keyId: string; lastUsedAtMs: number }[],
): Promise<void> {
  if (uses.length === 0) return
  const rows = jsonRows(engine, { keyId: 'text', lastUsedAtMs: 'int' })
  await prisma.$executeRawUnsafe(
    `UPDATE keys SET last_used_at_ms = used."lastUsedAtMs" FROM (${rows.select}) AS used
     WHERE keys.id = used."keyId" AND coalesce(keys.last_used_at_ms, 0) < used."lastUsedAtMs"`,
    rows.render(uses),
  )
}

const select = {
  id: true,
  prefix: true,
  name: true,
  state: true,
  permissions: true,
  models: true,
  frontends: true,
  networks: true,
  rateLimit: true,
  expiresAtMs: true,
  capture: true,
  ownerId: true,
  createdAtMs: true,
  lastUsedAtMs: true,
  purpose: true,
  owner: { select: { name: true } },
} satisfies Prisma.KeySelect

type KeyRow = Prisma.KeyGetPayload<{ select: typeof select }>

function toKey(row: KeyRow): Key {
  return {
    id: row.id,
    prefix: row.prefix,
    name: row.name,
    ...rulesOf(row),
    ownerId: row.ownerId,
    ownerName: row.owner.name,
    createdAtMs: Number(row.createdAtMs),
    lastUsedAtMs: toMs(row.lastUsedAtMs),
    purpose: row.purpose === playground ? playground : null,
  }
}

const playground = 'playground'
const playgroundSecretsMax = 20

type Rules = Pick<
  Key,
  | 'state'
  | 'permissions'
  | 'models'
  | 'frontends'
  | 'networks'
  | 'rateLimit'
  | 'expiresAtMs'
  | 'capture'
>

function rulesOf(row: Omit<KeyRow, 'owner'>): Rules {
  return {
    state: row.state as KeyState,
    permissions: parseColumn(row.permissions),
    models: parseColumn(row.models),
    frontends: parseNullableColumn(row.frontends),
    networks: parseColumn(row.networks),
    rateLimit: parseNullableColumn(row.rateLimit),
    expiresAtMs: toMs(row.expiresAtMs),
    capture: row.capture,
  }
}

async function getKey(tx: Transaction, id: string): Promise<Key> {
  const row = await tx.key.findUnique({ select, where: { id } })
  if (row === null) throw notFound('key', id)
  return toKey(row)
}

function newSecret(digest: string, nowMs: number) {
  return { id: newId(nowMs), digest, kind: 'sha256', createdAtMs: nowMs, validUntilMs: null }
}

function renderInstant(at: Date | null): bigint | null {
  return at === null ? null : BigInt(at.getTime())
}

import { CorralError } from '@/lib/core/errors'
import { normalizeModelName } from '@/lib/core/model-name'
import { compileModelRules } from '@/lib/core/model-rules'
import type { Candidate } from '@/lib/routing/contract'
import type { ModelRules } from '@/lib/schemas/entities'
import { type Permission, permissionsOfRole, type Role } from '@/lib/schemas/permissions'
import type { Principal } from './contract'

/** What a key may do: what was given to it, cut to the most that its owner's role allows (A6). */
export function limitPermissions(
  permissions: readonly Permission[],
  role: Role,
): ReadonlySet<Permission> {
  const most = permissionsOfRole(role)
  return new Set(permissions.filter((permission) => most.includes(permission)))
}

/** Throws `auth.permission_missing`. */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (principal.permissions.has(permission)) return
  throw new CorralError('auth.permission_missing', { params: { permission } })
}

/** Globs, deny wins; takes a normalised name. */
export function canUseModel(rules: ModelRules, normalizedModel: string): boolean {
  return compileModelRules(rules)(normalizedModel)
}

/** A6: an alias that a key may use still leads to no model that the key is denied. */
export function withoutDeniedTargets(rules: ModelRules, candidates: Candidate[]): Candidate[] {
  const isOpen = ({ aliased, model }: Candidate) =>
    !aliased || model === null || !isModelDenied(rules, normalizeModelName(model))
  return candidates.every(isOpen) ? candidates : candidates.filter(isOpen)
}

/** Denied by name, whatever is allowed. */
function isModelDenied(rules: ModelRules, normalizedModel: string): boolean {
  const denyOnly = denyOnlyRules.get(rules) ?? { allow: ['*'], deny: rules.deny }
  denyOnlyRules.set(rules, denyOnly)
  return !canUseModel(denyOnly, normalizedModel)
}

const denyOnlyRules = new WeakMap<ModelRules, ModelRules>()

/** `model` as asked. Throws `auth.model_not_allowed`. */
export function requireModel(principal: Principal, model: string): void {
  if (principal.kind === 'anonymous') return
  if (canUseModel(principal.models, normalizeModelName(model))) return
  throw new CorralError('auth.model_not_allowed', { params: { model } })
}

/** Throws `auth.frontend_not_allowed`. */
export function requireFrontend(principal: Principal, frontend: string): void {
  if (principal.kind === 'anonymous' || principal.frontends === null) return
  if (principal.frontends.includes(frontend)) return
  throw new CorralError('auth.frontend_not_allowed', { params: { frontend } })
}

import * as z from 'zod'
import { permissions, roles } from './names'

export const roleSchema = z.enum(roles)
export type Role = z.infer<typeof roleSchema>

export const permissionSchema = z.enum(permissions)
export type Permission = z.infer<typeof permissionSchema>

export const defaultPermissions: Permission[] = ['inference', 'embeddings', 'models:read']

const membersMost: readonly Permission[] = defaultPermissions
const operatorsMost: readonly Permission[] = [
  ...defaultPermissions,
  'models:manage',
  'usage:read',
  'metrics:read',
  'backend:pin',
]

/** The most that a key may do whose owner has this role (A6): a key never exceeds its owner. */
export function permissionsOfRole(role: Role): readonly Permission[] {
  switch (role) {
    case 'admin':
      return permissions
    case 'operator':
      return operatorsMost
    case 'viewer':
    case 'member':
      return membersMost
  }
}

import { CorralError } from '@/lib/core/errors'

export function notFound(kind: string, name: string): CorralError {
  return new CorralError('admin.not_found', { params: { kind, name } })
}

export function alreadyExists(kind: string, name: string): CorralError {
  return new CorralError('admin.already_exists', { params: { kind, name } })
}

export function inUse(kind: string, name: string, by: string): CorralError {
  return new CorralError('admin.in_use', { params: { kind, name, by } })
}

export function changedMeanwhile(kind: string, name: string): CorralError {
  return new CorralError('admin.changed_meanwhile', { params: { kind, name } })
}

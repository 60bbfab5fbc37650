/** What an audit row tells of a thing before or after an act. */
export type AuditedFields = Readonly<Record<string, unknown>>

export function readAudited(told: unknown): AuditedFields {
  return typeof told === 'object' && told !== null ? (told as AuditedFields) : {}
}

export function changedOf(before: AuditedFields, after: AuditedFields): AuditedFields {
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
    ),
  )
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export type DiffLine = { field: string; was: string | null; is: string | null }

type Fields = Readonly<Record<string, unknown>>

const secret = /secret|password|token|credential|digest|hash$/i

/**
 * The fields that differ, as text; null where a side has none. Fields of objects get a path
 * (`limits.requests`). Of a secret it only says that it changed.
 */
export function renderDiff(before: Fields | null, after: Fields | null): DiffLine[] {
  const [was, is] = [flatten(before ?? {}), flatten(after ?? {})]
  const fields = [...new Set([...was.keys(), ...is.keys()])]
  return fields.flatMap((field): DiffLine[] => {
    const line = { field, was: was.get(field) ?? null, is: is.get(field) ?? null }
    if (line.was === line.is) return []
    return [secret.test(field) ? { field, was: null, is: 'changed' } : line]
  })
}

function flatten(fields: Fields, path = ''): Map<string, string> {
  const lines = new Map<string, string>()
  for (const [name, value] of Object.entries(fields)) {
    const field = path ? `${path}.${name}` : name
    if (isFields(value)) {
      for (const [inner, text] of flatten(value, field)) lines.set(inner, text)
    } else if (value !== undefined) {
      lines.set(field, renderValue(value))
    }
  }
  return lines
}

function renderValue(value: unknown): string {
  if (value === null) return 'none'
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    return value.length === 0 ? 'none' : value.join(', ')
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

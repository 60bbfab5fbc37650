/** One filter of a list: a field that is, or is not, one of some values. */
export type Filter = { field: string; isNot: boolean; values: string[] }

/** What can be filtered by. A `least` field has one value, a number, and reads `at least`. */
export type FilterField = {
  id: string
  label: string
  kind?: 'choice' | 'text' | 'least'
  /** Values of a choice in words, where these differ from what the URL says. */
  words?: Readonly<Record<string, string>>
}

/** The members of a team are one filter; a URL has room for about so many ids. */
const valuesMax = 200

/** Reads `status=4xx,5xx&model=!nomic`; what no field is named after is left alone. */
export function parseFilters(params: URLSearchParams, fields: readonly FilterField[]): Filter[] {
  return fields.flatMap((field) => {
    const text = params.get(field.id)
    if (!text) return []
    const isNot = text.startsWith('!')
    const values = splitValues(isNot ? text.slice(1) : text).slice(0, valuesMax)
    return values.length === 0 ? [] : [{ field: field.id, isNot, values }]
  })
}

/** The search params with these filters and without the others of these fields. */
export function renderFilters(
  params: URLSearchParams,
  fields: readonly FilterField[],
  filters: readonly Filter[],
): URLSearchParams {
  const next = new URLSearchParams(params)
  for (const field of fields) next.delete(field.id)
  for (const { field, isNot, values } of filters) {
    if (values.length > 0)
      next.set(field, `${isNot ? '!' : ''}${values.map(escapeValue).join(',')}`)
  }
  return next
}

/** As its chip reads: `Status is 4xx, 5xx`. */
export function describeFilter(filter: Filter, field: FilterField): string {
  const values = filter.values.map((value) => field.words?.[value] ?? value).join(', ')
  if (field.kind === 'least') return `${field.label} at least ${values}`
  if (field.kind === 'text') {
    return `${field.label} ${filter.isNot ? 'does not contain' : 'contains'} ${values}`
  }
  return `${field.label} ${filter.isNot ? 'is not' : 'is'} ${values}`
}

/** The filters with one field set, or removed when it has no values. */
export function setFilter(filters: readonly Filter[], changed: Filter): Filter[] {
  const position = filters.findIndex(({ field }) => field === changed.field)
  const others = filters.filter(({ field }) => field !== changed.field)
  if (changed.values.length === 0) return others
  return position < 0 ? [...others, changed] : others.toSpliced(position, 0, changed)
}

/** The filters with a value taken in or out. */
export function toggleValue(filters: readonly Filter[], field: string, value: string): Filter[] {
  const current = filters.find((filter) => filter.field === field)
  const values = current?.values ?? []
  return setFilter(filters, {
    field,
    isNot: current?.isNot ?? false,
    values: values.includes(value)
      ? values.filter((other) => other !== value)
      : [...values, value].slice(0, valuesMax),
  })
}

function splitValues(text: string): string[] {
  const values = text.match(/(?:\\.|[^,\\])+/g) ?? []
  return [...new Set(values.map((value) => value.replace(/\\(.)/g, '$1')))]
}

function escapeValue(value: string): string {
  return value.replace(/[\\,]/g, '\\$&').replace(/^!/, '\\!')
}

'use client'

import { useCallback, useMemo, useState } from 'react'
import type { FilterValue } from '@/components/filters/field-editor'
import { keepMatching, loadFilterValues } from '@/components/filters/load-values'
import { useFilters } from '@/components/filters/use-filters'
import type { ListedRequest, RequestLog } from '@/lib/admin/request-log'
import type { FilterField } from '@/lib/ui/filters'

/** What a row has of a field, and how it is called. */
const ofRow: Record<string, (row: ListedRequest) => [string | null, string | null]> = {
  status: ({ status }) => [String(status), null],
  error: ({ errorCode }) => [errorCode, null],
  key: ({ keyId, keyName }) => [keyId, keyName],
  user: ({ userId, principal }) => [userId, principal],
  model: ({ modelServed }) => [modelServed, null],
  asked: ({ modelAsked }) => [modelAsked, null],
  server: ({ backendId, backendName }) => [backendId, backendName],
  operation: ({ operation }) => [operation, null],
  address: ({ clientAddress }) => [clientAddress, null],
}

/** Fields whose values nobody counts: what is typed is a value, too. */
const typed = new Set(['asked', 'address', 'status'])

/** The filters of the URL, with ids named, and the values that a field can have. */
export function useRequestFilters({
  fields,
  names,
  rows,
  query,
}: {
  fields: readonly FilterField[]
  names: RequestLog['names']
  rows: readonly ListedRequest[]
  query: string
}) {
  const [learnt, setLearnt] = useState<Record<string, Record<string, string>>>({})
  const filters = useFilters(fields)
  const named = useMemo(
    () =>
      fields.map((field) => {
        const read = ofRow[field.id]
        const seen: Record<string, string> = {}
        if (read) {
          for (const row of rows) {
            const [value, name] = read(row)
            if (value !== null && name !== null) seen[value] = name
          }
        }
        const known = Object.entries(names).find(([id]) => id === field.id)?.[1]
        return { ...field, words: { ...field.words, ...seen, ...learnt[field.id], ...known } }
      }),
    [fields, rows, names, learnt],
  )

  const loadValues = useCallback(
    async (field: string, text: string): Promise<FilterValue[]> => {
      const params = new URLSearchParams(query)
      params.set('field', field)
      const values = await loadFilterValues(`/console/data/requests/values?${params}`, '')
      const words = Object.fromEntries(values.map(({ value, label }) => [value, label ?? value]))
      setLearnt((was) => ({ ...was, [field]: { ...was[field], ...words } }))
      const all = withSeen(values, field, rows)
      const wanted = text.trim().toLowerCase()
      const found = keepMatching(all, text)
      const isValue = wanted !== '' && (field !== 'status' || /^[1-5](\d\d|xx)$/.test(wanted))
      if (!typed.has(field) || !isValue || found.some(({ value }) => value === text.trim())) {
        return found
      }
      return [{ value: text.trim() }, ...found]
    },
    [query, rows],
  )
  return { ...filters, fields: named, loadValues }
}

/** What roll-ups do not count is taken from the rows that are there, without counts. */
function withSeen(
  values: readonly FilterValue[],
  field: string,
  rows: readonly ListedRequest[],
): FilterValue[] {
  const read = ofRow[field]
  const all = new Map(values.map((one) => [one.value, one]))
  for (const row of read ? rows : []) {
    const [value, name] = read?.(row) ?? [null, null]
    if (value !== null && !all.has(value)) all.set(value, { value, label: name ?? value })
  }
  return [...all.values()]
}

/** The order of a list: `sort=name`, `sort=-lastUsed`. */
export type Sort = { column: string; isDescending: boolean }

export function parseSort(
  text: string | null | undefined,
  columns: readonly string[],
): Sort | null {
  if (!text) return null
  const isDescending = text.startsWith('-')
  const column = isDescending ? text.slice(1) : text
  return columns.includes(column) ? { column, isDescending } : null
}

export function renderSort({ column, isDescending }: Sort): string {
  return isDescending ? `-${column}` : column
}

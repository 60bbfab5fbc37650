import type { FilterValue } from './field-editor'

/** The values that `url` gives of a filter's field, of which those are kept that hold the text. */
export async function loadFilterValues(url: string, text: string): Promise<FilterValue[]> {
  const answer = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(15_000) })
  if (!answer.ok) throw new Error(`the console answered ${answer.status}`)
  return keepMatching((await answer.json()) as FilterValue[], text)
}

export function keepMatching<Value extends FilterValue>(
  values: readonly Value[],
  text: string,
): Value[] {
  const wanted = text.trim().toLowerCase()
  return values.filter(({ value, label }) => (label ?? value).toLowerCase().includes(wanted))
}

import type { FilterValue } from './field-editor'

const wordsOf = ({ value, label }: FilterValue) => label ?? value

/**
 * The values that `url` gives of a filter's field, of which those are kept whose words hold the
 * text. Where people know a value by its name too, `words` says both.
 */
export async function loadFilterValues(
  url: string,
  text: string,
  words: (value: FilterValue) => string = wordsOf,
): Promise<FilterValue[]> {
  const answer = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(15_000) })
  if (!answer.ok) throw new Error(`the console answered ${answer.status}`)
  return keepMatching((await answer.json()) as FilterValue[], text, words)
}

export function keepMatching<Value extends FilterValue>(
  values: readonly Value[],
  text: string,
  words: (value: Value) => string = wordsOf,
): Value[] {
  const wanted = text.trim().toLowerCase()
  return values.filter((value) => words(value).toLowerCase().includes(wanted))
}

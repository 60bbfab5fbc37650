/** The most that a figure was, and of what. */
export type Most = { of: string; figure: number | null }

/** A share falls when the next layer is heard of: it stays at its most. Another `of` begins anew. */
export function neverBack(most: Most, { of, figure }: Most): Most {
  if (most.of !== of || most.figure === null) return { of, figure }
  return figure === null ? most : { of, figure: Math.max(figure, most.figure) }
}

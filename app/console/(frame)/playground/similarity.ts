/** The cosine of the angle between each two, 1 for the same direction. */
export function compareAll(vectors: readonly (readonly number[])[]): number[][] {
  const lengths = vectors.map((vector) => Math.sqrt(dot(vector, vector)))
  return vectors.map((one, i) =>
    vectors.map((other, j) => {
      const both = (lengths[i] ?? 0) * (lengths[j] ?? 0)
      return both === 0 ? 0 : dot(one, other) / both
    }),
  )
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)
}

import { createRandom } from './text-tokens'

/** A vector of length 1 that depends on nothing but the text: the same text, the same vector. */
export function embedText(text: string, dimensions: number, length: number): number[] {
  const random = createRandom(`embedding ${text}`)
  const raw = Array.from({ length }, () => random() * 2 - 1).slice(0, dimensions || length)
  return normalize(raw).map(Math.fround)
}

/** A float32 as Go prints it: the fewest digits that give the same float32 again. */
export function shortenFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}

export function renderBase64Floats(vector: number[]): string {
  const bytes = Buffer.alloc(vector.length * 4)
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4)
  })
  return bytes.toString('base64')
}

function normalize(vector: number[]): number[] {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1
  return vector.map((value) => value / norm)
}

const TOKEN = /\s*(?:[\p{L}\p{N}\p{M}]{1,8}|[^\s\p{L}\p{N}\p{M}]{1,3})|\s+$/gu

/** Cuts a text into pieces as a tokenizer would: a word carries the space before it. */
export function splitTokens(text: string): string[] {
  return text.match(TOKEN) ?? []
}

/** How many tokens a text costs. */
export function countTokens(text: string): number {
  let count = 0
  TOKEN.lastIndex = 0
  while (TOKEN.exec(text)) count += 1
  return count
}

/** How many characters two texts share from the first one on. */
export function commonPrefixLength(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  let index = 0
  while (index < length && a.charCodeAt(index) === b.charCodeAt(index)) index += 1
  return index
}

/** A generator of numbers in [0, 1) that gives the same row for the same seed. */
export function createRandom(seed: string): () => number {
  let state = 2_166_136_261
  for (let index = 0; index < seed.length; index++) {
    state = Math.imul(state ^ seed.charCodeAt(index), 16_777_619)
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

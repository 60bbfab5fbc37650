/**
 * Orders by rendezvous hashing: a principal's uploads, create and push meet the same backend each
 * time, and when one goes only its own principals move.
 */
export function rankBySteadiness<T extends { backend: { id: string } }>(
  candidates: readonly T[],
  steadyBy: string,
): T[] {
  return candidates
    .map((candidate) => ({ candidate, rank: hash(`${steadyBy}\n${candidate.backend.id}`) }))
    .sort((a, b) => b.rank - a.rank)
    .map(({ candidate }) => candidate)
}

/** FNV-1a, then a finalizer: ids that differ in their last letter must not rank alike. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

import type { ReasonCode, Selection } from './contract'

/**
 * The route decision of a usage record (H1), at most 199 bytes of UTF-8: the chosen backend, then
 * each reason with the backends that it kept away: `gpu-1; later_in_order: gpu-2; no_model: cpu`.
 * Those that were dialled before the chosen one and failed are `tried_first`. What finds no room is
 * counted: `+3`. A `chosenIndex` out of range chose nobody: `-`.
 */
export function renderRouteDecision(selection: Selection, chosenIndex: number): string {
  const chosen = selection.candidates[chosenIndex]
  const byReason = new Map<Reason, string[]>()
  for (const { name, reason } of listOthers(selection, chosenIndex)) {
    const names = byReason.get(reason) ?? []
    byReason.set(reason, names)
    names.push(name)
  }
  let text = chosen === undefined ? '-' : cutToBytes(chosen.backend.name, nameBytesMax)
  let leftOut = 0
  for (const [reason, names] of byReason) {
    let opening = `; ${reason}: `
    for (const name of names) {
      const next = `${text}${opening}${cutToBytes(name, nameBytesMax)}`
      if (Buffer.byteLength(next) > decisionBytesMax - countBytesMax) {
        leftOut++
        continue
      }
      text = next
      opening = ','
    }
  }
  return leftOut > 0 ? `${text} +${leftOut}` : text
}

type Reason = ReasonCode | 'tried_first'

const decisionBytesMax = 199
const countBytesMax = 6
const nameBytesMax = 60

function listOthers(
  { candidates, rejected }: Selection,
  chosenIndex: number,
): { name: string; reason: Reason }[] {
  const chosen = candidates[chosenIndex]
  const seen = new Set(chosen === undefined ? [] : [chosen.backend.id])
  const others: { name: string; reason: Reason }[] = []
  for (const [index, { backend }] of candidates.entries()) {
    if (seen.has(backend.id)) continue
    seen.add(backend.id)
    others.push({
      name: backend.name,
      reason: index < chosenIndex ? 'tried_first' : 'later_in_order',
    })
  }
  return others.concat(rejected.map(({ backend, reason }) => ({ name: backend.name, reason })))
}

/** Cuts between characters, never inside one. */
function cutToBytes(text: string, bytesMax: number): string {
  if (Buffer.byteLength(text) <= bytesMax) return text
  let cut = ''
  let bytes = 0
  for (const char of text) {
    bytes += Buffer.byteLength(char)
    if (bytes > bytesMax) break
    cut += char
  }
  return cut
}

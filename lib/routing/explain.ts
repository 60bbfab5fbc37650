import type { Candidate, ReasonCode, Selection } from './contract'

/**
 * The route decision of a usage record (H1), at most 199 bytes of UTF-8: the chosen backend, then
 * each reason with the backends that it kept away: `gpu-1; later_in_order: gpu-2; no_model: cpu`.
 * What finds no room is counted: `+3`. A `chosenIndex` out of range chose nobody: `-`.
 */
export function renderRouteDecision(selection: Selection, chosenIndex: number): string {
  const chosen = selection.candidates[chosenIndex]
  const byReason = new Map<ReasonCode, string[]>()
  for (const { name, reason } of listOthers(selection, chosen)) {
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

export type Explanation = {
  backend: string
  model: string | null
  /** Place in the order of trying, from 1; null for a backend that is not tried. */
  place: number | null
  text: string
}

/** A selection in words, for the command line: first the candidates in order, then the others. */
export function explainSelection(selection: Selection): Explanation[] {
  const tried = selection.candidates.map(({ backend, model, aliased }, index) => ({
    backend: backend.name,
    model,
    place: index + 1,
    text: index === 0 ? `takes the request${aliased ? `, as ${model}` : ''}` : 'tried next',
  }))
  const others = selection.rejected.map(({ backend, reason }) => ({
    backend: backend.name,
    model: null,
    place: null,
    text: reasonTexts[reason],
  }))
  return [...tried, ...others]
}

const decisionBytesMax = 199
const countBytesMax = 6
const nameBytesMax = 60

const reasonTexts: Record<ReasonCode, string> = {
  disabled: 'is disabled',
  draining: 'is draining: it takes no new work',
  unhealthy: 'is unhealthy',
  circuit_open: 'failed too often lately and is left alone for a while',
  model_circuit_open: 'ran out of memory with this model lately',
  no_model: 'does not have the model',
  operation_off: 'is not allowed this operation',
  model_off: 'is not allowed this model',
  dialect: 'does not speak the dialect of the request',
  too_large: 'has too little memory for the model',
  label: 'lacks the label asked for',
  not_pinned: 'is not the backend asked for',
  not_assigned: 'the model is assigned to another backend',
  capability: 'its model lacks images, tools or thinking',
  rate: 'has had its requests of this minute',
  full: 'has no free slot',
  later_in_order: 'comes later in the order',
}

function listOthers(
  { candidates, rejected }: Selection,
  chosen: Candidate | undefined,
): { name: string; reason: ReasonCode }[] {
  const seen = new Set(chosen === undefined ? [] : [chosen.backend.id])
  const others: { name: string; reason: ReasonCode }[] = []
  for (const { backend } of candidates) {
    if (seen.has(backend.id)) continue
    seen.add(backend.id)
    others.push({ name: backend.name, reason: 'later_in_order' })
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

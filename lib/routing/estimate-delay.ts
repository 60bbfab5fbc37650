import type { BackendView } from './contract'
import { bytesInGb } from './memory-need'

/**
 * What warm-first compares (D4): how long a request would wait on a backend before its own
 * prefill begins, in ms. A loaded model with a free slot costs nothing; a loaded one without
 * costs the requests ahead for each slot, times what a request takes there; one that must be
 * loaded costs the load, and more when that drives out a model, most when that model is at work.
 * A load that our own requests have begun is shared by the next ones.
 */
export function estimateDelayMs(candidate: {
  backend: BackendView
  normalizedModel: string | null
  needGb: () => number
}): number {
  const { backend, normalizedModel: model } = candidate
  const wait = waitForSlotMs(backend)
  if (model === null || backend.kind !== 'ollama' || backend.loaded.has(model)) return wait

  const needGb = candidate.needGb()
  const loadMs = loadBaseMs + needGb * loadMsPerGb
  if (backend.inFlightOfModel(model) > 0) return wait + loadMs / 2
  return wait + loadMs + evictionMs(backend, { needGb, loadMs })
}

/** Where nobody has measured: what a request takes, and a disk of 2 GB/s. */
const requestMsAssumed = 5000
const loadBaseMs = 1000
const loadMsPerGb = 500

function waitForSlotMs(backend: BackendView): number {
  const slots = Math.max(1, backend.maxParallel)
  const ahead = backend.inFlight - slots + 1
  if (ahead <= 0) return 0
  return (ahead / slots) * (backend.requestMs ?? requestMsAssumed)
}

function evictionMs(
  backend: BackendView,
  { needGb, loadMs }: { needGb: number; loadMs: number },
): number {
  if (backend.loaded.size === 0) return 0
  let idleGb = 0
  let busyGb = 0
  let busyModels = 0
  for (const [name, { sizeBytes }] of backend.loaded) {
    const busy = backend.inFlightOfModel(name) > 0
    if (busy) busyModels++
    if (busy) busyGb += sizeBytes / bytesInGb
    else idleGb += sizeBytes / bytesInGb
  }
  const limitGb = backend.maxMemoryGb
  const busyMs = busyModels * (backend.requestMs ?? requestMsAssumed)
  // Without a limit nobody knows whether it fits: the danger is then a half.
  if (limitGb === null) return (loadMs / 2 + busyMs) / 2
  if (idleGb + busyGb + needGb <= limitGb) return 0
  if (busyGb + needGb <= limitGb) return loadMs / 2
  return loadMs / 2 + busyMs
}

import { isCloudModelName, normalizeModelName } from '@/lib/core/model-name'
import type { Candidate } from './contract'

/** A local name may stand for a model that runs on ollama.com: it spends the owner's account too. */
export function runsElsewhere({ backend, model }: Candidate): boolean {
  if (model === null) return false
  if (isCloudModelName(model)) return true
  return backend.catalogue?.get(normalizeModelName(model))?.entry.remote_host !== undefined
}

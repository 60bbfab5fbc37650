import { ensureBuilt } from '../../tests/support/ensure-built'

/** What the journeys run on: built once, and only when a source changed. */
export default function build(): Promise<void> {
  return ensureBuilt()
}

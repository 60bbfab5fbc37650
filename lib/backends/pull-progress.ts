import type { ModelJobProgress } from '@/lib/db/contract-duties'

export type PullLine = {
  status: string
  digest?: string | undefined
  total?: number | undefined
  completed?: number | undefined
}

const layersMax = 200
const speedOverMs = 5000
const samplesMax = 50
const sampleEveryMs = 200

/** Puts the lines of a pull together: its layers, and how fast the last five seconds were. */
export function createPullProgress({ monotonicMs }: { monotonicMs: () => number }): {
  take(line: PullLine): ModelJobProgress
} {
  const layers = new Map<string, ModelJobProgress['layers'][number]>()
  let samples: { atMs: number; bytes: number }[] = []

  const speed = (bytes: number): number | null => {
    const atMs = monotonicMs()
    const last = samples.at(-1)
    if (last === undefined || atMs - last.atMs >= sampleEveryMs) samples.push({ atMs, bytes })
    samples = samples.filter((one) => atMs - one.atMs <= speedOverMs).slice(-samplesMax)
    const [first] = samples
    if (first === undefined || atMs - first.atMs < sampleEveryMs) return null
    return Math.round(((bytes - first.bytes) * 1000) / (atMs - first.atMs))
  }

  return {
    take({ status, digest, total, completed }) {
      if (digest !== undefined && (layers.has(digest) || layers.size < layersMax)) {
        const before = layers.get(digest)
        const totalBytes = total ?? before?.totalBytes ?? 0
        const completedBytes = completed ?? before?.completedBytes ?? 0
        layers.set(digest, { digest, totalBytes, completedBytes })
      }
      const all = [...layers.values()]
      const completedBytes = all.reduce((sum, layer) => sum + layer.completedBytes, 0)
      return {
        status,
        layers: all,
        totalBytes: all.reduce((sum, layer) => sum + layer.totalBytes, 0),
        completedBytes,
        bytesPerSecond: speed(completedBytes),
      }
    },
  }
}

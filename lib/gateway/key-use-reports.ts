import type { KeyUseReport } from '@/lib/db/contract'
import { findKeyUse } from '@/lib/limits/rate-limit'
import type { Gateway } from './gateway'

const keysMax = 1000

export type KeyUseWatch = {
  /** The windows of the keys that were used last; those that have emptied are let go. */
  look(usedNow: readonly string[]): KeyUseReport[]
}

/** B4: looks only at keys that were used lately, however many windows there are. */
export function watchKeyUses({ windows }: Pick<Gateway, 'windows'>): KeyUseWatch {
  const watched = new Set<string>()
  return {
    look(usedNow) {
      for (const keyId of usedNow) {
        watched.delete(keyId)
        watched.add(keyId)
      }
      const reports: KeyUseReport[] = []
      for (const keyId of watched) {
        const use = watched.size > keysMax ? null : findKeyUse(windows, keyId)
        if (use === null || use.used === 0) watched.delete(keyId)
        else reports.push({ keyId, ...use })
      }
      return reports
    },
  }
}

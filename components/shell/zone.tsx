'use client'

import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'

const Zone = createContext('UTC')

export function ZoneProvider({ timezone, children }: { timezone: string; children: ReactNode }) {
  return <Zone value={timezone}>{children}</Zone>
}

/** The zone of the setting `timezone`. */
export function useZone(): string {
  return useContext(Zone)
}

/** The reader's own zone; on the server, and at first paint, the console's. */
export function useOwnZone(): string {
  const zone = useZone()
  return useSyncExternalStore(
    neverChanges,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone || zone,
    () => zone,
  )
}

function neverChanges(): () => void {
  return () => {}
}

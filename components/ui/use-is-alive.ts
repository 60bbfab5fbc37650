import { useSyncExternalStore } from 'react'

/** Whether the page's script has taken over what the server rendered; true at once after that. */
export function useIsAlive(): boolean {
  return useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  )
}

function neverChanges(): () => void {
  return () => {}
}

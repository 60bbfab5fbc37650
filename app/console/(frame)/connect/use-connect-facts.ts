'use client'

import { useQuery } from '@tanstack/react-query'
import type { ConnectFacts } from '@/lib/admin/connect-facts'

/** Asked once while a dialog that needs it is open; null until it is there. */
export function useConnectFacts(): (ConnectFacts & { url: string }) | null {
  const { data } = useQuery({
    queryKey: ['connect'],
    staleTime: 10_000,
    queryFn: async ({ signal }) => {
      const answer = await fetch('/console/data/connect', { signal, cache: 'no-store' })
      if (!answer.ok) throw new Error(`the console answered ${answer.status}`)
      return (await answer.json()) as ConnectFacts
    },
  })
  return data ? { ...data, url: data.gatewayUrl || window.location.origin } : null
}

'use client'

import { useQuery } from '@tanstack/react-query'
import type { ConnectFacts } from '@/lib/admin/connect-facts'

export type ConnectTarget = ConnectFacts & { url: string }

/** Asked once while a dialog that needs it is open; null until it is there, or did not come. */
export function useConnectFacts(): {
  facts: ConnectTarget | null
  problem: string | null
  retry: () => void
} {
  const { data, error, refetch } = useQuery({
    queryKey: ['connect'],
    staleTime: 10_000,
    networkMode: 'always',
    queryFn: async ({ signal }) => {
      const answer = await fetch('/console/data/connect', { signal, cache: 'no-store' })
      if (!answer.ok) throw new Error(`The console answered ${answer.status}.`)
      return (await answer.json()) as ConnectFacts
    },
  })
  return {
    facts: data ? { ...data, url: data.gatewayUrl || window.location.origin } : null,
    problem: data || !error ? null : error.message,
    retry: () => void refetch(),
  }
}

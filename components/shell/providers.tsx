'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { type ReactNode, useState } from 'react'
import { ToastPlace } from '@/components/toast/toast-place'
import { Theme } from './theme'
import { ZoneProvider } from './zone'

/** What every page of the frame stands in. `nonce` is the one of the page's CSP. */
export function Providers({
  nonce,
  timezone,
  children,
}: {
  nonce?: string
  /** The setting `timezone`: it rules every time that is shown. */
  timezone: string
  children: ReactNode
}) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { refetchOnWindowFocus: false, retry: false, staleTime: 1000 },
        },
      }),
  )
  return (
    <Theme nonce={nonce}>
      <QueryClientProvider client={client}>
        <NuqsAdapter>
          <ZoneProvider timezone={timezone}>
            {children}
            <ToastPlace />
          </ZoneProvider>
        </NuqsAdapter>
      </QueryClientProvider>
    </Theme>
  )
}

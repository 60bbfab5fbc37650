'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider } from 'next-themes'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { type ReactNode, useState } from 'react'
import { Toaster } from '@/components/ui/sonner'
import { TooltipProvider } from '@/components/ui/tooltip'
import { ZoneProvider } from './zone'

/** What every page of the console stands in. `nonce` is the one of the page's CSP. */
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
    <ThemeProvider
      nonce={nonce}
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      storageKey="corral.theme"
    >
      <QueryClientProvider client={client}>
        <NuqsAdapter>
          <ZoneProvider timezone={timezone}>
            <TooltipProvider>{children}</TooltipProvider>
            <Toaster />
          </ZoneProvider>
        </NuqsAdapter>
      </QueryClientProvider>
    </ThemeProvider>
  )
}

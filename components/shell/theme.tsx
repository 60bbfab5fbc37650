'use client'

import { ThemeProvider } from 'next-themes'
import type { ReactNode } from 'react'

/** Light, dark, or as the system. `nonce` is the one of the page's CSP. */
export function Theme({ nonce, children }: { nonce?: string; children: ReactNode }) {
  return (
    <ThemeProvider
      nonce={nonce}
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      storageKey="corral.theme"
    >
      {children}
    </ThemeProvider>
  )
}

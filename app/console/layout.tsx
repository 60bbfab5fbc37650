import type { Metadata } from 'next'
import type { ReactNode } from 'react'

// A page that was made beforehand would carry no nonce.
export const dynamic = 'force-dynamic'
export const metadata: Metadata = { robots: { index: false, follow: false } }

export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return children
}

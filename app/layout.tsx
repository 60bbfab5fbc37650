import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { iconOf } from '@/components/shell/icon'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Corral', template: '%s · Corral' },
  icons: { icon: iconOf() },
}

export default function RootLayout({ children }: { children: ReactNode }) {
  const fonts = `${GeistSans.variable} ${GeistMono.variable}`
  return (
    <html lang="en" className={fonts} suppressHydrationWarning>
      <body>{children}</body>
    </html>
  )
}

import type { Metadata } from 'next'
import { cookies, headers } from 'next/headers'
import type { ReactNode } from 'react'
import { iconOf } from '@/components/shell/icon'
import { Providers } from '@/components/shell/providers'
import { readBranding, readFrame } from '@/lib/admin/frame'
import { endSession, requireSession } from '@/lib/admin/session'
import { foldedCookie } from '@/lib/ui/cookies'
import { ConsoleFrame } from './console-frame'

export async function generateMetadata(): Promise<Metadata> {
  const { admin } = await requireSession()
  const { title, logo } = await readBranding(admin)
  return {
    title: { default: title, template: `%s · ${title}` },
    icons: { icon: iconOf(logo) },
  }
}

/** The frame of every page: who is signed in, what they may see, how the whole is. */
export default async function FrameLayout({ children }: { children: ReactNode }) {
  const { user, admin, timezone } = await requireSession()
  const [{ pages, acts, health, branding, kept }, cookie, header] = await Promise.all([
    readFrame(admin),
    cookies(),
    headers(),
  ])
  return (
    <Providers nonce={header.get('x-nonce') ?? undefined} timezone={timezone}>
      <ConsoleFrame
        pages={pages}
        acts={acts}
        health={health}
        branding={branding}
        kept={kept}
        user={{ name: user.name, role: user.role, href: `/console/users/${user.id}` }}
        isFolded={cookie.get(foldedCookie)?.value === '1'}
        signOut={signOut}
      >
        {children}
      </ConsoleFrame>
    </Providers>
  )
}

async function signOut(): Promise<void> {
  'use server'
  await endSession()
}

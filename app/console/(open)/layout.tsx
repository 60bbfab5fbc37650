import type { Metadata } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { iconOf } from '@/components/shell/icon'
import { Mark } from '@/components/shell/mark'
import { Theme } from '@/components/shell/theme'
import { openConsole } from '@/lib/admin/open-console'

export async function generateMetadata(): Promise<Metadata> {
  const { brandTitle, brandLogo } = await readSettings()
  return {
    title: { default: brandTitle, template: `%s · ${brandTitle}` },
    icons: { icon: iconOf(brandLogo) },
  }
}

/** Pages for who is not signed in: one card in the middle, and whose door it is. */
export default async function OpenLayout({ children }: { children: ReactNode }) {
  const [settings, header] = await Promise.all([readSettings(), headers()])
  const { brandTitle, brandLogo, brandAccent } = settings
  return (
    <Theme nonce={header.get('x-nonce') ?? undefined}>
      <main
        data-accent={brandAccent}
        className="grid min-h-dvh grid-rows-[1fr_auto_2fr] justify-items-center bg-background p-4"
      >
        <div className="row-start-2 w-full max-w-[352px]">
          <p className="mb-5 flex items-center justify-center gap-2 font-semibold text-base">
            {brandLogo === '' ? (
              <Mark />
            ) : (
              // biome-ignore lint/performance/noImgElement: the logo of the settings is inline
              <img src={brandLogo} alt="" className="size-6 rounded-sm object-contain" />
            )}
            <span className="min-w-0 truncate">{brandTitle}</span>
          </p>
          <div className="rounded-lg border bg-card p-6">{children}</div>
        </div>
      </main>
    </Theme>
  )
}

async function readSettings() {
  return (await openConsole()).readSettings()
}

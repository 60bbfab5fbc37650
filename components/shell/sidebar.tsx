'use client'

import { PanelLeftCloseIcon, PanelLeftOpenIcon } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { Link } from '@/components/link/link'
import { Button } from '@/components/ui/button'
import { Tooltip } from '@/components/ui/tooltip'
import { cn } from '@/lib/ui/cn'
import { Mark } from './mark'
import { findPage, type NavId, type NavPage, navPages } from './navigation'

export type Branding = { title: string; logo?: string; accent?: string }

/** The pages a person may see, as links; folded to icons with their names on hover. */
export function Sidebar({
  pages,
  branding,
  isFolded,
  onFold,
}: {
  pages: readonly NavId[]
  branding: Branding
  isFolded: boolean
  onFold: () => void
}) {
  return (
    <aside
      data-print="hide"
      className={cn(
        'sticky top-0 hidden h-dvh shrink-0 flex-col border-r bg-sidebar md:flex',
        isFolded ? 'w-14' : 'w-[232px]',
      )}
    >
      <div className={cn('flex h-13 shrink-0 items-center', isFolded ? 'justify-center' : 'px-3')}>
        <Brand branding={branding} isFolded={isFolded} />
      </div>
      <NavLinks pages={pages} isFolded={isFolded} />
      <div className={cn('border-t p-2', isFolded && 'flex justify-center')}>
        <Button
          variant="ghost"
          size={isFolded ? 'icon' : 'default'}
          className={cn(
            'text-muted-foreground',
            !isFolded && 'w-full justify-start gap-2.5 px-2.5',
          )}
          onClick={onFold}
          aria-label={isFolded ? 'Unfold the navigation' : undefined}
          aria-expanded={!isFolded}
        >
          {isFolded ? <PanelLeftOpenIcon /> : <PanelLeftCloseIcon />}
          {!isFolded && 'Fold'}
        </Button>
      </div>
    </aside>
  )
}

export function Brand({ branding, isFolded = false }: { branding: Branding; isFolded?: boolean }) {
  return (
    <Link
      href="/console"
      className="flex min-w-0 items-center gap-2.5 rounded-md p-1 font-semibold text-base"
      aria-label={`${branding.title}, overview`}
    >
      {branding.logo ? (
        // biome-ignore lint/performance/noImgElement: a logo of the settings, inline or same-origin
        <img src={branding.logo} alt="" className="size-6 shrink-0 rounded-sm object-contain" />
      ) : (
        <Mark />
      )}
      {!isFolded && <span className="truncate">{branding.title}</span>}
    </Link>
  )
}

export function NavLinks({
  pages,
  isFolded = false,
  onNavigate,
}: {
  pages: readonly NavId[]
  isFolded?: boolean
  onNavigate?: () => void
}) {
  const current = findPage(usePathname())?.id
  const allowed = navPages.filter(({ id }) => pages.includes(id))
  const groups = (['traffic', 'people', 'machines', 'foot'] as const)
    .map((group) => allowed.filter((page) => page.group === group))
    .filter((group) => group.length > 0)
  return (
    <nav
      aria-label="Main"
      className="scrollbar-quiet flex min-h-0 flex-1 flex-col overflow-y-auto px-2 pt-1 pb-2"
    >
      {groups.map((group, index) => (
        <ul
          key={group[0]?.group}
          className={cn(
            'flex flex-col gap-px py-1.5',
            index > 0 && group[0]?.group !== 'foot' && 'mt-1',
            group[0]?.group === 'foot' && 'mt-auto',
          )}
        >
          {group.map((page) => (
            <li key={page.id}>
              <NavLink
                page={page}
                isCurrent={page.id === current}
                isFolded={isFolded}
                onNavigate={onNavigate}
              />
            </li>
          ))}
        </ul>
      ))}
    </nav>
  )
}

function NavLink({
  page,
  isCurrent,
  isFolded,
  onNavigate,
}: {
  page: NavPage
  isCurrent: boolean
  isFolded: boolean
  onNavigate?: () => void
}) {
  const Icon = page.icon
  const link = (
    <Link
      href={page.href}
      onClick={onNavigate}
      aria-current={isCurrent ? 'page' : undefined}
      aria-label={isFolded ? page.label : undefined}
      className={cn(
        'focus-inset flex h-control items-center gap-2.5 rounded-md text-sm transition-colors duration-100',
        isFolded ? 'justify-center' : 'px-2.5',
        isCurrent
          ? 'bg-accent font-medium text-foreground'
          : 'text-muted-foreground hover:bg-accent/60 hover:text-foreground',
      )}
    >
      <Icon className="size-4 shrink-0" />
      {!isFolded && <span className="truncate">{page.label}</span>}
    </Link>
  )
  if (!isFolded) return link
  return (
    <Tooltip side="right" words={() => page.label}>
      {link}
    </Tooltip>
  )
}

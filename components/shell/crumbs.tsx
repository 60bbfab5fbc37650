'use client'

import { usePathname } from 'next/navigation'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { Link } from '@/components/link/link'
import {
  Breadcrumb,
  BreadcrumbItem,
  BreadcrumbLink,
  BreadcrumbList,
  BreadcrumbPage,
  BreadcrumbSeparator,
} from '@/components/ui/breadcrumb'
import { findPage, type NavId, type NavPage } from './navigation'

export type Crumb = { label: string; href?: string }

const SetCrumbs = createContext<(crumbs: readonly Crumb[]) => void>(() => {})
const Crumbs = createContext<readonly Crumb[]>([])

export function CrumbsProvider({ children }: { children: ReactNode }) {
  const [crumbs, setCrumbs] = useState<readonly Crumb[]>([])
  return (
    <SetCrumbs value={setCrumbs}>
      <Crumbs value={crumbs}>{children}</Crumbs>
    </SetCrumbs>
  )
}

/** What a page below a list adds to the breadcrumb: `<PageCrumbs crumbs={[{ label: 'gpu-1' }]} />`. */
export function PageCrumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  const set = useContext(SetCrumbs)
  const text = JSON.stringify(crumbs)
  const stable = useMemo(() => JSON.parse(text) as readonly Crumb[], [text])
  useEffect(() => {
    set(stable)
    return () => set([])
  }, [set, stable])
  return null
}

/** A page that the reader may not see, such as Users above their own account, is no link. */
export function CrumbTrail({ pages }: { pages: readonly NavId[] }) {
  const page = findPage(usePathname())
  const crumbs = useContext(Crumbs)
  if (!page) return null
  const own = crumbs.filter(({ href }) => !href || isOpen(findPage(href), pages))
  const trail: Crumb[] = isOpen(page, pages)
    ? [{ label: page.label, href: page.href }, ...own]
    : own
  return (
    <Breadcrumb className="min-w-0">
      <BreadcrumbList>
        {trail.map((crumb, index) => (
          <CrumbStep
            key={`${crumb.label} ${crumb.href}`}
            crumb={crumb}
            isFirst={index === 0}
            isLast={index === trail.length - 1}
          />
        ))}
      </BreadcrumbList>
    </Breadcrumb>
  )
}

function isOpen(page: NavPage | undefined, pages: readonly NavId[]): boolean {
  return page === undefined || pages.includes(page.id)
}

function CrumbStep({
  crumb,
  isFirst,
  isLast,
}: {
  crumb: Crumb
  isFirst: boolean
  isLast: boolean
}) {
  return (
    <>
      {!isFirst && <BreadcrumbSeparator className="max-sm:hidden" />}
      <BreadcrumbItem className={isLast ? '' : 'shrink-0 max-sm:hidden'}>
        {isLast || !crumb.href ? (
          <BreadcrumbPage title={crumb.label}>{crumb.label}</BreadcrumbPage>
        ) : (
          <BreadcrumbLink asChild>
            <Link href={crumb.href}>{crumb.label}</Link>
          </BreadcrumbLink>
        )}
      </BreadcrumbItem>
    </>
  )
}

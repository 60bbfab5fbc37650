'use client'

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { ToggleGroup, ToggleGroupItem } from '@/components/ui/toggle-group'
import { renderQuery } from '@/lib/ui/query'

/** Mine|All, in the URL. */
export function ViewSwitch() {
  const params = useSearchParams()
  const path = usePathname()
  const router = useRouter()
  const change = (view: string) => {
    if (view === '') return
    const next = new URLSearchParams(params)
    if (view === 'mine') next.set('view', 'mine')
    else next.delete('view')
    const query = renderQuery(next)
    router.push(query ? `${path}?${query}` : path, { scroll: false })
  }
  return (
    <ToggleGroup
      aria-label="Whose keys"
      value={params.get('view') === 'mine' ? 'mine' : 'all'}
      onValueChange={change}
    >
      <ToggleGroupItem value="mine">Mine</ToggleGroupItem>
      <ToggleGroupItem value="all">All</ToggleGroupItem>
    </ToggleGroup>
  )
}

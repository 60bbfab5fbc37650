import type { Metadata } from 'next'
import { requireSession } from '@/lib/admin/session'

export const metadata: Metadata = { title: 'Requests' }

/** The list is the layout's; no sheet is open. */
export default async function RequestsPage() {
  await requireSession()
  return null
}

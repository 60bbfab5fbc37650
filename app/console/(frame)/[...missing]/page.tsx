import { notFound } from 'next/navigation'
import { requireSession } from '@/lib/admin/session'

/** A path of the console that leads nowhere is told per request, inside the frame. */
export default async function MissingPage() {
  await requireSession()
  notFound()
}

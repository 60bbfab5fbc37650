import { findServerPage } from '@/lib/admin/servers'
import { CorralError } from '@/lib/core/errors'
import { answerData } from '../../answer-data'

export const dynamic = 'force-dynamic'

/** What the page of a server shows, while it is open. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { id } = await params
  return answerData(request, async ({ admin }) => {
    const page = await findServerPage(admin, id)
    if (page !== null) return page
    throw new CorralError('admin.not_found', { params: { kind: 'server', name: id } })
  })
}

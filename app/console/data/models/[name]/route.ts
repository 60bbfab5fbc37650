import { findModelPage } from '@/lib/admin/models-page'
import { CorralError } from '@/lib/core/errors'
import { answerData } from '../../answer-data'

export const dynamic = 'force-dynamic'

export async function GET(
  request: Request,
  { params }: { params: Promise<{ name: string }> },
): Promise<Response> {
  const name = decodeURIComponent((await params).name)
  return answerData(request, async ({ admin }) => {
    const page = await findModelPage(admin, name)
    if (page !== null) return page
    throw new CorralError('admin.not_found', { params: { kind: 'model', name } })
  })
}

import { readKeyPage, readKeyUsage } from '@/lib/admin/key-page'
import { readRange, resolveRange } from '@/lib/ui/range'
import { answerData } from '../../answer-data'

export const dynamic = 'force-dynamic'

/** What its page shows live: state, use of the limit, usage in the range. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { id } = await params
  return answerData(request, async ({ admin, timezone }, search) => {
    const nowMs = admin.clock.nowMs()
    const range = readRange(search.get('range'), { nowMs, zone: timezone })
    const period = resolveRange(range, nowMs)
    const [page, usage] = await Promise.all([
      readKeyPage(admin, id),
      readKeyUsage(admin, id, { period, timezone }),
    ])
    return { page, usage }
  })
}

import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { hasCapturedContent } from '@/lib/admin/captured-content'
import { openConsole } from '@/lib/admin/open-console'
import { canReadEverything } from '@/lib/admin/permissions'
import { findRequest, requestFilterFields } from '@/lib/admin/requests'
import { findCaller, requireSession } from '@/lib/admin/session'
import { cutMiddle } from '@/lib/ui/format'
import { toSearchParams } from '@/lib/ui/query'
import { RequestDetail } from '../request-detail'
import { RequestHead } from '../request-head'
import { requestQuery } from '../request-query'
import { RequestSheet } from '../request-sheet'
import { readRequestSearch } from '../search-params'

type PageProps = {
  params: Promise<{ id: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Request ${cutMiddle(await readId(params))}` }
}

/** One request, beside the list that it was found in. */
export default async function RequestPage({ params, searchParams }: PageProps) {
  const { admin, actor, timezone } = await requireSession()
  const [id, given] = await Promise.all([readId(params), searchParams])
  const search = toSearchParams(given)
  const { filter } = readRequestSearch(search, { nowMs: admin.clock.nowMs(), timezone })
  const detail = await findRequest(admin, id, filter)
  if (detail === null) notFound()
  const { record } = detail
  const [hasContent, host] = await Promise.all([hasCapturedContent(admin, record), findHost()])
  return (
    <RequestSheet
      id={record.id}
      query={requestQuery(search, requestFilterFields)}
      newerId={detail.newerId}
      olderId={detail.olderId}
      head={<RequestHead record={record} />}
    >
      <RequestDetail
        detail={detail}
        mayReadAll={canReadEverything(actor)}
        hasContent={hasContent}
        host={host}
      />
    </RequestSheet>
  )
}

/** What a pasted address holds may be no valid escape. */
async function readId(params: PageProps['params']): Promise<string> {
  const { id } = await params
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

/** Where clients call: what the settings say, else the host that this page came from. */
async function findHost(): Promise<string> {
  const [{ readSettings }, header, { secure }] = await Promise.all([
    openConsole(),
    headers(),
    findCaller(),
  ])
  const { publicGatewayUrl } = await readSettings()
  if (publicGatewayUrl !== '') return publicGatewayUrl.replace(/\/$/, '')
  return `${secure ? 'https' : 'http'}://${header.get('host') ?? 'localhost'}`
}

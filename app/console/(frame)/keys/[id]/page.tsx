import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LiveProvider } from '@/components/live/live'
import { PageCrumbs } from '@/components/shell/crumbs'
import { Section } from '@/components/shell/page'
import { listKeyOwners } from '@/lib/admin/key-owners'
import { listKeyHistory, readKeyPage, readKeyUsage } from '@/lib/admin/key-page'
import { requireSession } from '@/lib/admin/session'
import { isCorralError } from '@/lib/core/errors'
import { toSearchParams } from '@/lib/ui/query'
import { readRange, resolveRange } from '@/lib/ui/range'
import { KeyHistory } from './key-history'
import { KeyOverview } from './key-overview'

type Props = {
  params: Promise<{ id: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { admin } = await requireSession()
  const page = await orNotFound(readKeyPage(admin, (await params).id))
  return { title: page.key.name }
}

export default async function KeyPage({ params, searchParams }: Props) {
  const { id } = await params
  const { admin, timezone } = await requireSession()
  const search = toSearchParams(await searchParams)
  const nowMs = admin.clock.nowMs()
  const range = readRange(search.get('range'), { nowMs, zone: timezone })
  const period = resolveRange(range, nowMs)
  const [page, usage, history, owners] = await orNotFound(
    Promise.all([
      readKeyPage(admin, id),
      readKeyUsage(admin, id, { period, timezone }),
      listKeyHistory(admin, id),
      listKeyOwners(admin),
    ]),
  )
  const { key } = page
  const owner = owners.find((one) => one.id === key.ownerId) ?? null
  return (
    <LiveProvider isOn={range.kind === 'relative'}>
      <PageCrumbs crumbs={[{ label: key.name }]} />
      <KeyOverview id={id} initial={{ page, usage }} owner={owner} nowMs={nowMs}>
        <Section title="Changes" description="Who made it what it is, the newest first">
          <KeyHistory rows={history.rows} hasMore={history.hasMore} keyId={key.id} nowMs={nowMs} />
        </Section>
      </KeyOverview>
    </LiveProvider>
  )
}

async function orNotFound<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading
  } catch (error) {
    if (isCorralError(error) && error.code === 'admin.not_found') notFound()
    throw error
  }
}

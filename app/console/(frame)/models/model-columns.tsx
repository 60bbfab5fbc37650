import type { Column } from '@/components/data-table/column'
import type { MatrixRow, MatrixServer } from '@/lib/admin/model-matrix'
import { formatBytes, formatExact, unknown } from '@/lib/ui/format'
import type { ModelLens } from '@/lib/ui/model-list'
import { describeCell, formatContext } from './cell-words'
import type { WantedJob } from './job-dialog'
import { ServerCell } from './server-cell'

/** The columns keep their place and width under every lens: only words of cells change. */
export function makeColumns({
  servers,
  lens,
  zone,
  want,
}: {
  servers: readonly MatrixServer[]
  lens: ModelLens
  zone: string
  want: ((job: WantedJob) => void) | null
}): Column<MatrixRow>[] {
  return [
    {
      id: 'name',
      header: 'Model',
      width: 200,
      grow: true,
      isSortable: true,
      card: 'title',
      isCopyable: true,
      cell: (row) => <span className="font-mono">{row.name}</span>,
      value: (row) => row.name,
    },
    {
      id: 'quantisation',
      header: 'Quant',
      width: 84,
      yields: true,
      card: 'detail',
      cell: (row) => row.quantisation ?? unknown,
      value: (row) => row.quantisation,
      filter: (row) => filterOf('quantisation', row.quantisation),
    },
    {
      id: 'size',
      header: 'Size',
      align: 'right',
      width: 84,
      isSortable: true,
      card: 'value',
      cell: (row) => formatBytes(row.sizeBytes),
      value: (row) => row.sizeBytes,
    },
    {
      id: 'context',
      header: 'Context',
      align: 'right',
      width: 84,
      yields: true,
      isSortable: true,
      cell: (row) => formatContext(row.contextLength),
      value: (row) => row.contextLength,
    },
    {
      id: 'parameters',
      header: 'Parameters',
      align: 'right',
      width: 96,
      isHiddenAtFirst: true,
      cell: (row) => row.parameterSize ?? unknown,
      value: (row) => row.parameterSize,
    },
    {
      id: 'capabilities',
      header: 'Can',
      width: 150,
      yields: true,
      cell: (row) => capabilitiesOf(row),
      value: (row) => capabilitiesOf(row),
    },
    {
      id: 'family',
      header: 'Family',
      width: 96,
      isHiddenAtFirst: true,
      cell: (row) => row.family ?? unknown,
      value: (row) => row.family,
      filter: (row) => filterOf('family', row.family),
    },
    {
      id: 'servers',
      header: 'Servers',
      width: 150,
      isHiddenAtFirst: true,
      card: 'detail',
      // On the card of a phone this is all that a lens shows.
      cell: (row) =>
        lens === 'present'
          ? serversOf(row, servers.length)
          : copiesOf(row, { servers, lens, zone }),
      value: (row) => serversOf(row, servers.length),
    },
    ...servers.map(
      (server, index): Column<MatrixRow> => ({
        id: `server-${server.id}`,
        header: server.name,
        width: 138,
        cell: (row) => (
          <ServerCell row={row} index={index} server={server} lens={lens} zone={zone} want={want} />
        ),
      }),
    ),
    {
      id: 'use',
      header: 'Requests',
      unit: '30 d',
      align: 'right',
      width: 116,
      isSortable: true,
      card: 'end',
      cell: (row) =>
        row.use === 'never' ? (
          <span className="text-muted-foreground">never</span>
        ) : (
          formatExact(row.requests30d)
        ),
      value: (row) => row.requests30d,
      filter: (row) => ({ field: 'use', value: row.use }),
    },
  ]
}

/** What every model that chats can do goes without saying. */
function capabilitiesOf({ capabilities }: MatrixRow): string {
  if (capabilities === null) return unknown
  const special = capabilities.filter((one) => one !== 'completion')
  return special.length === 0 ? capabilities.join(', ') || unknown : special.join(', ')
}

function serversOf({ cells }: MatrixRow, all: number): string {
  const on = cells.filter((cell) => cell?.copy).length
  const loaded = cells.filter((cell) => cell?.loaded).length
  return `on ${on} of ${all}${loaded > 0 ? `, loaded on ${loaded}` : ''}`
}

function copiesOf(
  { cells }: MatrixRow,
  { servers, lens, zone }: { servers: readonly MatrixServer[]; lens: ModelLens; zone: string },
): string {
  const told = servers.flatMap(({ name }, index) =>
    cells[index]?.copy ? `${name} ${describeCell(cells[index], lens, zone).text}` : [],
  )
  return told.join(', ') || unknown
}

function filterOf(field: string, value: string | null) {
  return value === null ? null : { field, value }
}

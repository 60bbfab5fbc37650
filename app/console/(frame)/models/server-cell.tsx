'use client'

import { LazyMenu } from '@/components/lazy-overlay/lazy-menu'
import { useNeverBack } from '@/components/progress-row/use-never-back'
import type { MatrixCell, MatrixRow, MatrixServer } from '@/lib/admin/model-matrix'
import { cn } from '@/lib/ui/cn'
import type { ModelLens } from '@/lib/ui/model-list'
import { describeCell } from './cell-words'
import type { WantedJob } from './job-dialog'

/** One model on one server; a button with what can be done there, for who may. */
export function ServerCell({
  row,
  index,
  server,
  lens,
  zone,
  want,
}: {
  row: MatrixRow
  index: number
  server: MatrixServer
  lens: ModelLens
  zone: string
  want: ((job: WantedJob) => void) | null
}) {
  const cell = useCell(row, index)
  const { mark, text, tone, whole } = describeCell(cell, lens, zone)
  const words = (
    <>
      {mark && (
        <span aria-hidden="true" className="w-3 shrink-0 text-center text-[0.625rem]">
          {mark}
        </span>
      )}
      <span className="truncate">{text}</span>
    </>
  )
  const look = cn('flex min-w-0 items-center gap-1', tones[tone])
  if (want === null || server.kind !== 'ollama') {
    return (
      <span className={look} title={whole}>
        {words}
      </span>
    )
  }
  const begin = (kind: WantedJob['kind']) => want({ kind, row, serverIds: [server.id] })
  return (
    <LazyMenu
      align="start"
      button={
        <button
          type="button"
          title={whole}
          aria-label={`${row.name} on ${server.name}: ${whole}`}
          className={cn(
            look,
            '-mx-1.5 h-control-sm max-w-full rounded-sm px-1.5 hover:bg-accent data-[state=open]:bg-accent',
          )}
        >
          {words}
        </button>
      }
    >
      {({ DropdownMenuItem, DropdownMenuLabel, DropdownMenuSeparator }) => (
        <>
          <DropdownMenuLabel className="max-w-64 truncate">
            <code>{row.name}</code> on <code>{server.name}</code>
          </DropdownMenuLabel>
          {cell?.copy ? (
            <>
              {cell.loaded === null && (
                <DropdownMenuItem onSelect={() => begin('load')}>Load …</DropdownMenuItem>
              )}
              {cell.loaded !== null && (
                <DropdownMenuItem onSelect={() => begin('unload')}>Unload …</DropdownMenuItem>
              )}
              <DropdownMenuItem onSelect={() => begin('pull')}>Pull again …</DropdownMenuItem>
              <DropdownMenuItem onSelect={() => begin('copy')}>Copy …</DropdownMenuItem>
              <DropdownMenuSeparator />
              <DropdownMenuItem className="text-destructive-text" onSelect={() => begin('delete')}>
                Delete …
              </DropdownMenuItem>
            </>
          ) : (
            <DropdownMenuItem disabled={cell?.pull != null} onSelect={() => begin('pull')}>
              {cell?.pull ? 'It is being pulled' : 'Pull here …'}
            </DropdownMenuItem>
          )}
        </>
      )}
    </LazyMenu>
  )
}

/** Its pull never goes back, as the bar of its job does not. */
function useCell(row: MatrixRow, index: number): MatrixCell | null {
  const cell = row.cells[index] ?? null
  const share = useNeverBack(cell?.pull?.share ?? null, cell?.pull ? row.id : '')
  return cell?.pull ? { ...cell, pull: { ...cell.pull, share } } : cell
}

const tones = {
  plain: '',
  quiet: 'text-muted-foreground',
  busy: 'text-primary-text',
  warn: 'text-warning-text',
}

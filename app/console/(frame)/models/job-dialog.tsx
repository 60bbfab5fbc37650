'use client'

import { type FormEvent, useId, useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { Problem } from '@/components/states/states'
import { TypedConfirmation } from '@/components/typed-confirmation/typed-confirmation'
import { Button } from '@/components/ui/button'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import type { MatrixRow, MatrixServer } from '@/lib/admin/model-matrix'
import { formatNumberOf } from '@/lib/ui/format'
import { jobCommand } from '@/lib/ui/job-command'
import { BlastFactsOf, type RadiusFacts, readRadius } from '../blast-facts'
import { beginModelJob } from './actions'
import { ServerPicker } from './server-picker'

/** What a person is about to do; `row` is null for a model that nobody has yet. */
export type WantedJob = {
  kind: 'pull' | 'load' | 'unload' | 'copy' | 'delete'
  row: MatrixRow | null
  serverIds: string[]
  name?: string
}

type JobDialogProps = {
  open: boolean
  job: WantedJob | null
  servers: readonly MatrixServer[]
  close: () => void
  refresh: () => Promise<void>
}

/** Asks for what a job needs: the model, the servers, how long, the new name. */
export function JobDialog(props: JobDialogProps) {
  const { job, close } = props
  const isDelete = job?.kind === 'delete'
  return (
    <>
      <Dialog open={props.open && !isDelete} onOpenChange={(open) => !open && close()}>
        <DialogContent className="sm:max-w-lg">
          {job !== null && !isDelete && <JobForm {...props} job={job} />}
        </DialogContent>
      </Dialog>
      {job !== null && isDelete && job.row !== null && (
        <DeleteDialog {...props} job={job} row={job.row} />
      )}
    </>
  )
}

const keepAlives = [
  { value: 'default', label: 'As long as the server does by itself' },
  { value: '30m', label: '30 minutes after the last request' },
  { value: '2h', label: '2 hours after the last request' },
  { value: '12h', label: '12 hours after the last request' },
  { value: '-1', label: 'For good, until it is unloaded' },
]

const words = {
  pull: {
    title: 'Pull model',
    verb: 'Pull model',
    text: 'Each server fetches it by itself. A pull that is cancelled goes on where it stopped.',
  },
  load: {
    title: 'Load model',
    verb: 'Load model',
    text: 'The server brings it into memory now, and may push out what is idle there.',
  },
  unload: {
    title: 'Unload model',
    verb: 'Unload model',
    text: 'Its memory is free at once. The next request loads it again.',
  },
  copy: {
    title: 'Copy model',
    verb: 'Copy model',
    text: 'A second name for the same layers. It takes no room on the disk.',
  },
}

function JobForm({ job, servers, close, refresh }: JobDialogProps & { job: WantedJob }) {
  const kind = job.kind === 'delete' ? 'pull' : job.kind
  const nameId = useId()
  const destinationId = useId()
  const keepId = useId()
  const offered = serversFor(job, servers)
  const [name, setName] = useState(job.row?.name ?? job.name ?? '')
  const [destination, setDestination] = useState('')
  const [keepAlive, setKeepAlive] = useState('default')
  const [chosen, setChosen] = useState<readonly string[]>(() => firstChosen(job, offered))
  const [problem, setProblem] = useState<string | null>(null)
  const [isActing, startActing] = useTransition()
  const missing = missingOf({ kind, name, destination, chosen })

  const fields = {
    kind,
    model: name.trim(),
    destination: kind === 'copy' ? destination.trim() : null,
    keepAlive: kind === 'load' && keepAlive !== 'default' ? keepAlive : null,
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (missing !== null || isActing) return
    startActing(async () => {
      setProblem(null)
      const result = await beginModelJob({ ...fields, backendIds: [...chosen] })
      if (!result.ok) return setProblem(result.error.message)
      await refresh()
      close()
    })
  }
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col" noValidate>
      <DialogHeader>
        <DialogTitle>{words[kind].title}</DialogTitle>
        <DialogDescription>{words[kind].text}</DialogDescription>
      </DialogHeader>
      <DialogBody>
        {job.row === null ? (
          <div className="flex flex-col gap-1.5">
            <Label htmlFor={nameId}>Model</Label>
            <Input
              id={nameId}
              value={name}
              onChange={(event) => setName(event.target.value)}
              placeholder="qwen3:8b"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono"
            />
            <p className="text-muted-foreground text-xs">
              A name of ollama.com/library, or one with a host, such as hf.co/org/repo:Q4_K_M
            </p>
          </div>
        ) : (
          <p className="text-sm">
            <span className="text-muted-foreground">Model </span>
            <code className="wrap-anywhere font-medium">{job.row.name}</code>
          </p>
        )}
        {kind === 'copy' && (
          <div className="flex flex-col gap-1.5">
            <Label htmlFor={destinationId}>New name</Label>
            <Input
              id={destinationId}
              value={destination}
              onChange={(event) => setDestination(event.target.value)}
              placeholder="team/assistant:v2"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono"
            />
          </div>
        )}
        {kind === 'load' && (
          <div className="flex flex-col gap-1.5">
            <Label htmlFor={keepId}>Keep it loaded</Label>
            <Select value={keepAlive} onValueChange={setKeepAlive}>
              <SelectTrigger id={keepId}>
                <SelectValue />
              </SelectTrigger>
              <SelectContent>
                {keepAlives.map(({ value, label }) => (
                  <SelectItem key={value} value={value}>
                    {label}
                  </SelectItem>
                ))}
              </SelectContent>
            </Select>
          </div>
        )}
        <ServerPicker
          servers={offered}
          row={job.row}
          chosen={chosen}
          onChange={setChosen}
          none={noneFor[kind]}
        />
        {kind === 'unload' && job.row && (
          <JobBlast row={job.row} chosen={chosen} servers={servers} isUnload />
        )}
        {problem && <Problem title={`${words[kind].verb} did not begin`}>{problem}</Problem>}
      </DialogBody>
      <DialogFooter>
        <div className="sm:mr-auto">
          <AsCommand args={jobCommand({ ...fields, servers: namesOf(servers, chosen) })} />
        </div>
        <Button type="submit" disabled={missing !== null || isActing} title={missing ?? undefined}>
          {words[kind].verb}
        </Button>
      </DialogFooter>
    </form>
  )
}

const noneFor = {
  pull: 'There is no Ollama server to pull onto.',
  load: 'It is loaded wherever it is.',
  unload: 'It is loaded nowhere.',
  copy: 'No server has it.',
}

function DeleteDialog({
  job,
  row,
  servers,
  close,
  refresh,
}: JobDialogProps & { job: WantedJob; row: MatrixRow }) {
  const offered = serversFor(job, servers)
  const [chosen, setChosen] = useState<readonly string[]>(() => firstChosen(job, offered))
  const isEverywhere = chosen.length === row.cells.filter((cell) => cell?.copy).length
  const remove = async () => {
    if (chosen.length === 0) {
      return { ok: false as const, error: { message: 'Choose a server first.' } }
    }
    const result = await beginModelJob({
      kind: 'delete',
      model: row.name,
      backendIds: [...chosen],
    })
    if (result.ok) await refresh()
    return result
  }
  return (
    <TypedConfirmation
      open
      onOpenChange={(open) => !open && close()}
      title={`Delete ${row.name}?`}
      description={`Its files go from ${formatNumberOf(chosen.length, 'server')}. To have it again it must be pulled again.`}
      phrase={row.name}
      verb="Delete model"
      act={remove}
    >
      <ServerPicker
        servers={offered}
        row={row}
        chosen={chosen}
        onChange={setChosen}
        none="No server has it."
      />
      <JobBlast row={row} chosen={chosen} servers={servers} isEverywhere={isEverywhere} />
      <div>
        <AsCommand
          args={jobCommand({
            kind: 'delete',
            model: row.name,
            destination: null,
            keepAlive: null,
            servers: namesOf(servers, chosen),
          })}
        />
      </div>
    </TypedConfirmation>
  )
}

type JobTarget = {
  row: MatrixRow
  chosen: readonly string[]
  servers: readonly MatrixServer[]
  /** No server would have it any more. */
  isEverywhere?: boolean
  isUnload?: boolean
}

function JobBlast(target: JobTarget) {
  const { row, chosen, isEverywhere, isUnload } = target
  if (chosen.length === 0) return null
  return (
    <BlastFactsOf
      id={[row.id, chosen, isEverywhere, isUnload]}
      read={(signal) => readJobRadius(target, signal)}
    />
  )
}

/** Of all servers together, or of each one. */
async function readJobRadius(
  { row, chosen, servers, isEverywhere, isUnload }: JobTarget,
  signal: AbortSignal,
): Promise<RadiusFacts> {
  if (isEverywhere) {
    const radius = await readRadius({ model: row.name }, signal)
    return { facts: [...radius.facts, 'No server would have it'], isHarmless: radius.isHarmless }
  }
  const each = await Promise.all(
    chosen.map((backend) =>
      readRadius({ backend, model: row.name, ...(isUnload && { unload: '1' }) }, signal),
    ),
  )
  const facts = each.flatMap((radius, index) => {
    const name = servers.find(({ id }) => id === chosen[index])?.name
    return radius.facts.map((fact) => (each.length > 1 ? `${name}: ${fact}` : fact))
  })
  return { facts, isHarmless: each.every((radius) => radius.isHarmless) }
}

/** Where the job makes sense. */
function serversFor({ kind, row }: WantedJob, servers: readonly MatrixServer[]): MatrixServer[] {
  return servers.filter((server, index) => {
    if (server.kind !== 'ollama') return false
    const cell = row?.cells[index] ?? null
    if (kind === 'pull') return true
    if (kind === 'load') return cell?.copy != null && cell.loaded === null
    if (kind === 'unload') return cell?.loaded != null
    return cell?.copy != null
  })
}

function firstChosen(job: WantedJob, offered: readonly MatrixServer[]): string[] {
  const given = job.serverIds.filter((id) => offered.some((server) => server.id === id))
  if (given.length > 0) return given
  return offered.length === 1 ? offered.map(({ id }) => id) : []
}

function namesOf(servers: readonly MatrixServer[], chosen: readonly string[]): string[] {
  return servers.filter(({ id }) => chosen.includes(id)).map(({ name }) => name)
}

/** Why the button does nothing yet. */
function missingOf(given: {
  kind: string
  name: string
  destination: string
  chosen: readonly string[]
}): string | null {
  if (given.name.trim() === '') return 'Name the model first'
  if (given.kind === 'copy' && given.destination.trim() === '') return 'Give the new name first'
  return given.chosen.length === 0 ? 'Choose a server first' : null
}

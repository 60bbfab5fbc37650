'use client'

import { type FormEvent, useId, useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { Section } from '@/components/shell/page'
import { EmptyNew, Problem } from '@/components/states/states'
import { toastDone, toastProblem } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from '@/components/ui/table'
import type { RoutingPage } from '@/lib/admin/routing-page'
import { addAssignment, forgetAssignment } from './actions'

type Assignment = RoutingPage['assignments'][number]

export function Assignments({
  assignments,
  servers,
  models,
  mayManage,
  refresh,
}: Pick<RoutingPage, 'assignments' | 'servers' | 'models'> & {
  mayManage: boolean
  refresh: () => Promise<void>
}) {
  const remove = async ({ id, model, backendName }: Assignment) => {
    const result = await forgetAssignment(id)
    if (!result.ok) return toastProblem(`${model} stays assigned`, result.error.message)
    await refresh()
    toastDone(`${model} is not assigned any more`, async () => {
      const again = await addAssignment(model, backendName)
      if (!again.ok) toastProblem(`${model} was not assigned again`, again.error.message)
      await refresh()
    })
  }
  return (
    <Section
      id="assignments"
      title="Assignments"
      description="Models that go to one server, before everything else"
    >
      <div className="overflow-hidden rounded-lg border bg-card">
        {assignments.length === 0 ? (
          <EmptyNew title="No assignments yet" className="min-h-32 py-6">
            Routing chooses among all servers that have a model.
          </EmptyNew>
        ) : (
          <Table cards aria-label="Assignments">
            <TableHeader>
              <TableRow>
                <TableHead className="w-1/3">Model</TableHead>
                <TableHead>Server</TableHead>
                {mayManage && (
                  <TableHead className="w-36">
                    <span className="sr-only">Acts</span>
                  </TableHead>
                )}
              </TableRow>
            </TableHeader>
            <TableBody>
              {assignments.map((one) => (
                <TableRow key={one.id}>
                  <TableCell className="wrap-anywhere font-medium font-mono">{one.model}</TableCell>
                  <TableCell label="Server" className="font-mono">
                    {one.backendName}
                  </TableCell>
                  {mayManage && (
                    <TableCell className="text-right">
                      <Button
                        variant="ghost"
                        size="sm"
                        aria-label={`Remove the assignment of ${one.model}`}
                        onClick={() => remove(one)}
                      >
                        Remove
                      </Button>
                    </TableCell>
                  )}
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
        {mayManage && servers.length > 0 && (
          <AssignForm servers={servers} models={models} refresh={refresh} />
        )}
      </div>
    </Section>
  )
}

function AssignForm({
  servers,
  models,
  refresh,
}: Pick<RoutingPage, 'servers' | 'models'> & { refresh: () => Promise<void> }) {
  const id = useId()
  const [model, setModel] = useState('')
  const [server, setServer] = useState(servers[0]?.name ?? '')
  const [problem, setProblem] = useState<string | null>(null)
  const [isActing, startActing] = useTransition()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (model.trim() === '' || isActing) return
    startActing(async () => {
      setProblem(null)
      const result = await addAssignment(model, server)
      if (!result.ok) return setProblem(result.error.message)
      setModel('')
      await refresh()
    })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 border-t p-3" noValidate>
      <div className="flex flex-wrap items-end gap-2">
        <div className="flex min-w-40 flex-1 flex-col gap-1.5">
          <Label htmlFor={`${id}-model`}>Model or glob</Label>
          <Input
            id={`${id}-model`}
            list={`${id}-models`}
            value={model}
            onChange={(event) => setModel(event.target.value)}
            placeholder="llama3.3:70b"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            className="font-mono"
          />
          <datalist id={`${id}-models`}>
            {models.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </div>
        <div className="flex min-w-40 flex-1 flex-col gap-1.5">
          <Label htmlFor={`${id}-server`}>Server</Label>
          <Select value={server} onValueChange={setServer}>
            <SelectTrigger id={`${id}-server`} className="font-mono">
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {servers.map(({ id: serverId, name }) => (
                <SelectItem key={serverId} value={name} className="font-mono">
                  {name}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        </div>
        <div className="flex gap-2">
          <AsCommand args={['assignments', 'add', model.trim() || '<model>', server]} />
          <Button
            type="submit"
            variant="outline"
            disabled={model.trim() === '' || isActing}
            title={model.trim() === '' ? 'Name the model first' : undefined}
          >
            Assign model
          </Button>
        </div>
      </div>
      {problem && <Problem title="The model was not assigned">{problem}</Problem>}
    </form>
  )
}

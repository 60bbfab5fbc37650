'use client'

import { useQuery } from '@tanstack/react-query'
import { RouteIcon } from 'lucide-react'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { type FormEvent, useId, useState } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { Link } from '@/components/link/link'
import { EmptyNew, Problem } from '@/components/states/states'
import { StatusBadge } from '@/components/status-badge/status-badge'
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
import type { RouteExplanation, RouteQuestion } from '@/lib/admin/explain-route'
import type { RoutingPage } from '@/lib/admin/routing-page'
import { operationGroups } from '@/lib/schemas/names'
import { parseRouteQuestion, routeCommand } from './search-params'

const noKey = 'none'
const fields = ['model', 'key', 'address', 'label', 'pin', 'operation'] as const

/** Names the server that a request would take now, and says of each other why not. */
export function DryRun({
  models,
  keys,
  servers,
}: Pick<RoutingPage, 'models' | 'keys' | 'servers'>) {
  const search = useSearchParams()
  const router = useRouter()
  const path = usePathname()
  const asked = parseRouteQuestion(new URLSearchParams(search))
  const [question, setQuestion] = useState<RouteQuestion>(asked)
  const id = useId()
  const set = (change: Partial<RouteQuestion>) => setQuestion((old) => ({ ...old, ...change }))
  const query = renderQuestion(asked)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['dry-run', query],
    queryFn: ({ signal }) => explain(query, signal),
    enabled: asked.model !== '',
    placeholderData: (before) => before,
  })
  const run = (event: FormEvent) => {
    event.preventDefault()
    if (question.model.trim() === '') return
    const next = renderQuestion(question)
    if (next === query) void refetch()
    else router.push(`${path}?${next}`, { scroll: false })
  }
  return (
    <div className="rounded-lg border bg-card">
      <form onSubmit={run} className="grid gap-3 p-4 sm:grid-cols-2" noValidate>
        <div className="flex flex-col gap-1.5 sm:col-span-2">
          <Label htmlFor={`${id}-model`}>Model</Label>
          <Input
            id={`${id}-model`}
            list={`${id}-models`}
            value={question.model}
            onChange={(event) => set({ model: event.target.value })}
            placeholder="As a program asks for it: a model or an alias"
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
        <div className="flex min-w-0 flex-col gap-1.5">
          <Label htmlFor={`${id}-key`}>Key</Label>
          <Select
            value={question.key ?? noKey}
            onValueChange={(value) => set({ key: value === noKey ? '' : value })}
          >
            <SelectTrigger id={`${id}-key`}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value={noKey}>Any that may</SelectItem>
              {keys.map(({ id: keyId, name, prefix, owner }) => (
                <SelectItem key={keyId} value={prefix}>
                  {name} <span className="text-muted-foreground">of {owner}</span>
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        </div>
        <div className="flex min-w-0 flex-col gap-1.5">
          <Label htmlFor={`${id}-address`}>From address</Label>
          <Input
            id={`${id}-address`}
            value={question.address ?? ''}
            onChange={(event) => set({ address: event.target.value })}
            placeholder="Any"
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        </div>
        <div className="flex min-w-0 flex-col gap-1.5">
          <Label htmlFor={`${id}-label`}>Label</Label>
          <Input
            id={`${id}-label`}
            value={question.label ?? ''}
            onChange={(event) => set({ label: event.target.value })}
            placeholder="gpu=a100"
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        </div>
        <div className="flex min-w-0 flex-col gap-1.5">
          <Label htmlFor={`${id}-operation`}>Operation</Label>
          <Select
            value={question.operation ?? 'inference'}
            onValueChange={(value) => {
              const operation = operationGroups.find((group) => group === value)
              set(operation === undefined ? {} : { operation })
            }}
          >
            <SelectTrigger id={`${id}-operation`}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {operationGroups.map((group) => (
                <SelectItem key={group} value={group}>
                  {operationWords[group]}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        </div>
        <div className="flex items-center justify-end gap-2 sm:col-span-2">
          <AsCommand args={routeCommand(question)} />
          <Button
            type="submit"
            disabled={question.model.trim() === '' || isFetching}
            title={question.model.trim() === '' ? 'Name the model first' : undefined}
          >
            Try route
          </Button>
        </div>
      </form>
      <div className="border-t p-4" aria-live="polite">
        {error !== null ? (
          <Problem title="This route could not be tried">{error.message}</Problem>
        ) : data === undefined ? (
          <EmptyNew icon={RouteIcon} title="No route tried yet" className="min-h-32 py-4">
            It asks routing itself, as a request would, and takes no slot.
          </EmptyNew>
        ) : (
          <Answer explanation={data} servers={servers} />
        )}
      </div>
    </div>
  )
}

const operationWords = {
  inference: 'Chat and generate',
  embeddings: 'Embeddings',
  'models:read': 'Read models',
  'models:manage': 'Manage models',
}

function Answer({
  explanation,
  servers,
}: {
  explanation: RouteExplanation
  servers: RoutingPage['servers']
}) {
  const { chosen, refusal, candidates, notChosen, strategy, needGb, nodes, model } = explanation
  const hrefOf = (name: string) => {
    const server = servers.find((one) => one.name === name)
    return server ? `/console/servers/${server.id}` : '/console/servers'
  }
  const reason = (name: string) => notChosen.find((one) => one.backend === name)
  return (
    <div className="flex flex-col gap-3">
      {chosen !== null && (
        <p className="text-base">
          <code className="wrap-anywhere">{model}</code> would go to{' '}
          <Link href={hrefOf(chosen.backend)} className="font-semibold text-link">
            {chosen.backend}
          </Link>
          {chosen.model !== model && (
            <>
              {' '}
              as <code className="wrap-anywhere">{chosen.model}</code>
            </>
          )}
          .
        </p>
      )}
      {refusal !== null && (
        <Problem title={chosen === null ? 'It would be refused' : 'It would wait'}>
          {refusal.text} <code className="text-xs">{refusal.code}</code>
        </Problem>
      )}
      <ol aria-label="Servers in the order of trying" className="divide-y rounded-lg border">
        {candidates.map((one, index) => (
          <li
            key={`${one.backend} ${one.model}`}
            className="flex min-h-row flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5 text-sm"
          >
            <span className="w-4 shrink-0 text-right text-muted-foreground">{index + 1}</span>
            <Link href={hrefOf(one.backend)} className="min-w-24 truncate font-mono">
              {one.backend}
            </Link>
            <span className="min-w-0 flex-1 text-muted-foreground">
              {describeCandidate(one, index, strategy, refusal === null)}
            </span>
            {index === 0 && chosen !== null && <StatusBadge tone="good">Chosen</StatusBadge>}
          </li>
        ))}
        {notChosen
          .filter(({ backend }) => !candidates.some((one) => one.backend === backend))
          .map(({ backend, why }) => (
            <li
              key={backend}
              className="flex min-h-row flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5 text-sm"
            >
              <span className="w-4 shrink-0 text-right text-muted-foreground">–</span>
              <Link href={hrefOf(backend)} className="min-w-24 truncate font-mono">
                {backend}
              </Link>
              <span className="min-w-0 flex-1">Not chosen: {reason(backend)?.why ?? why}</span>
            </li>
          ))}
      </ol>
      <p className="text-muted-foreground text-xs">
        {[
          `Strategy ${strategy}`,
          needGb !== null && `the model needs ${needGb.toFixed(1)} GB`,
          nodes === 0 && 'no gateway reports now, so health and load are not known',
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </div>
  )
}

function describeCandidate(
  one: RouteExplanation['candidates'][number],
  index: number,
  strategy: string,
  isServed: boolean,
): string {
  const facts = [
    one.loaded ? 'loaded there' : 'not loaded yet',
    `${one.inFlight} in flight`,
    one.health !== 'healthy' && one.health,
  ].filter(Boolean)
  const place = index === 0 || !isServed ? '' : `Not chosen: later in the order of ${strategy}; `
  return `${place}${facts.join(', ')}`
}

function renderQuestion(question: RouteQuestion): string {
  const params = new URLSearchParams()
  for (const field of fields) {
    const value = question[field]
    if (value && !(field === 'operation' && value === 'inference')) params.set(field, value)
  }
  return params.toString()
}

async function explain(query: string, signal: AbortSignal): Promise<RouteExplanation> {
  const answer = await fetch(`/console/data/routing/explain?${query}`, {
    signal,
    cache: 'no-store',
  })
  if (answer.ok) return (await answer.json()) as RouteExplanation
  const body = (await answer.json().catch(() => null)) as { message?: string } | null
  throw new Error(body?.message ?? `The console answered ${answer.status}.`)
}

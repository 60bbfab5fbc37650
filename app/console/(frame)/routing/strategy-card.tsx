'use client'

import { useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { Problem } from '@/components/states/states'
import { toastDone } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import { Label } from '@/components/ui/label'
import { RadioGroup, RadioGroupItem } from '@/components/ui/radio-group'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import type { RoutingPage } from '@/lib/admin/routing-page'
import type { Strategy } from '@/lib/schemas/entities'
import { strategies } from '@/lib/schemas/names'
import { saveStrategy } from './actions'

type Frontend = NonNullable<RoutingPage['frontend']>

const effects: Record<Strategy, string> = {
  'warm-first': 'Where the model is loaded already, then where it would have room (default)',
  'round-robin': 'Each server in turn',
  random: 'Any server, by chance',
  'least-busy': 'The server with the fewest requests at work',
  weighted: 'By chance, in proportion to the weights of servers',
  priority: 'The lowest priority number, the others only when it cannot',
  fastest: 'The server whose first token came soonest lately',
}

export function StrategyCard({
  frontend,
  mayChange,
  refresh,
}: {
  frontend: Frontend
  mayChange: boolean
  refresh: () => Promise<void>
}) {
  const [strategy, setStrategy] = useState<Strategy | null>(null)
  const [unknownModel, setUnknownModel] = useState<Frontend['unknownModel'] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isActing, startActing] = useTransition()
  const wanted = {
    strategy: strategy ?? frontend.strategy,
    unknownModel: unknownModel ?? frontend.unknownModel,
  }
  const isDirty =
    wanted.strategy !== frontend.strategy || wanted.unknownModel !== frontend.unknownModel
  const before = { strategy: frontend.strategy, unknownModel: frontend.unknownModel }
  const save = (change: typeof wanted, words: string, undo?: typeof wanted) =>
    startActing(async () => {
      setProblem(null)
      const result = await saveStrategy(frontend.name, change)
      if (!result.ok) return setProblem(result.error.message)
      await refresh()
      setStrategy(null)
      setUnknownModel(null)
      toastDone(words, undo && (() => save(undo, `Strategy is ${undo.strategy} again`)))
    })
  if (!mayChange) {
    return (
      <div className="rounded-lg border bg-card p-4 text-sm">
        <p>
          <code className="font-medium">{frontend.strategy}</code>
          <span className="text-muted-foreground">: {effects[frontend.strategy]}</span>
        </p>
        <p className="mt-1 text-muted-foreground">{unknownWords[frontend.unknownModel]}</p>
      </div>
    )
  }
  return (
    <div className="rounded-lg border bg-card">
      <div className="grid gap-x-8 gap-y-4 p-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <RadioGroup
          aria-label="Strategy"
          value={wanted.strategy}
          onValueChange={(value) => setStrategy(strategies.find((one) => one === value) ?? null)}
          className="gap-1"
        >
          {strategies.map((one) => (
            <Label
              key={one}
              className="flex min-h-control items-baseline gap-2.5 py-1 font-normal coarse:min-h-11"
            >
              <RadioGroupItem value={one} className="translate-y-0.5" />
              <span className="min-w-0">
                <code className="font-medium">{one}</code>
                <span className="text-muted-foreground"> {effects[one]}</span>
              </span>
            </Label>
          ))}
        </RadioGroup>
        <div className="flex flex-col gap-1.5">
          <Label htmlFor="unknown-model">A model that no server has</Label>
          <Select
            value={wanted.unknownModel}
            onValueChange={(value) => setUnknownModel(value === 'any' ? 'any' : '404')}
          >
            <SelectTrigger id="unknown-model">
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value="404">Is refused with 404</SelectItem>
              <SelectItem value="any">Goes to any server</SelectItem>
            </SelectContent>
          </Select>
          <p className="text-muted-foreground text-xs">{unknownWords[wanted.unknownModel]}</p>
        </div>
      </div>
      {problem && (
        <div className="px-4 pb-3">
          <Problem title="The strategy did not change">{problem}</Problem>
        </div>
      )}
      <div className="flex flex-wrap items-center justify-end gap-2 border-t px-4 py-2">
        <AsCommand
          args={[
            ...['frontends', 'update', '--strategy', wanted.strategy],
            ...['--unknown-model', wanted.unknownModel],
          ]}
        />
        <Button
          variant="outline"
          disabled={!isDirty || isActing}
          title={isDirty ? undefined : 'Nothing has changed'}
          onClick={() => save(wanted, `Strategy is ${wanted.strategy}`, before)}
        >
          Save strategy
        </Button>
      </div>
    </div>
  )
}

const unknownWords = {
  '404': 'A program reads at once that the model is not there.',
  any: 'The server answers for itself, as without a gate.',
}

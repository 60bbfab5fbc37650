'use client'

import { ArrowDownIcon, ArrowUpIcon } from 'lucide-react'
import { type FormEvent, useId, useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { Section } from '@/components/shell/page'
import { Problem } from '@/components/states/states'
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
import { addMemoryRule, forgetMemoryRule, saveMemoryOrder, saveMemoryRule } from './actions'

type Rule = RoutingPage['memoryRules'][number]

/** How much memory a model needs: an override, else what was measured, else the first pattern. */
export function MemoryRules({
  rules,
  defaultGb,
  models,
  mayManage,
  refresh,
}: {
  rules: readonly Rule[]
  defaultGb: number
  models: readonly string[]
  mayManage: boolean
  refresh: () => Promise<void>
}) {
  const overrides = rules.filter(({ kind }) => kind === 'override')
  const patterns = rules.filter(({ kind }) => kind === 'pattern')
  const [isActing, startActing] = useTransition()
  const remove = async (rule: Rule) => {
    const result = await forgetMemoryRule(rule.id)
    if (!result.ok) return toastProblem(`${rule.match} stays`, result.error.message)
    await refresh()
    toastDone(`The rule for ${rule.match} is gone`, async () => {
      const { kind, match, gb, position } = rule
      const again = await addMemoryRule({ kind, match, gb, position })
      if (!again.ok) toastProblem(`${match} did not come back`, again.error.message)
      await refresh()
    })
  }
  const move = (from: number, to: number) =>
    startActing(async () => {
      const ids = patterns.map(({ id }) => id)
      const id = ids[from]
      if (id === undefined || to < 0 || to >= ids.length) return
      const result = await saveMemoryOrder(ids.toSpliced(from, 1).toSpliced(to, 0, id))
      if (!result.ok) toastProblem('The order did not change', result.error.message)
      await refresh()
    })
  return (
    <Section
      id="memory"
      title="Memory that models need"
      description={`An override counts first, then what a server measured, then the first pattern that fits, else ${defaultGb} GB.`}
    >
      <div className="overflow-hidden rounded-lg border bg-card">
        <Table cards aria-label="Memory rules">
          <TableHeader>
            <TableRow>
              <TableHead className="w-28">Kind</TableHead>
              <TableHead>Fits</TableHead>
              <TableHead className="w-32 text-right">Memory</TableHead>
              {mayManage && (
                <TableHead className="w-44">
                  <span className="sr-only">Acts</span>
                </TableHead>
              )}
            </TableRow>
          </TableHeader>
          <TableBody>
            {[...overrides, ...patterns].map((rule) => {
              const index = patterns.indexOf(rule)
              return (
                <TableRow key={rule.id}>
                  <TableCell className="text-muted-foreground">
                    {rule.kind === 'override' ? 'Override' : `Pattern ${index + 1}`}
                  </TableCell>
                  <TableCell label="Fits" className="wrap-anywhere font-mono">
                    {rule.match}
                  </TableCell>
                  <TableCell label="Memory" className="text-right">
                    {mayManage ? <GbField rule={rule} refresh={refresh} /> : `${rule.gb} GB`}
                  </TableCell>
                  {mayManage && (
                    <TableCell className="whitespace-nowrap text-right">
                      {rule.kind === 'pattern' && (
                        <>
                          <Button
                            variant="ghost"
                            size="icon-sm"
                            aria-label={`Try ${rule.match} earlier`}
                            disabled={index === 0 || isActing}
                            title={index === 0 ? 'It is tried first already' : undefined}
                            onClick={() => move(index, index - 1)}
                          >
                            <ArrowUpIcon />
                          </Button>
                          <Button
                            variant="ghost"
                            size="icon-sm"
                            aria-label={`Try ${rule.match} later`}
                            disabled={index === patterns.length - 1 || isActing}
                            title={
                              index === patterns.length - 1 ? 'It is tried last already' : undefined
                            }
                            onClick={() => move(index, index + 1)}
                          >
                            <ArrowDownIcon />
                          </Button>
                        </>
                      )}
                      <Button
                        variant="ghost"
                        size="sm"
                        aria-label={`Remove the rule for ${rule.match}`}
                        onClick={() => remove(rule)}
                      >
                        Remove
                      </Button>
                    </TableCell>
                  )}
                </TableRow>
              )
            })}
          </TableBody>
        </Table>
        {mayManage && (
          <RuleForm models={models} nextPosition={nextPosition(patterns)} refresh={refresh} />
        )}
      </div>
    </Section>
  )
}

/** Saved when it is left, or with Enter. */
function GbField({ rule, refresh }: { rule: Rule; refresh: () => Promise<void> }) {
  const [text, setText] = useState<string | null>(null)
  const save = async () => {
    const gb = Number(text)
    setText(null)
    if (text === null || text.trim() === '' || gb === rule.gb) return
    const result = await saveMemoryRule(rule.id, { gb })
    if (!result.ok) {
      return toastProblem(`${rule.match} stays at ${rule.gb} GB`, result.error.message)
    }
    await refresh()
    toastDone(`${rule.match} needs ${gb} GB`, async () => {
      await saveMemoryRule(rule.id, { gb: rule.gb })
      await refresh()
    })
  }
  return (
    <span className="inline-flex items-center gap-1.5">
      <Input
        aria-label={`Memory for ${rule.match}, GB`}
        inputMode="decimal"
        value={text ?? String(rule.gb)}
        onChange={(event) => setText(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur()
        }}
        className="h-control-sm w-16 px-1.5 text-right"
      />
      GB
    </span>
  )
}

function RuleForm({
  models,
  nextPosition,
  refresh,
}: {
  models: readonly string[]
  nextPosition: number
  refresh: () => Promise<void>
}) {
  const id = useId()
  const [kind, setKind] = useState<Rule['kind']>('override')
  const [match, setMatch] = useState('')
  const [gb, setGb] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isActing, startActing] = useTransition()
  const isReady = match.trim() !== '' && Number(gb) > 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady || isActing) return
    startActing(async () => {
      setProblem(null)
      const position = kind === 'pattern' ? nextPosition : 100
      const result = await addMemoryRule({ kind, match: match.trim(), gb: Number(gb), position })
      if (!result.ok) return setProblem(result.error.message)
      setMatch('')
      setGb('')
      await refresh()
    })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 border-t p-3" noValidate>
      <div className="flex flex-wrap items-end gap-2">
        <div className="flex w-36 flex-col gap-1.5">
          <Label htmlFor={`${id}-kind`}>Kind</Label>
          <Select
            value={kind}
            onValueChange={(value) => setKind(value === 'pattern' ? 'pattern' : 'override')}
          >
            <SelectTrigger id={`${id}-kind`}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value="override">Override</SelectItem>
              <SelectItem value="pattern">Pattern</SelectItem>
            </SelectContent>
          </Select>
        </div>
        <div className="flex min-w-40 flex-1 flex-col gap-1.5">
          <Label htmlFor={`${id}-match`}>
            {kind === 'override' ? 'Model' : 'Regular expression'}
          </Label>
          <Input
            id={`${id}-match`}
            list={kind === 'override' ? `${id}-models` : undefined}
            value={match}
            onChange={(event) => setMatch(event.target.value)}
            placeholder={kind === 'override' ? 'llama3.3:70b' : '70b'}
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
        <div className="flex w-24 flex-col gap-1.5">
          <Label htmlFor={`${id}-gb`}>GB</Label>
          <Input
            id={`${id}-gb`}
            inputMode="decimal"
            value={gb}
            onChange={(event) => setGb(event.target.value)}
            placeholder="40"
            className="text-right"
          />
        </div>
        <div className="flex gap-2">
          <AsCommand
            args={[
              ...['memory', 'add', match.trim() || '<match>', gb || '<gb>'],
              ...(kind === 'pattern' ? ['--pattern', '--position', String(nextPosition)] : []),
            ]}
          />
          <Button
            type="submit"
            variant="outline"
            disabled={!isReady || isActing}
            title={isReady ? undefined : 'Say what it fits, and how much memory'}
          >
            Add rule
          </Button>
        </div>
      </div>
      {problem && <Problem title="The rule was not added">{problem}</Problem>}
    </form>
  )
}

function nextPosition(patterns: readonly Rule[]): number {
  return Math.min(10_000, Math.max(0, ...patterns.map(({ position }) => position)) + 10)
}

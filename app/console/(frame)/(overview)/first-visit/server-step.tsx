'use client'

import { type FormEvent, useEffect, useId, useState } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { StatusBadge } from '@/components/status-badge/status-badge'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import type { BackendCheck } from '@/lib/admin/check-backend'
import type { FirstSteps } from '@/lib/admin/first-steps'
import { formatNumberOf } from '@/lib/ui/format'
import { addServerCommand } from '@/lib/ui/server-command'
import { addServer, tryServer } from '../../servers/actions'
import { TestResult } from '../../servers/test-result'
import { nameServer, readServerAddress } from './server-address'
import { Step, type StepState } from './step'

const typingPauseMs = 500

export function ServerStep({
  first,
  state,
  onAdded,
}: {
  first: FirstSteps
  state: StepState
  onAdded: () => Promise<void>
}) {
  const ready = first.servers.filter(({ health }) => health === 'healthy' || health === 'degraded')
  const silent = first.servers.filter(({ health }) => health === 'unhealthy')
  const names = ready.map(({ name }) => name).join(', ')
  return (
    <Step
      number={1}
      state={state}
      title="Add a server"
      summary={
        state === 'done'
          ? `${names} ${ready.length === 1 ? 'answers' : 'answer'}, with ${formatNumberOf(first.models.length, 'model')}`
          : 'A machine that runs Ollama. Its address is tested while you type.'
      }
    >
      {state === 'current' && (
        <div className="flex flex-col gap-3">
          {silent.map(({ id, name, lastError }) => (
            <p key={id} className="flex min-w-0 items-center gap-2 text-sm">
              <StatusBadge tone="bad">Down</StatusBadge>
              <span className="min-w-0 truncate">
                <code>{name}</code> {lastError ?? 'does not answer'}
              </span>
            </p>
          ))}
          <ServerForm taken={first.servers.map(({ name }) => name)} onAdded={onAdded} />
        </div>
      )}
    </Step>
  )
}

type Test = { url: string; check: BackendCheck | null; problem: string | null }

function ServerForm({
  taken,
  onAdded,
}: {
  taken: readonly string[]
  onAdded: () => Promise<void>
}) {
  const ids = useId()
  const [typed, setTyped] = useState('')
  const [ownName, setOwnName] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isAdding, setIsAdding] = useState(false)
  const url = readServerAddress(typed)
  const name = ownName ?? freeName(url === null ? '' : nameServer(url), taken)
  const { test, isTesting } = useTest(url)

  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (url === null) {
      setProblem('An address looks like 10.0.0.7 or http://10.0.0.7:11434.')
      return
    }
    setIsAdding(true)
    setProblem(null)
    const result = await addServer({ name, url })
    if (result.ok) await onAdded()
    else setProblem(result.error.message)
    setIsAdding(false)
  }

  return (
    <form onSubmit={(event) => void add(event)} className="flex flex-col gap-3">
      <div className="grid gap-3 sm:grid-cols-[1fr_12rem]">
        <div className="grid gap-1.5">
          <Label htmlFor={`${ids}-url`}>Address</Label>
          <Input
            id={`${ids}-url`}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            placeholder="http://10.0.0.7:11434"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            inputMode="url"
            maxLength={500}
            className="font-mono"
            aria-describedby={`${ids}-test`}
          />
        </div>
        <div className="grid gap-1.5">
          <Label htmlFor={`${ids}-name`}>Name</Label>
          <Input
            id={`${ids}-name`}
            value={name}
            onChange={(event) => setOwnName(event.target.value)}
            placeholder="gpu-1"
            autoComplete="off"
            spellCheck={false}
            maxLength={120}
            className="font-mono"
          />
        </div>
      </div>
      <div id={`${ids}-test`} role="status" className="wrap-anywhere min-h-16 text-sm">
        <TestWords url={url} test={test} isTesting={isTesting} />
      </div>
      {problem && (
        <p role="alert" className="text-destructive-text text-sm">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" disabled={isAdding}>
          Add server
        </Button>
        <AsCommand args={addServerCommand(name, { url: url ?? 'http://10.0.0.7:11434' })} />
      </div>
    </form>
  )
}

function TestWords({
  url,
  test,
  isTesting,
}: {
  url: string | null
  test: Test | null
  isTesting: boolean
}) {
  if (url === null) {
    return <span className="text-muted-foreground">A bare host is asked at port 11434.</span>
  }
  if (isTesting || test === null) {
    return (
      <span className="text-muted-foreground">
        Asking <code>{url}</code>…
      </span>
    )
  }
  return test.check ? <TestResult check={test.check} /> : test.problem
}

/** Asks once typing pauses; an answer to what stood there before is dropped. */
function useTest(url: string | null): { test: Test | null; isTesting: boolean } {
  const [test, setTest] = useState<Test | null>(null)
  useEffect(() => {
    if (url === null) return
    let isOld = false
    const timer = setTimeout(async () => {
      const result = await tryServer({ url, kind: 'ollama', credential: null })
      if (isOld) return
      setTest(
        result.ok
          ? { url, check: result.check, problem: null }
          : { url, check: null, problem: result.error.message },
      )
    }, typingPauseMs)
    return () => {
      isOld = true
      clearTimeout(timer)
    }
  }, [url])
  return { test: test?.url === url ? test : null, isTesting: url !== null && test?.url !== url }
}

function freeName(wanted: string, taken: readonly string[]): string {
  if (wanted === '' || !taken.includes(wanted)) return wanted
  let place = 2
  while (taken.includes(`${wanted}-${place}`)) place += 1
  return `${wanted}-${place}`
}

'use client'

import { useEffect, useId, useRef, useState, useSyncExternalStore } from 'react'
import { Snippets } from '@/components/snippets/snippets'
import { Button } from '@/components/ui/button'
import { Label } from '@/components/ui/label'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import type { FirstSteps } from '@/lib/admin/first-steps'
import { listSnippets, type SnippetId } from '@/lib/ui/snippets'
import type { MadeKey } from './key-step'
import { firstPrompt, sendFirstRequest } from './send-first-request'
import { Step, type StepState } from './step'

const offered: readonly SnippetId[] = [
  'curl',
  'ollama-cli',
  'ollama-js',
  'ollama-python',
  'openai-js',
  'openai-python',
]

export function SendStep({
  first,
  state,
  made,
  onSent,
  onCopied,
}: {
  first: FirstSteps
  state: StepState
  made: MadeKey | null
  onSent: () => Promise<void>
  onCopied: () => void
}) {
  const id = useId()
  const here = useOrigin()
  const [chosen, setChosen] = useState<string | null>(null)
  const [text, setText] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])
  const model = chosen ?? first.models[0] ?? null
  const token = made?.token ?? null

  const send = async () => {
    if (model === null || token === null) return
    abort.current = new AbortController()
    setIsSending(true)
    setProblem(null)
    setText('')
    const { signal } = abort.current
    const { gatewayUrl } = first
    await sendFirstRequest({ gatewayUrl, token, model, signal, onText: setText }).catch(
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    )
    setIsSending(false)
    await onSent()
  }

  return (
    <Step
      number={3}
      state={state}
      title="Send the first request"
      summary={
        state === 'ahead'
          ? 'With a button here, or from your own program.'
          : `The question: “${firstPrompt}”`
      }
    >
      {state !== 'ahead' && (
        <div className="flex min-w-0 flex-col gap-3">
          {model === null ? (
            <p className="text-sm">
              The server has no model that chats. Pull one there: <code>ollama pull llama3.2</code>.
              It appears here within a minute.
            </p>
          ) : (
            <>
              <div className="flex flex-wrap items-end gap-2">
                <div className="grid w-64 max-w-full gap-1.5">
                  <Label htmlFor={id}>Model</Label>
                  <Select value={model} onValueChange={setChosen}>
                    <SelectTrigger id={id} className="w-full font-mono">
                      <SelectValue />
                    </SelectTrigger>
                    <SelectContent>
                      {first.models.map((name) => (
                        <SelectItem key={name} value={name} className="font-mono">
                          {name}
                        </SelectItem>
                      ))}
                    </SelectContent>
                  </Select>
                </div>
                {token !== null && (
                  <Button
                    variant={state === 'current' ? 'default' : 'outline'}
                    disabled={isSending}
                    onClick={() => void send()}
                  >
                    {isSending ? 'Sending…' : text === null ? 'Send request' : 'Send again'}
                  </Button>
                )}
              </div>
              {text !== null && (
                <p
                  role="log"
                  aria-label="The answer"
                  className="wrap-anywhere min-h-10 whitespace-pre-wrap rounded-lg bg-primary-tint px-3 py-2 text-sm"
                >
                  {text || (isSending ? 'Waits for the first token…' : '–')}
                </p>
              )}
              {problem && (
                <p role="alert" className="wrap-anywhere text-destructive-text text-sm">
                  {problem}
                </p>
              )}
              <Snippets
                onCopied={onCopied}
                snippets={listSnippets({
                  url: first.gatewayUrl || here,
                  key: token ?? 'op_…',
                  model,
                }).filter(({ id }) => offered.includes(id))}
              />
            </>
          )}
        </div>
      )}
    </Step>
  )
}

/** The address that this browser knows us by. */
function useOrigin(): string {
  return useSyncExternalStore(
    () => () => {},
    () => window.location.origin,
    () => '',
  )
}

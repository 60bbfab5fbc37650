'use client'

import { BrainIcon, RotateCcwIcon, WrenchIcon } from 'lucide-react'
import { memo, useState } from 'react'
import { JsonView } from '@/components/json-view/json-view'
import { Link } from '@/components/link/link'
import { Problem } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import { Textarea } from '@/components/ui/textarea'
import { formatCount, formatDuration, formatSpeed } from '@/lib/ui/format'
import { AnswerText } from './answer-text'
import type { AnswerFacts, AnswerTurn, Turn } from './chat-body'

/** One turn of a conversation. `onRetry` and `onToolResult` only where it is the last. */
export const TurnView = memo(function TurnView({
  turn,
  onRetry,
  onToolResult,
}: {
  turn: Turn
  onRetry?: () => void
  onToolResult?: (results: { toolName: string; content: string }[]) => void
}) {
  switch (turn.role) {
    case 'user':
      return (
        <div className="ml-auto flex max-w-[85%] flex-col gap-2 rounded-lg bg-accent px-3 py-2">
          <p className="wrap-anywhere whitespace-pre-wrap text-base leading-6">{turn.content}</p>
          {turn.images.length > 0 && (
            <div className="flex flex-wrap gap-2">
              {turn.images.map((image, index) => (
                // biome-ignore lint/performance/noImgElement: it is in this page's memory
                <img
                  // biome-ignore lint/suspicious/noArrayIndexKey: images of a turn never move
                  key={index}
                  src={`data:${typeOf(image)};base64,${image}`}
                  alt={`Attached ${index + 1}`}
                  className="max-h-40 rounded-md border"
                />
              ))}
            </div>
          )}
        </div>
      )
    case 'tool':
      return (
        <div className="flex flex-col gap-1">
          <p className="text-muted-foreground text-xs">
            Result of <code>{turn.toolName}</code>
          </p>
          <JsonView value={turn.content} what="result" />
        </div>
      )
    case 'assistant':
      return <Answer turn={turn} onRetry={onRetry} onToolResult={onToolResult} />
  }
})

/** By how the file begins, in base64. */
function typeOf(image: string): string {
  if (image.startsWith('/9j/')) return 'image/jpeg'
  if (image.startsWith('UklGR')) return 'image/webp'
  return image.startsWith('R0lGOD') ? 'image/gif' : 'image/png'
}

function Answer({
  turn,
  onRetry,
  onToolResult,
}: {
  turn: AnswerTurn
  onRetry?: () => void
  onToolResult?: (results: { toolName: string; content: string }[]) => void
}) {
  const { content, thinking, toolCalls, state, problem } = turn
  const isLive = state === 'waiting' || state === 'streaming'
  return (
    <article aria-label="Answer" aria-busy={isLive} className="flex min-w-0 flex-col gap-2">
      {thinking !== '' && (
        <details className="rounded-lg border" open={isLive && content === ''}>
          <summary className="flex h-control cursor-default items-center gap-1.5 rounded-lg px-3 text-muted-foreground text-sm">
            <BrainIcon className="size-4" aria-hidden="true" />
            Thinking
          </summary>
          <p className="wrap-anywhere whitespace-pre-wrap px-3 pb-2 text-muted-foreground text-sm">
            {thinking}
          </p>
        </details>
      )}
      {content !== '' && <AnswerText text={content} />}
      {toolCalls.map((call, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: calls are only ever added
          key={index}
          className="flex flex-col gap-1"
        >
          <p className="flex items-center gap-1.5 text-sm">
            <WrenchIcon className="size-4 text-muted-foreground" aria-hidden="true" />
            Calls <code className="font-mono">{call.function.name}</code>
          </p>
          <JsonView value={call.function.arguments} what="arguments" />
        </div>
      ))}
      {state === 'waiting' && (
        <p className="animate-pulse text-muted-foreground text-sm motion-reduce:animate-none">
          Waiting for the first token
        </p>
      )}
      {problem && (
        <Problem
          title="The answer did not come"
          requestId={problem.requestId}
          action={
            onRetry && (
              <Button variant="outline" onClick={onRetry}>
                <RotateCcwIcon />
                Ask again
              </Button>
            )
          }
        >
          {problem.message}
        </Problem>
      )}
      {!isLive && <FactsLine facts={turn.facts} isStopped={state === 'stopped'} />}
      {state === 'done' && toolCalls.length > 0 && onToolResult && (
        <ToolResults names={toolCalls.map((call) => call.function.name)} onSend={onToolResult} />
      )}
    </article>
  )
}

function FactsLine({ facts, isStopped }: { facts: AnswerFacts; isStopped: boolean }) {
  const words = [
    isStopped && 'stopped',
    facts.reason === 'length' && 'cut at its limit',
    facts.tokens !== null &&
      `${formatCount(facts.promptTokens)} in, ${formatCount(facts.tokens)} out`,
    facts.tokensPerSecond !== null && formatSpeed(facts.tokensPerSecond),
    facts.firstMs !== null && `first token ${formatDuration(facts.firstMs)}`,
    facts.totalMs !== null && `total ${formatDuration(facts.totalMs)}`,
    facts.server,
  ].filter((word) => typeof word === 'string')
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-1 text-muted-foreground text-xs tabular-nums">
      {words.map((word) => (
        <span key={word}>{word}</span>
      ))}
      {facts.requestId && (
        <Link
          href={`/console/requests/${encodeURIComponent(facts.requestId)}`}
          className="text-link hover:underline"
        >
          Open request
        </Link>
      )}
    </p>
  )
}

function ToolResults({
  names,
  onSend,
}: {
  names: readonly string[]
  onSend: (results: { toolName: string; content: string }[]) => void
}) {
  const [results, setResults] = useState<readonly string[]>(names.map(() => ''))
  return (
    <form
      className="flex flex-col gap-2 rounded-lg border p-3"
      onSubmit={(event) => {
        event.preventDefault()
        onSend(names.map((toolName, index) => ({ toolName, content: results[index] ?? '' })))
      }}
    >
      {names.map((name, index) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
        <label
          // biome-ignore lint/suspicious/noArrayIndexKey: calls never move
          key={index}
          className="flex flex-col gap-1 text-sm"
        >
          <span>
            Result of <code className="font-mono">{name}</code>
          </span>
          <Textarea
            value={results[index] ?? ''}
            onChange={(event) =>
              setResults(results.map((one, i) => (i === index ? event.target.value : one)))
            }
            className="min-h-10 font-mono"
          />
        </label>
      ))}
      <Button type="submit" variant="outline" className="self-start">
        Send result
      </Button>
    </form>
  )
}

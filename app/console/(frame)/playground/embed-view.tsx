'use client'

import { SquareIcon } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { useEffect, useRef, useState } from 'react'
import { EmptyNew, Problem } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import { Textarea } from '@/components/ui/textarea'
import type { PlaygroundModel } from '@/lib/admin/playground-page'
import { formatCount, formatDuration, formatNumberOf } from '@/lib/ui/format'
import { CopyAsCode } from './copy-as-code'
import { ModelSelect } from './model-select'
import { compareAll } from './similarity'
import { type Gateway, GatewayProblem } from './use-gateway'

const textsMax = 20
const sample =
  'A horse grazes by the river\nA mare stands in the meadow\nThe invoice is due on Monday'

type Result = {
  texts: string[]
  rows: number[][]
  dimensions: number
  tokens: number | null
  totalMs: number
}

export function EmbedView({
  gateway,
  gatewayUrl,
  models,
}: {
  gateway: Gateway
  gatewayUrl: string
  models: readonly PlaygroundModel[]
}) {
  const [picked, setPicked] = useQueryState('embed', parseAsString.withDefault(''))
  const [text, setText] = useState(sample)
  const [result, setResult] = useState<Result | null>(null)
  const [problem, setProblem] = useState<GatewayProblem | null>(null)
  const [isRunning, setIsRunning] = useState(false)
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])
  const model = models.some(({ name }) => name === picked) ? picked : (models[0]?.name ?? '')
  const texts = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const isTooMany = texts.length > textsMax
  const body = { model, input: texts }

  const run = async () => {
    const mine = new AbortController()
    abort.current = mine
    setIsRunning(true)
    setProblem(null)
    try {
      const startedMs = performance.now()
      const answer = await gateway.call('/api/embed', body, mine.signal)
      const read = (await answer.json()) as { embeddings: number[][]; prompt_eval_count?: number }
      setResult({
        texts,
        rows: compareAll(read.embeddings),
        dimensions: read.embeddings[0]?.length ?? 0,
        tokens: read.prompt_eval_count ?? null,
        totalMs: performance.now() - startedMs,
      })
    } catch (error) {
      if (mine.signal.aborted) return
      setProblem(
        error instanceof GatewayProblem
          ? error
          : new GatewayProblem('The answer could not be read.', null),
      )
    } finally {
      setIsRunning(false)
    }
  }

  if (models.length === 0) {
    return (
      <EmptyNew title="No embedding models yet">
        A model that makes embeddings appears here as soon as a server has one.
      </EmptyNew>
    )
  }
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <form
        className="flex max-w-3xl flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          run()
        }}
      >
        <div className="flex">
          <ModelSelect label="Embedding model" models={models} value={model} onChange={setPicked} />
        </div>
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is its child */}
        <label className="flex flex-col gap-1 text-sm">
          <span className="font-medium">Texts</span>
          <Textarea
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="max-h-72 min-h-28"
          />
          <span className="text-muted-foreground text-xs">
            {isTooMany
              ? `${texts.length} lines: ${textsMax} at most.`
              : `One text a line, ${textsMax} at most.`}
          </span>
        </label>
        <div className="flex flex-wrap items-center gap-2">
          {isRunning ? (
            <Button variant="outline" onClick={() => abort.current?.abort()}>
              <SquareIcon />
              Stop
            </Button>
          ) : (
            <Button
              type="submit"
              disabled={texts.length === 0 || isTooMany}
              title={
                texts.length === 0
                  ? 'Write a text first'
                  : isTooMany
                    ? `${textsMax} texts at most`
                    : undefined
              }
            >
              Compare texts
            </Button>
          )}
          <CopyAsCode gatewayUrl={gatewayUrl} body={{ path: '/api/embed', body }} />
        </div>
      </form>
      {problem && (
        <Problem title="There are no embeddings" requestId={problem.requestId}>
          {problem.message}
        </Problem>
      )}
      {result && <SimilarityTable result={result} />}
    </div>
  )
}

function SimilarityTable({ result }: { result: Result }) {
  const { texts, rows, dimensions, tokens, totalMs } = result
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p className="text-muted-foreground text-sm tabular-nums">
        {[
          formatNumberOf(dimensions, 'dimension'),
          tokens !== null && `${formatCount(tokens)} tokens`,
          formatDuration(totalMs),
        ]
          .filter(Boolean)
          .join(', ')}
        . 1 is the same direction, 0 has nothing in common.
      </p>
      <div
        className="scrollbar-quiet w-fit max-w-full overflow-x-auto rounded-lg border"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        tabIndex={0}
      >
        <table aria-label="Similarity" className="border-collapse text-sm">
          <thead>
            <tr className="border-b bg-muted/50">
              <th scope="col" className="h-row px-3 text-left font-medium">
                Text
              </th>
              {texts.map((text, index) => (
                <th
                  // biome-ignore lint/suspicious/noArrayIndexKey: texts may be the same
                  key={index}
                  scope="col"
                  title={text}
                  className="h-row w-16 px-2 text-right font-medium tabular-nums"
                >
                  {index + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: texts may be the same
              <tr key={index} className="border-b last:border-b-0">
                <th
                  scope="row"
                  title={texts[index]}
                  className="h-row max-w-80 truncate px-3 text-left font-normal"
                >
                  <span className="mr-2 text-muted-foreground tabular-nums">{index + 1}</span>
                  {texts[index]}
                </th>
                {row.map((value, column) => (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: texts may be the same
                    key={column}
                    className="h-row px-2 text-right tabular-nums"
                    style={{ backgroundColor: shade(value) }}
                  >
                    {value.toFixed(2)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

function shade(value: number): string {
  const share = Math.round(Math.max(0, Math.min(1, value)) * 25)
  return `color-mix(in oklab, var(--primary) ${share}%, transparent)`
}

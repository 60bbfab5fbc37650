'use client'

import { Columns2Icon, EraserIcon, SlidersHorizontalIcon } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import type { PlaygroundModel } from '@/lib/admin/playground-page'
import { cn } from '@/lib/ui/cn'
import { type ChatOptions, noOptions, renderChatBody, type Turn } from './chat-body'
import { Composer } from './composer'
import { CopyAsCode } from './copy-as-code'
import { ModelDetails } from './model-details'
import { ModelSelect } from './model-select'
import { OptionsPanel } from './options-panel'
import { TurnView } from './turn-view'
import { type Lane, useChat } from './use-chat'
import type { Gateway } from './use-gateway'

export function ChatView({
  gateway,
  gatewayUrl,
  models,
}: {
  gateway: Gateway
  gatewayUrl: string
  models: readonly PlaygroundModel[]
}) {
  const [picked, setPicked] = useQueryState('model', parseAsString.withDefault(''))
  const [beside, setBeside] = useQueryState('beside', parseAsString)
  const [options, setOptions] = useState<ChatOptions>(noOptions)
  const [showsOptions, setShowsOptions] = useState(false)
  const chat = useChat(gateway)
  const known = (name: string, otherwise: number) =>
    models.some((model) => model.name === name)
      ? name
      : ((models[otherwise] ?? models[0])?.name ?? '')
  const first = known(picked, 0)
  const names = beside === null ? [first] : [first, known(beside, 1)]
  const rendered = renderChatBody(first, chat.lanes[0] ?? [], options)

  const ask = (index: number, turns: readonly Turn[]) => {
    const model = names[index]
    if (!model) return
    chat.add(index, turns)
    chat.run(index, { model, options })
  }
  const retry = (index: number) => {
    chat.takeBack(index)
    ask(index, [])
  }
  const isEmpty = (chat.lanes[0] ?? []).length === 0

  return (
    <div className="grid min-w-0 gap-4 lg:grid-cols-[minmax(0,1fr)_18rem] xl:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex min-w-0 flex-col gap-3">
        <div className="flex flex-wrap items-center gap-2">
          <Button
            variant={beside === null ? 'outline' : 'secondary'}
            aria-pressed={beside !== null}
            disabled={chat.isRunning}
            title={chat.isRunning ? 'An answer is being written' : undefined}
            onClick={() => setBeside(beside === null ? known('', 1) : null)}
          >
            <Columns2Icon />
            Compare models
          </Button>
          <CopyAsCode
            gatewayUrl={gatewayUrl}
            body={rendered.ok ? { path: '/api/chat', body: rendered.body } : null}
          />
          <Button
            variant="ghost"
            onClick={chat.clear}
            disabled={isEmpty}
            title={isEmpty ? 'Nothing was asked yet' : undefined}
          >
            <EraserIcon />
            Clear
          </Button>
          <Button
            variant="ghost"
            className="ml-auto lg:hidden"
            aria-expanded={showsOptions}
            onClick={() => setShowsOptions(!showsOptions)}
          >
            <SlidersHorizontalIcon />
            Options
          </Button>
        </div>
        <div className={cn('grid min-w-0 gap-3', names.length > 1 && 'md:grid-cols-2')}>
          {names.map((name, index) => (
            <LaneView
              // biome-ignore lint/suspicious/noArrayIndexKey: a lane is its place
              key={index}
              name={name}
              lane={chat.lanes[index] ?? []}
              isShort={names.length > 1}
              head={
                <>
                  <ModelSelect
                    label={index === 0 ? 'Model' : 'Model beside'}
                    models={models}
                    value={name}
                    onChange={(value) => (index === 0 ? setPicked(value) : setBeside(value))}
                  />
                  <ModelDetails gateway={gateway} model={name} />
                </>
              }
              onRetry={chat.isRunning ? undefined : () => retry(index)}
              onToolResult={
                chat.isRunning
                  ? undefined
                  : (results) =>
                      ask(
                        index,
                        results.map((result) => ({ role: 'tool', ...result })),
                      )
              }
            />
          ))}
        </div>
        <Composer
          isRunning={chat.isRunning}
          problem={rendered.ok ? null : rendered.message}
          onType={gateway.prepare}
          onSend={(content, images) => {
            for (const index of names.keys()) ask(index, [{ role: 'user', content, images }])
          }}
          onStop={chat.stop}
        />
      </div>
      <aside
        aria-label="Options"
        className={cn(
          'rounded-lg border bg-card p-4 lg:block',
          showsOptions ? 'max-lg:order-first' : 'max-lg:hidden',
        )}
      >
        <OptionsPanel
          options={options}
          onChange={(change) => setOptions((before) => ({ ...before, ...change }))}
        />
      </aside>
    </div>
  )
}

function LaneView({
  name,
  lane,
  isShort,
  head,
  onRetry,
  onToolResult,
}: {
  name: string
  lane: Lane
  isShort: boolean
  head: ReactNode
  onRetry?: () => void
  onToolResult?: (results: { toolName: string; content: string }[]) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows what is written
  useEffect(() => {
    if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [lane])
  return (
    <section
      aria-label={`Conversation with ${name}`}
      className="flex min-w-0 flex-col rounded-lg border bg-card"
    >
      <div className="flex items-center gap-2 border-b p-2">{head}</div>
      <div
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < 48
        }}
        className={cn(
          'scrollbar-quiet focus-inset flex flex-col gap-4 overflow-y-auto p-4 md:h-[calc(100dvh-24rem)] md:min-h-72',
          isShort ? 'h-[32dvh] min-h-44' : 'h-[45dvh] min-h-60',
        )}
      >
        {lane.length === 0 && (
          <p className="m-auto max-w-xs text-balance text-center text-muted-foreground text-sm">
            Ask {name ? <span className="wrap-anywhere font-mono">{name}</span> : 'a model'}{' '}
            something below.
          </p>
        )}
        {lane.map((turn, index) => {
          const isLast = index === lane.length - 1
          return (
            <TurnView
              // biome-ignore lint/suspicious/noArrayIndexKey: turns are only ever added
              key={index}
              turn={turn}
              onRetry={isLast ? onRetry : undefined}
              onToolResult={isLast ? onToolResult : undefined}
            />
          )
        })}
      </div>
    </section>
  )
}

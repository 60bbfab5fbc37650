'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import {
  type AnswerFacts,
  type AnswerTurn,
  type ChatOptions,
  renderChatBody,
  type ToolCall,
  type Turn,
} from './chat-body'
import { readJsonLines } from './read-lines'
import { type Gateway, GatewayProblem } from './use-gateway'

export type Lane = readonly Turn[]

const paintMs = 50
const noFacts: AnswerFacts = {
  requestId: null,
  server: null,
  firstMs: null,
  totalMs: null,
  promptTokens: null,
  tokens: null,
  tokensPerSecond: null,
  reason: null,
}

/** Two conversations at most, in this page's memory only. */
export function useChat(gateway: Gateway) {
  const [lanes, setLanes] = useState<readonly Lane[]>([[], []])
  const now = useRef(lanes)
  const epoch = useRef(0)
  const aborts = useRef(new Set<AbortController>())
  const [running, setRunning] = useState(0)
  useEffect(() => {
    const all = aborts.current
    return () => {
      for (const abort of all) abort.abort()
    }
  }, [])

  const setLane = useCallback((index: number, lane: Lane) => {
    now.current = now.current.map((one, i) => (i === index ? lane : one))
    setLanes(now.current)
  }, [])

  const run = useCallback(
    async (index: number, { model, options }: { model: string; options: ChatOptions }) => {
      const before = now.current[index] ?? []
      const rendered = renderChatBody(model, before, options)
      if (!rendered.ok) return
      const abort = new AbortController()
      aborts.current.add(abort)
      setRunning((count) => count + 1)
      let turn: AnswerTurn = {
        role: 'assistant',
        content: '',
        thinking: '',
        toolCalls: [],
        state: 'waiting',
        problem: null,
        facts: noFacts,
      }
      const began = epoch.current
      const show = () => {
        if (began === epoch.current) setLane(index, [...before, turn])
      }
      show()
      try {
        const startedMs = performance.now()
        const answer = await gateway.call('/api/chat', rendered.body, abort.signal)
        turn = { ...turn, facts: { ...turn.facts, ...factsOfHeaders(answer.headers) } }
        if (answer.body === null) throw new GatewayProblem('The answer was empty.', null)
        let paintedMs = 0
        for await (const line of readJsonLines(answer.body)) {
          turn = addLine(turn, line, performance.now() - startedMs)
          if (performance.now() - paintedMs < paintMs) continue
          paintedMs = performance.now()
          show()
        }
        if (turn.state !== 'done') {
          throw new GatewayProblem('The answer broke off.', turn.facts.requestId)
        }
      } catch (error) {
        turn = abort.signal.aborted
          ? { ...turn, state: 'stopped' }
          : { ...turn, state: 'failed', problem: problemOf(error, turn.facts.requestId) }
      } finally {
        aborts.current.delete(abort)
        setRunning((count) => count - 1)
        show()
      }
    },
    [gateway, setLane],
  )

  return {
    lanes,
    isRunning: running > 0,
    run,
    add: (index: number, turns: readonly Turn[]) =>
      setLane(index, [...(now.current[index] ?? []), ...turns]),
    /** Without its last answer, so that it can be asked again. */
    takeBack: (index: number) => setLane(index, (now.current[index] ?? []).slice(0, -1)),
    stop: () => {
      for (const abort of aborts.current) abort.abort()
    },
    clear: () => {
      epoch.current += 1
      for (const abort of aborts.current) abort.abort()
      now.current = [[], []]
      setLanes(now.current)
    },
  }
}

function addLine(turn: AnswerTurn, line: Record<string, unknown>, elapsedMs: number): AnswerTurn {
  if (typeof line.error === 'string') throw new GatewayProblem(line.error, turn.facts.requestId)
  const message = (line.message ?? {}) as {
    content?: string
    thinking?: string
    tool_calls?: ToolCall[]
  }
  const facts = { ...turn.facts, firstMs: turn.facts.firstMs ?? elapsedMs }
  const next: AnswerTurn = {
    ...turn,
    state: 'streaming',
    content: turn.content + (message.content ?? ''),
    thinking: turn.thinking + (message.thinking ?? ''),
    toolCalls: message.tool_calls ? [...turn.toolCalls, ...message.tool_calls] : turn.toolCalls,
    facts,
  }
  if (line.done !== true) return next
  const tokens = numberOf(line.eval_count)
  const evalNs = numberOf(line.eval_duration)
  return {
    ...next,
    state: 'done',
    facts: {
      ...facts,
      totalMs: elapsedMs,
      promptTokens: numberOf(line.prompt_eval_count),
      tokens,
      tokensPerSecond: tokens !== null && evalNs ? tokens / (evalNs / 1e9) : null,
      reason: typeof line.done_reason === 'string' ? line.done_reason : null,
    },
  }
}

function factsOfHeaders(headers: Headers): Pick<AnswerFacts, 'requestId' | 'server'> {
  return { requestId: headers.get('x-request-id'), server: headers.get('x-corral-backend') }
}

function problemOf(error: unknown, requestId: string | null): AnswerTurn['problem'] {
  if (error instanceof GatewayProblem) {
    return { message: error.message, requestId: error.requestId ?? requestId }
  }
  return { message: 'The connection broke off before the answer was whole.', requestId }
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

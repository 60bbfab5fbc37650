import type { UsageRecord } from '@/lib/schemas/usage-record'
import { formatCount, formatDuration, formatSpeed } from '@/lib/ui/format'

/** What is usual for the model over the last days; null where nothing is known. */
export type UsualFigures = {
  totalMsP50: number | null
  timeToFirstTokenMsP50: number | null
  tokensPerSecondP50: number | null
  promptTokensMean: number | null
  completionTokensMean: number | null
  queueMsMean: number | null
}

export type Slowness = {
  cause: SlownessCause
  /** False where it took about as long as usual, or ended before there was anything to wait for. */
  slow: boolean
  /** One sentence with the cause and the usual figure. */
  text: string
}
export type SlownessCause =
  | 'refused'
  | 'failed'
  | 'left'
  | 'stopped'
  | 'not_loaded'
  | 'retried'
  | 'queued'
  | 'slow_reader'
  | 'on_cpu'
  | 'large_context'
  | 'long_prompt'
  | 'slow_prefill'
  | 'long_answer'
  | 'slow_server'
  | 'gateway'
  | 'other'
  | 'usual'

/** A rule gives its sentence and how many milliseconds it accounts for; null when it is not so. */
type Rule = {
  cause: SlownessCause
  explain(record: UsageRecord, usual: UsualFigures): { ms: number; text: string } | null
}

const slowFactor = 1.5
const slowMs = 500

/**
 * Why a request took as long as it did: of the rules that hold, the one that accounts for the most
 * time. Pure; `usual` is of the same model.
 */
export function explainSlowness(record: UsageRecord, usual: UsualFigures): Slowness {
  const ended = explainEnding(record)
  if (ended !== null) return ended
  if (!isSlow(record, usual)) {
    const isAsFast = record.totalMs <= (usual.totalMsP50 ?? record.totalMs) * slowFactor
    const text = withUsual(isAsFast ? 'As fast as usual' : 'Not slow', usual.totalMsP50)
    return { cause: 'usual', slow: false, text }
  }
  let best: { cause: SlownessCause; ms: number; text: string } | null = null
  for (const { cause, explain } of rules) {
    const found = explain(record, usual)
    if (found !== null && found.ms > (best?.ms ?? 0)) best = { cause, ...found }
  }
  if (best === null) {
    const text = withUsual(`It took ${formatDuration(record.totalMs)}`, usual.totalMsP50)
    return { cause: 'other', slow: true, text }
  }
  return { cause: best.cause, slow: true, text: best.text }
}

function explainEnding(record: UsageRecord): Slowness | null {
  const after = formatDuration(record.totalMs)
  if (record.status === 499) {
    return record.timeToFirstTokenMs === null
      ? { cause: 'left', slow: false, text: `The client left after ${after}, before any answer.` }
      : { cause: 'left', slow: false, text: `The client left after ${after}.` }
  }
  if (record.errorCode === 'gateway.stopped') {
    return { cause: 'stopped', slow: false, text: `Somebody stopped it after ${after}.` }
  }
  if (record.status >= 500) {
    return { cause: 'failed', slow: false, text: `It failed after ${after}.` }
  }
  if (record.status >= 400) {
    return { cause: 'refused', slow: false, text: `It was refused after ${after}.` }
  }
  return null
}

/** Slow to begin or slow to end, and by more than anybody would notice. */
function isSlow(record: UsageRecord, usual: UsualFigures): boolean {
  const isBeyond = (value: number | null, normal: number | null) =>
    value !== null && normal !== null && value > normal * slowFactor && value - normal > slowMs
  if (usual.totalMsP50 === null) return record.totalMs > 10_000
  return (
    isBeyond(record.totalMs, usual.totalMsP50) ||
    isBeyond(record.timeToFirstTokenMs, usual.timeToFirstTokenMsP50)
  )
}

const rules: Rule[] = [
  {
    cause: 'not_loaded',
    explain({ loadMs, modelWasLoaded }, usual) {
      if (loadMs === null || loadMs < slowMs || modelWasLoaded === true) return null
      const text = `The model was not loaded: loading took ${formatDuration(loadMs)}`
      return { ms: loadMs, text: withUsualStart(text, usual) }
    },
  },
  {
    cause: 'not_loaded',
    explain({ loadMs, modelWasLoaded, numCtx }, usual) {
      if (loadMs === null || loadMs < slowMs || modelWasLoaded !== true) return null
      const why = numCtx === null ? '' : `, for a context of ${formatCount(numCtx)}`
      const text = `The model was loaded again${why}: that took ${formatDuration(loadMs)}`
      return { ms: loadMs, text: withUsualStart(text, usual) }
    },
  },
  {
    cause: 'retried',
    explain(record, usual) {
      const lost = waitBeforeServer(record)
      if (record.attempts < 2 || lost === null || lost < slowMs) return null
      const tries = record.attempts === 2 ? 'One server' : `${record.attempts - 1} servers`
      const text = `${tries} did not answer before ${record.backendName ?? 'another'} did: about ${formatDuration(lost)} were lost`
      // The same wait would pass for a queue: what failed first is the better reason.
      return { ms: lost + 1, text: withUsualStart(text, usual) }
    },
  },
  {
    cause: 'queued',
    explain(record, usual) {
      const { queueMs } = record
      if (queueMs === null || queueMs < slowMs || decodesSlowly(record)) return null
      const text = `It waited ${formatDuration(queueMs)} for a free slot on ${record.backendName ?? 'the server'}`
      return { ms: queueMs, text: withFigure(text, 'usually', usual.queueMsMean, formatDuration) }
    },
  },
  {
    cause: 'slow_reader',
    explain(record) {
      const held = heldBackMs(record)
      if (held === null || held < slowMs * 2) return null
      const text = `The client read slowly: the answer was ready about ${formatDuration(held)} before it was taken.`
      return { ms: held, text }
    },
  },
  {
    cause: 'large_context',
    explain({ numCtx, prefillMs, decodeMs, promptTokens }, usual) {
      if (numCtx === null || numCtx < 32_768 || promptTokens === null) return null
      if (promptTokens > numCtx / 4) return null
      const ms = ((prefillMs ?? 0) + (decodeMs ?? 0)) / 4
      const text = `A context of ${formatCount(numCtx)} was asked for, of which ${formatCount(promptTokens)} were used: a large context takes memory and slows the model down`
      return ms < slowMs ? null : { ms, text: withUsual(text, usual.totalMsP50) }
    },
  },
  {
    cause: 'long_prompt',
    explain({ prefillMs, promptTokens }, usual) {
      if (prefillMs === null || prefillMs < slowMs || promptTokens === null) return null
      const normal = usual.promptTokensMean
      if (normal === null ? promptTokens < 8000 : promptTokens < normal * 2) return null
      const text = `The prompt was long: ${formatCount(promptTokens)} tokens took ${formatDuration(prefillMs)} to read`
      return { ms: prefillMs, text: withFigure(text, 'usually', normal, tokensInWords) }
    },
  },
  {
    cause: 'slow_prefill',
    explain({ prefillMs, promptTokens, backendName }, usual) {
      if (prefillMs === null || prefillMs < slowMs * 2) return null
      const normal = usual.promptTokensMean
      if (promptTokens === null || (normal !== null && promptTokens >= normal * 2)) return null
      const text = `${backendName ?? 'The server'} took ${formatDuration(prefillMs)} to read a prompt of ${formatCount(promptTokens)} tokens`
      return { ms: prefillMs, text: withUsualStart(text, usual) }
    },
  },
  {
    cause: 'on_cpu',
    explain({ tokensPerSecond, decodeMs, backendName }, usual) {
      const normal = usual.tokensPerSecondP50
      if (tokensPerSecond === null || decodeMs === null || normal === null) return null
      if (tokensPerSecond > normal / 4 || tokensPerSecond > 8) return null
      const text = `${backendName ?? 'The server'} made ${formatSpeed(tokensPerSecond)}, as slow as a model that is partly in the memory of the processor`
      return { ms: lostToSpeedMs(decodeMs, tokensPerSecond, normal), text: withSpeed(text, normal) }
    },
  },
  {
    cause: 'slow_server',
    explain({ tokensPerSecond, decodeMs, backendName }, usual) {
      const normal = usual.tokensPerSecondP50
      if (tokensPerSecond === null || decodeMs === null || normal === null) return null
      if (tokensPerSecond > normal / 1.5) return null
      if (tokensPerSecond <= normal / 4 && tokensPerSecond <= 8) return null
      const text = `${backendName ?? 'The server'} was slow: ${formatSpeed(tokensPerSecond)}`
      return { ms: lostToSpeedMs(decodeMs, tokensPerSecond, normal), text: withSpeed(text, normal) }
    },
  },
  {
    cause: 'long_answer',
    explain({ decodeMs, completionTokens }, usual) {
      if (decodeMs === null || decodeMs < slowMs || completionTokens === null) return null
      const normal = usual.completionTokensMean
      if (normal === null ? completionTokens < 1000 : completionTokens < normal * 1.5) return null
      const ms = normal === null ? decodeMs : decodeMs * (1 - normal / completionTokens)
      const text = `The answer was long: ${formatCount(completionTokens)} tokens took ${formatDuration(decodeMs)}`
      return { ms, text: withFigure(text, 'usually', normal, tokensInWords) }
    },
  },
  {
    cause: 'gateway',
    explain({ overheadMs }) {
      if (overheadMs === null || overheadMs < slowMs) return null
      const text = `The gateway itself took ${formatDuration(overheadMs)}: it was busy, or the request was slow to arrive.`
      return { ms: overheadMs, text }
    },
  },
]

/** What passed before the first token and is neither loading nor reading the prompt. */
function waitBeforeServer(record: UsageRecord): number | null {
  if (record.timeToFirstTokenMs === null) return record.queueMs
  return record.timeToFirstTokenMs - (record.loadMs ?? 0) - (record.prefillMs ?? 0)
}

/** A slow reader also shows as waiting: then the time lies behind the first token. */
function decodesSlowly(record: UsageRecord): boolean {
  const held = heldBackMs(record)
  return held !== null && record.queueMs !== null && held > record.queueMs / 2
}

/** How much longer the answer took to leave than the server says that it took to make. */
function heldBackMs({ totalMs, timeToFirstTokenMs, decodeMs, stream }: UsageRecord): number | null {
  if (stream !== true || timeToFirstTokenMs === null || decodeMs === null) return null
  return totalMs - timeToFirstTokenMs - decodeMs
}

function lostToSpeedMs(decodeMs: number, tokensPerSecond: number, normal: number): number {
  return decodeMs * (1 - tokensPerSecond / normal)
}

function withUsual(text: string, totalMsP50: number | null): string {
  return withFigure(text, 'usually', totalMsP50, formatDuration)
}

function withUsualStart(text: string, usual: UsualFigures): string {
  return withFigure(
    text,
    'the first token usually comes after',
    usual.timeToFirstTokenMsP50,
    formatDuration,
  )
}

function withSpeed(text: string, normal: number): string {
  return withFigure(text, 'usually', normal, formatSpeed)
}

function withFigure(
  text: string,
  words: string,
  figure: number | null,
  format: (figure: number) => string,
): string {
  return figure === null ? `${text}.` : `${text}; ${words} ${format(figure)}.`
}

function tokensInWords(tokens: number): string {
  return `${formatCount(Math.round(tokens))} tokens`
}

import path from 'node:path'
import pino, { type Level, type Logger } from 'pino'
import { renderIsoTime } from './iso-time'
import { maskSecretFields, maskSecrets } from './mask-secrets'
import { processState } from './process-state'
import { openSyslog } from './syslog'

/** The one log: `log.info({ model }, 'message')`. No secret and no prompt belongs into a line. */
export const log: Logger = logState().logger

export type LogLevel = Level
export type LogOptions = {
  level: LogLevel
  /** `auto`: pretty when standard output is a terminal. */
  format: 'auto' | 'json' | 'pretty'
  /** `stdout`, `file:PATH`, `syslog+udp://HOST:PORT`, `syslog+tcp://HOST:PORT`. */
  destination: string
}

/** Where lines go. `flushSync` writes what is held, at the end of the process. */
type LogSink = { write(line: string): void; flushSync(): void; end(): Promise<void> }
type LogState = { logger: Logger; sink: LogSink; atExit: boolean }

const fileBytesMax = '100m'
const filesKept = 10
const heldBytesMax = 16 * 1024 * 1024

/** Until a process starts its log, warnings go to standard error: tests and commands are quiet. */
export async function startLog(options: LogOptions): Promise<void> {
  const state = logState()
  const before = state.sink
  state.sink = await openSink(options)
  state.logger.level = options.level
  if (!state.atExit) process.once('exit', () => state.sink.flushSync())
  state.atExit = true
  await before.end()
}

/**
 * `log.info(fields, message)` without pino's way through the fields, for the line that every
 * request writes: the caller gives plain values only, and none under a secret's name.
 */
export function logPlainly(
  fields: Record<string, string | number | undefined>,
  message: string,
): void {
  const { logger, sink } = logState()
  if (!logger.isLevelEnabled('info')) return
  const text = JSON.stringify(fields)
  const time = renderIsoTime(Date.now())
  sink.write(
    maskSecrets(
      `{"level":"info","time":"${time}",${text.slice(1, -1)},"msg":${JSON.stringify(message)}}\n`,
    ),
  )
}

/** Changes what is logged, at once. */
export function setLogLevel(level: LogLevel): void {
  logState().logger.level = level
}

/** Writes what is held and closes the destination; later lines go to standard error. */
export async function endLog(): Promise<void> {
  const state = logState()
  const before = state.sink
  state.sink = stderrSink()
  await before.end()
}

/** A line for a person, on standard output: answers of commands, the first start's text. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** A line for a person, on standard error: why a command or a start failed. */
export function printProblem(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Whether a person reads standard output. */
export function isTerminal(): boolean {
  return process.stdout.isTTY === true
}

function logState(): LogState {
  return processState('log', () => {
    const state: LogState = { logger: pino({ enabled: false }), sink: stderrSink(), atExit: false }
    state.logger = pino(
      {
        level: 'warn',
        base: undefined,
        timestamp: () => `,"time":"${renderIsoTime(Date.now())}"`,
        formatters: {
          level: (label) => ({ level: label }),
          log: maskSecretFields,
        },
        serializers: { err: describeError },
        hooks: { streamWrite: maskSecrets },
      },
      { write: (line) => state.sink.write(line) },
    )
    return state
  })
}

async function openSink(options: LogOptions): Promise<LogSink> {
  const { destination } = options
  if (destination.startsWith('file:')) return openFileSink(destination.slice('file:'.length))
  if (destination.startsWith('syslog+')) return openSyslog(destination)
  const pretty = options.format === 'pretty' || (options.format === 'auto' && isTerminal())
  return pretty ? prettySink() : openStdoutSink()
}

// One write(2) for many lines: at 10,000 requests a second a write each would cost more than the
// rest of the log. Held for 100 ms at most, and at exit nothing is.
const buffering = { sync: false, minLength: 4096, periodicFlush: 100, maxLength: heldBytesMax }

function openStdoutSink(): LogSink {
  return boomSink(pino.destination({ dest: 1, ...buffering }))
}

async function openFileSink(file: string): Promise<LogSink> {
  // Loaded for who asks for it: with what it brings it took 0.4 s of every command and start.
  const { default: pinoRoll } = await import('pino-roll')
  const boom = await pinoRoll({
    file: path.resolve(file),
    size: fileBytesMax,
    limit: { count: filesKept - 1, removeOtherLogFiles: true },
    mkdir: true,
    ...buffering,
  })
  return boomSink(boom)
}

type Boom = ReturnType<typeof pino.destination>

function boomSink(boom: Boom): LogSink {
  let dropped = 0
  boom.on('drop', () => dropped++)
  boom.on('error', (error: Error) => printProblem(`The log cannot be written: ${error.message}`))
  boom.on('drain', () => {
    if (dropped > 0) printProblem(`${dropped} log lines were dropped: the reader was too slow.`)
    dropped = 0
  })
  return {
    write: (line) => boom.write(line),
    flushSync: () => boom.flushSync(),
    end: () => new Promise((resolve) => boom.once('close', () => resolve()).end()),
  }
}

async function prettySink(): Promise<LogSink> {
  const { default: pinoPretty } = await import('pino-pretty')
  const stream = pinoPretty({
    colorize: isTerminal(),
    destination: 1,
    sync: true,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
  })
  return {
    write: (line) => stream.write(line),
    flushSync: () => {},
    end: () => new Promise((resolve) => stream.end(() => resolve())),
  }
}

function stderrSink(): LogSink {
  return {
    write: (line) => process.stderr.write(line),
    flushSync: () => {},
    end: () => Promise.resolve(),
  }
}

type ErrorDescription = {
  type: string
  message: string
  code?: unknown
  stack?: string | undefined
  cause?: ErrorDescription | undefined
}

/** An error's own words and its causes, four deep; not what libraries hang on it (headers). */
function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && { code: error.code }),
    ...(depth === 0 && { stack: error.stack }),
    ...(error.cause !== undefined && depth < 4 && { cause: describeError(error.cause, depth + 1) }),
  }
}

import path from 'node:path'
import pino, { type Level, type Logger } from 'pino'
import { renderIsoTime } from './iso-time'
import { maskSecretFields, maskSecrets } from './mask-secrets'
import { processState } from './process-state'
import { openSyslog } from './syslog'

let knownState: LogState | undefined

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
type LogState = { logger: Logger; sink: LogSink; atExit: boolean; later: PlainLine[] }
type PlainLine = {
  atMs: number
  fields: Record<string, string | number | undefined>
  message: string
}

const fileBytesMax = '100m'
const filesKept = 10
const heldBytesMax = 16 * 1024 * 1024
const heldMs = 100
const handedOverChars = 65_536

/** Until a process starts its log, warnings go to standard error: tests and commands are quiet. */
export async function startLog(options: LogOptions): Promise<void> {
  const state = logState()
  const before = state.sink
  state.sink = await openSink(options)
  state.logger.level = options.level
  if (!state.atExit) process.once('exit', flushAtExit)
  state.atExit = true
  await before.end()
}

/**
 * `log.info(fields, message)` without pino's way through the fields, for the line that every
 * request writes: the caller gives plain values only, and none under a secret's name. The line is
 * made when the answer is on its way.
 */
export function logPlainly(fields: PlainLine['fields'], message: string): void {
  const { logger, later } = logState()
  if (!logger.isLevelEnabled('info')) return
  later.push({ atMs: Date.now(), fields, message })
  if (later.length === 1) setImmediate(writePlainLines)
}

function writePlainLines(): void {
  const { sink, later } = logState()
  for (const { atMs, fields, message } of later.splice(0)) {
    const text = JSON.stringify(fields).slice(1, -1)
    sink.write(
      maskSecrets(
        `{"level":"info","time":"${renderIsoTime(atMs)}",${text},"msg":${JSON.stringify(message)}}\n`,
      ),
    )
  }
}

function flushAtExit(): void {
  writePlainLines()
  logState().sink.flushSync()
}

/** Changes what is logged, at once. */
export function setLogLevel(level: LogLevel): void {
  logState().logger.level = level
}

/** Writes what is held and closes the destination; later lines go to standard error. */
export async function endLog(): Promise<void> {
  writePlainLines()
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
  knownState ??= processState('log', () => {
    const state: LogState = {
      logger: pino({ enabled: false }),
      sink: stderrSink(),
      atExit: false,
      later: [],
    }
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
      {
        write(line) {
          // What waits was said before it.
          writePlainLines()
          state.sink.write(line)
        },
      },
    )
    return state
  })
  return knownState
}

async function openSink(options: LogOptions): Promise<LogSink> {
  const { destination } = options
  if (destination.startsWith('file:')) return openFileSink(destination.slice('file:'.length))
  if (destination.startsWith('syslog+')) return openSyslog(destination)
  const pretty = options.format === 'pretty' || (options.format === 'auto' && isTerminal())
  return pretty ? prettySink() : openStdoutSink()
}

function openStdoutSink(): LogSink {
  return boomSink(pino.destination({ dest: 1, ...unbuffered }))
}

async function openFileSink(file: string): Promise<LogSink> {
  // Loaded for who asks for it: with what it brings it took 0.4 s of every command and start.
  const { default: pinoRoll } = await import('pino-roll')
  const boom = await pinoRoll({
    file: path.resolve(file),
    size: fileBytesMax,
    limit: { count: filesKept - 1, removeOtherLogFiles: true },
    mkdir: true,
    ...unbuffered,
  })
  return boomSink(boom)
}

/** Lines are held here: sonic-boom copies all that it holds again for each line that it is given. */
const unbuffered = { sync: false, maxLength: heldBytesMax }

type Boom = ReturnType<typeof pino.destination>

/**
 * One write(2) for many lines, which are held for 100 ms at most: waking the thread that writes
 * costs more than all else of a line.
 */
function boomSink(boom: Boom): LogSink {
  let held = ''
  let timer: NodeJS.Timeout | undefined
  let dropped = 0
  boom.on('drop', (lines: string) => {
    dropped += lines.split('\n').length - 1
  })
  boom.on('error', (error: Error) => printProblem(`The log cannot be written: ${error.message}`))
  boom.on('drain', () => {
    if (dropped > 0) printProblem(`${dropped} log lines were dropped: the reader was too slow.`)
    dropped = 0
  })
  const handOver = () => {
    clearTimeout(timer)
    timer = undefined
    if (held !== '') boom.write(held)
    held = ''
  }
  return {
    write(line) {
      held += line
      if (held.length >= handedOverChars) handOver()
      else timer ??= setTimeout(handOver, heldMs).unref()
    },
    flushSync() {
      handOver()
      boom.flushSync()
    },
    end() {
      handOver()
      return new Promise((resolve) => boom.once('close', () => resolve()).end())
    },
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

import type { AdminContext } from '@/lib/admin/actor'
import type { Printer } from './print'

export type Tools = {
  context: AdminContext
  printer: Printer
  /** Ends when the person presses Ctrl-C. */
  signal: AbortSignal
}
/** Makes a commander action of some work with the database open; a number is the exit code. */
export type Run = <Args extends unknown[]>(
  work: (tools: Tools, ...args: Args) => Promise<number> | Promise<void>,
) => (...args: Args) => Promise<void>

/** Opens what a command works on; `close` ends it. */
export type Open = () => Promise<AdminContext & { close(): Promise<void> }>

export function createRun(options: {
  printer: Printer
  open: Open
  setExitCode: (code: number) => void
}): Run {
  const { printer, open, setExitCode } = options
  return (work) =>
    async (...args) => {
      const context = await open()
      const stopping = new AbortController()
      const stop = () => stopping.abort()
      process.once('SIGINT', stop)
      try {
        const code = await work({ context, printer, signal: stopping.signal }, ...args)
        if (typeof code === 'number') setExitCode(code)
      } finally {
        process.removeListener('SIGINT', stop)
        await context.close()
      }
    }
}

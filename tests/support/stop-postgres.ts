import { readFileSync } from 'node:fs'
import path from 'node:path'

/** Where the server of a run is written down: its process, port and password. */
export const startedFile = 'postgres.json'

/** Ends the server of this run, if one was started. */
export function stopPostgres(runFolder: string): void {
  try {
    const { pid } = JSON.parse(readFileSync(path.join(runFolder, startedFile), 'utf8'))
    if (typeof pid === 'number' && pid > 1) process.kill(pid, 'SIGQUIT')
  } catch {
    // None was started, or it is gone already.
  }
}

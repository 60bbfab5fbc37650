import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { StartError } from '@/lib/core/start-error'

/** The server is a program of its own beside this one in `dist/`. */
export function startCommand(): Command {
  return new Command('start').description('start the gateway').action(async () => {
    const program = new URL('./server.mjs', import.meta.url)
    if (!existsSync(program)) throw new StartError('Corral is not built yet. Run "npm start".')
    await import(program.href)
  })
}

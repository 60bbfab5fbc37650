import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command } from 'commander'
import { backUpDatabase } from '@/lib/admin/system'
import { readProcessEnv } from '@/lib/core/env'
import { StartError } from '@/lib/core/start-error'
import type { Run } from './run-command'

export function backupCommand(run: Run): Command {
  return new Command('backup')
    .description('a consistent copy of the SQLite database, while Corral runs')
    .argument('<file>', 'a file that is not there yet')
    .action(
      run(async ({ context, printer, signal }, file: string) => {
        // The command works in Corral's folder; npm and our script say where it was given.
        const target = path.resolve(readProcessEnv().INIT_CWD ?? '', file)
        const backup = await backUpDatabase(context, { folder: path.dirname(target) })
        try {
          const out = createWriteStream(target, { flags: 'wx', mode: 0o600 })
          await pipeline(Readable.from(backup.read()), out, { signal })
        } catch (error) {
          backup.remove()
          if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
            throw new StartError(`${target} is there already; name another file.`)
          }
          throw error
        }
        const { sizeBytes } = backup
        printer.show({ file: target, sizeBytes }, () =>
          printer.line(`The database was copied to ${target}: ${sizeBytes} bytes.`),
        )
      }),
    )
}
